import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { APPS, EVERYTHING, synthesize, titleOf } from '../../apps/apps';
import { ensureVenv } from '../python-venv';

const run = promisify(execFile);

/** The first run also installs cfn-lint. */
const TIMEOUT = 10 * 60_000;

const CONFIGURATION = join(__dirname, 'cfnlintrc.yaml');

/** Far apart: cfn-lint knows what each Region of AWS has. */
const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];

interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly path: string;
}

let cfnLint: string;
let directory: string;
beforeAll(async () => {
  const { python } = await ensureVenv('cfn-lint', join(__dirname, 'requirements.txt'));
  cfnLint = join(dirname(python), 'cfn-lint');
}, TIMEOUT);
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-cfn-lint-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** The templates of an app, of all its stacks and of those nested in them. */
async function templatesOf(app: string): Promise<string[]> {
  await synthesize(app, { outdir: directory });
  return (await readdir(directory)).filter((file) => file.endsWith('.template.json')).map((file) => join(directory, file));
}

async function lint(templates: readonly string[], options: readonly string[] = ['--config-file', CONFIGURATION, '--regions', ...REGIONS]): Promise<Finding[]> {
  // The exit code is not 0 if there are findings: then they are in the output.
  const { stdout, stderr } = await run(cfnLint, [...options, '--format', 'json', '--', ...templates], { cwd: directory, maxBuffer: 64 * 1024 * 1024 })
    .catch((error: { stdout: string; stderr: string }) => error);
  if (!stdout?.trim().startsWith('[')) throw new Error(`cfn-lint cannot be run.\n${stderr}`);

  const findings = JSON.parse(stdout) as Array<{ Rule: { Id: string }; Message: string; Location: { Path: string[] } }>;
  return findings.map(({ Rule, Message, Location }) => ({ rule: Rule.Id, message: Message, path: Location.Path.join('/') }));
}

test.each(APPS.map((app) => [titleOf(app), app]))('cfn-lint passes %s', async (_, app) => {
  const templates = await templatesOf(app);

  expect(templates).not.toEqual([]);
  expect(await lint(templates)).toEqual([]);
}, TIMEOUT);

test('cfn-lint ignores only dependencies of functions and state machines on roles, and of deployments on repositories', async () => {
  const findings = await lint(await templatesOf(EVERYTHING), []);

  expect(findings).not.toEqual([]);
  for (const { rule, message, path } of findings) {
    expect({ rule, path }).toEqual({ rule: 'W3005', path: expect.stringMatching(/^Resources\/\w+\/DependsOn\/\d+$/) });
    expect(message).toMatch(new RegExp("Role[0-9A-F]{8}' dependency already enforced by a 'GetAtt' at 'Resources/\\w+/Properties/Role(?:Arn)?'$"
      + "|'Repository[0-9A-F]{8}' dependency already enforced by a '(?:Ref|GetAtt)' at 'Resources/\\w+/Properties/(?:Containers|EcrImages)/"));
  }
}, TIMEOUT);

test.each<[string, string, (resource: any) => void, string]>([
  ['the service', 'AWS::Lightsail::Container', ({ Properties }) => { Properties.Scale = 21; }, 'Properties/Scale'],
  ['the deployment', 'Custom::LightsailContainerServiceDeployment', ({ Properties }) => { delete Properties.ServiceToken; }, 'Properties'],
  ['the handler', 'AWS::Lambda::Function', ({ Properties }) => { Properties.Timeout = 901; }, 'Properties/Timeout'],
])('cfn-lint fails an app with an error in %s', async (_, type, spoil, place) => {
  await templatesOf(EVERYTHING);
  const file = join(directory, 'Everything.template.json');
  const template = JSON.parse(await readFile(file, 'utf8')) as { Resources: Record<string, { Type: string }> };
  const [id, resource] = Object.entries(template.Resources).find(([, { Type }]) => Type === type)!;
  spoil(resource);
  await writeFile(file, JSON.stringify(template));

  expect((await lint([file])).map(({ path }) => path)).toContain(`Resources/${id}/${place}`);
}, TIMEOUT);
