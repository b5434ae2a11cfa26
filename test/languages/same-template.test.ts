import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Environment } from './command';
import { go } from './go';
import { java } from './java';
import type { Language } from './language';
import { pack } from './pack';
import { ROOT, TOOL_ENVIRONMENT } from './paths';
import { python } from './python';
import { synthesize } from './synthesis';

const EXAMPLES = join(ROOT, 'examples');
const LANGUAGES: readonly Language[] = [python, java, go];

/** Files that a manual run of an example leaves in its folder. */
const LEFTOVERS = ['.venv', '__pycache__', 'target', 'cdk.out', 'go.sum'];

/** The first run also fetches everything. */
const TIMEOUT = 15 * 60_000;

const IMAGE = 'public.ecr.aws/nginx/nginx:1.28';
const DOMAIN = 'hello.example.com';
const CALLS: readonly (readonly [title: string, args: readonly string[]])[] = [
  ['as it is', []],
  ['with an image of its own', ['-c', `image=${IMAGE}`]],
  ['with a domain of its own', ['-c', `domainName=${DOMAIN}`, '-c', 'hostedZoneId=Z0123456789']],
];

const expected = new Map<string, unknown>();
beforeAll(async () => {
  for (const [title, args] of CALLS) {
    expected.set(title, await synthesize(join(EXAMPLES, 'typescript'), TOOL_ENVIRONMENT, ...args));
  }
}, TIMEOUT);

describe('languages', () => {
  test.each([
    'typescript/app.ts', 'python/app.py', 'java/src/main/java/com/example/hello/HelloStack.java', 'go/hello_lightsail.go',
  ])('the app %s creates a ContainerService and deploys to it, without the constructs of CloudFormation', async (file) => {
    const source = await readFile(join(EXAMPLES, file), 'utf8');
    expect(source).toMatch(/ContainerService[^D]/);
    expect(source).toMatch(/add_?deployment\(/i);
    expect(source).not.toContain('CfnContainer');
  });

  test('the TypeScript app has a deployment with an image, and a domain', () => {
    const [asItIs, withImage, withDomain] = CALLS.map(([title]) => JSON.stringify(expected.get(title)));
    expect(asItIs).toContain('"Custom::LightsailContainerServiceDeployment"');
    expect(asItIs).not.toContain(IMAGE);
    expect(withImage).toContain(IMAGE);
    expect(asItIs).not.toContain('Certificate');
    expect(withDomain).toContain('"AWS::Lightsail::Certificate"');
    expect(withDomain).toContain(DOMAIN);
  });

  describe.each(LANGUAGES.map((language) => [language.name, language] as const))('%s', (_, language) => {
    let directory: string;
    let app: string;
    let env: Environment;
    beforeAll(async () => {
      await language.requireTools(TOOL_ENVIRONMENT);
      const artifacts = await pack(language.target);
      directory = await mkdtemp(join(tmpdir(), `cdk-lightsail-${language.target}-`));
      app = join(directory, 'app');
      await cp(join(EXAMPLES, language.target), app, { recursive: true, filter: (file) => !LEFTOVERS.includes(basename(file)) });
      env = await language.install({ app, artifacts, env: TOOL_ENVIRONMENT });
    }, TIMEOUT);
    afterAll(async () => {
      if (directory) {
        await rm(directory, { recursive: true, force: true });
      }
    });

    test.each(CALLS)('the app synthesizes the same template as TypeScript: %s', async (title, args) => {
      expect(await synthesize(app, env, ...args)).toEqual(expected.get(title));
    }, TIMEOUT);
  });

  /** There is no app in C#: nothing here compiles it. What jsii makes of the library has every class and every method. */
  test('the C# library has the same API as TypeScript', async () => {
    const folder = join(await pack('dotnet'), 'CdkLightsail.Containers', 'CdkLightsail', 'Containers');

    expect(await readdir(folder)).toEqual(expect.arrayContaining([
      'ContainerImage', 'ContainerProps', 'ContainerProtocol', 'ContainerSecret', 'ContainerService', 'ContainerServiceDeployment',
      'ContainerServiceDeploymentProps', 'ContainerServicePower', 'ContainerServiceProps', 'HealthCheck', 'IContainerDefinition', 'IContainerService', 'PublicEndpoint',
    ].map((name) => `${name}.cs`)));
    expect(await readFile(join(folder, 'ContainerServiceDeployment.cs'), 'utf8')).toMatch(/^namespace CdkLightsail\.Containers\s[^]*public virtual CdkLightsail\.Containers\.IContainerDefinition AddContainer\(string/m);
    expect(await readFile(join(folder, 'ContainerSecret.cs'), 'utf8')).toContain('ContainerSecret FromSecretsManager(Amazon.CDK.AWS.SecretsManager.ISecret');
  }, TIMEOUT);
});
