import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { packedInto } from './tarball';

/*
 * A newcomer follows the README: from an empty folder to a synthesized app from a Dockerfile. The commands and the app are those of the page; only the
 * package is the one of this repository.
 */
const run = promisify(execFile);

const PNPM = 'pnpm@12.21.0';
const FIVE_MINUTES = 5 * 60_000;
const MAX_BUFFER = 64 * 1024 * 1024;

let directory: string;
let tarball: string;
let section: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-newcomer-'));
  tarball = await packedInto(directory);
  const readme = await readFile(join(__dirname, '..', '..', 'README.md'), 'utf8');
  [, section] = /^## Start from an empty folder\n(.*?)^## /ms.exec(readme)!;
}, 10 * 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The blocks of the section in this language. */
const blocks = (language: string) => [...section.matchAll(new RegExp(`^\`\`\`${language}[^\n]*\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code);

/** A comment says what is different with pnpm: an option, or the whole command. */
const withPnpm = (line: string) => line.replace(/^(.*?) *# pnpm: (.*)$/, '$1 $2').replace(/^.*# (pnpm .*)$/, '$1');

test.each<[string, (line: string) => string]>([
  ['npm', (line) => line],
  ['pnpm', withPnpm],
])('with %s, an empty folder becomes a synthesized app in five minutes', async (manager, lineFor) => {
  const folder = join(directory, manager);
  const tools = join(folder, 'tools');
  await mkdir(tools, { recursive: true });
  await run('npm', ['install', '--global', '--prefix', tools, '--no-audit', '--no-fund', PNPM], { maxBuffer: MAX_BUFFER });
  // npm hands its folder and its options on to what it runs, such as these tests.
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$|NODE_)/.test(name)));
  const env = { ...own, PATH: `${join(tools, 'bin')}${delimiter}${process.env.PATH}`, CDK_DISABLE_CLI_TELEMETRY: 'true', HOME: folder };
  const [start] = blocks('sh');
  const [app] = blocks('ts');
  const commands = start.split('\n').map(lineFor).join('\n').replaceAll(/(install|add) cdk-lightsail-containers/g, `$1 ${tarball}`);
  const shell = (text: string, cwd: string) => run('bash', ['-c', text], { cwd, env, maxBuffer: MAX_BUFFER });

  const began = Date.now();
  // pnpm exits with 1 after it has installed everything, if a package has a script that nobody allowed; the README says so.
  const output = await shell(commands, folder);
  const project = join(folder, 'hello');
  await writeFile(join(project, 'bin', 'hello.ts'), app).catch((error: unknown) => {
    throw new Error(`The commands made no app: ${output.stdout}${output.stderr}`, { cause: error });
  });
  await shell('npx cdk synth --quiet', project);

  expect(Date.now() - began).toBeLessThan(FIVE_MINUTES);
  const template = JSON.parse(await readFile(join(project, 'cdk.out', 'Hello.template.json'), 'utf8')) as { Resources: Record<string, { Type: string }> };
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  expect(types).toEqual(expect.arrayContaining(['AWS::Lightsail::Container', 'Custom::LightsailContainerImage', 'Custom::LightsailContainerServiceDeployment']));
}, 10 * 60_000);

test('the two ways differ', () => {
  const [start] = blocks('sh');
  expect(start.split('\n').map(withPnpm).filter((line) => line.includes('pnpm'))).toEqual([
    'npx aws-cdk@2 init app --language typescript --package-manager pnpm', 'pnpm add cdk-lightsail-containers',
  ]);
});
