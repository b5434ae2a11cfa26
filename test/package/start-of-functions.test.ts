import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const ASSETS = join(__dirname, '..', '..', 'assets');
const MOST_BYTES = 700_000;
const BUNDLES = ['deployment-handler', 'image-handler'] as const;

/** What a client of the SDK is called in the bundles, which keep the names of classes. */
const CLIENT_OF = { lightsail: '"LightsailClient"', ecr: '"ECRClient"', cloudFormation: '"CloudFormationClient"', secretsManager: '"SecretsManagerClient"', ssm: '"SSMClient"' };
type Client = keyof typeof CLIENT_OF;

const codeIn = (folder: string) => readdirSync(folder).filter((file) => file.endsWith('.js')).map((file) => join(folder, file));
const clientsIn = (files: readonly string[]) => {
  const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  return (Object.keys(CLIENT_OF) as Client[]).filter((client) => code.includes(CLIENT_OF[client]));
};

/** The files of the bundle that a new process has loaded after it loaded the handler, and did this with it. */
function loaded(name: string, then = ''): string[] {
  const script = `
    const handler = require(${JSON.stringify(join(ASSETS, name, 'index.js'))});
    const nowhere = { region: 'us-east-1', endpoint: 'http://127.0.0.1:9', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    (async () => { ${then} })().then(() => console.log(JSON.stringify(Object.keys(require.cache))));`;
  const files: string[] = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env: { AWS_REGION: 'us-east-1' }, stdio: ['ignore', 'pipe', 'ignore'] }));
  return files.filter((file) => file.startsWith(join(ASSETS, name)));
}

describe.each(BUNDLES)('%s', (name) => {
  test('is small', () => {
    const bytes = codeIn(join(ASSETS, name)).reduce((sum, file) => sum + statSync(file).size, 0);

    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  test('has the clients of five services, and starts with that of Lightsail alone', () => {
    expect(clientsIn(codeIn(join(ASSETS, name)))).toEqual(['lightsail', 'ecr', 'cloudFormation', 'secretsManager', 'ssm']);
    expect(clientsIn(loaded(name))).toEqual(['lightsail']);
  });

  test('starts with no provider of credentials that Lambda does not have', () => {
    expect(loaded(name).map((file) => basename(file)).filter((file) => /^(?:sso|sts|signin|loadSso)/.test(file))).toEqual([]);
  });
});

test.each<[string, string, string, Client[]]>([
  ['deployment-handler', 'a question to ECR', 'sdkEcr(nowhere).hasImage({ registryId: "1", repositoryName: "r", imageId: { imageTag: "1" } })', ['ecr']],
  ['deployment-handler', 'a question to CloudFormation', 'sdkCloudFormation(nowhere).isRollingBack("stack")', ['cloudFormation']],
  ['deployment-handler', 'a secret', 'sdkSecrets(nowhere).getParameter("name")', ['secretsManager', 'ssm']],
  ['image-handler', 'a login', 'sdkEcrLogin(nowhere).logIn("us-east-1")', ['ecr']],
  ['image-handler', 'a question to CloudFormation', 'sdkCloudFormation(nowhere).isRollingBack("stack")', ['cloudFormation']],
  ['image-handler', 'a secret', 'sdkSecrets(nowhere).getSecretText({ secretId: "id" })', ['secretsManager', 'ssm']],
])('%s loads with %s what that needs', (name, _, call, clients) => {
  const failure = `const error = await handler.${call}.catch((thrown) => thrown); if (error.kind !== 'transient') throw error;`;

  expect(clientsIn(loaded(name, failure))).toEqual(['lightsail', ...clients]);
});
