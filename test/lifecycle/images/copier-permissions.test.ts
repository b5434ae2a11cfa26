import { COPIER_ACTIONS, CREDENTIALS_ACTIONS, ECR_ACTIONS, ecrAction } from './copier-actions';
import { PASSWORD } from '../../lambda/image-copy/fake-registry';
import { webApp } from '../apps/apps';
import { imagesOnly, type ImageOptions } from '../apps/image-app';
import { ECR_SOURCE, ImageRegistries, SOURCE } from '../aws/image-registries';
import { CloudFormation } from '../cloudformation/cloudformation';

let registries: ImageRegistries;
let cloud: CloudFormation;

beforeEach(async () => {
  registries = await ImageRegistries.start();
  cloud = await CloudFormation.start({ registries });
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.sources.put('login', JSON.stringify({ username: 'user', password: PASSWORD }));
  cloud.sources.put('/login', JSON.stringify({ username: 'user', password: PASSWORD }));
  ['1', '2', '3'].forEach((tag) => registries.push(tag));
});

afterEach(async () => {
  await cloud.stop();
  await registries.stop();
});

const stackOf = (...images: ImageOptions[]) => imagesOnly(cloud.synthesize(webApp('nginx', { isImported: true })),
  Object.fromEntries(images.map((image, index) => [`Image${index}`, { ServiceName: 'web', KeepVersions: 1, ...image }])));

const SOURCE_ACTIONS: Record<string, string> = {
  GetSecretValue: 'secretsmanager:GetSecretValue', GetParameter: 'ssm:GetParameter', GetAuthorizationToken: 'ecr:GetAuthorizationToken',
};

test('the handler of images calls all that its role is to allow, and nothing else', async () => {
  const secret = { Secret: { SecretsManager: { SecretId: 'login' } } };
  const parameter = { Secret: { SsmParameter: { Name: '/login' } } };
  // Creates, updates that remove old versions, an update that is rolled back, and a delete.
  for (const tag of ['1', '2', '3']) {
    await cloud.deploy(stackOf(
      { Source: `${ECR_SOURCE}/team/app:${tag}`, Label: 'ecr' }, { Source: `${SOURCE}/team/app:${tag}`, Label: 'secret', Credentials: secret },
      { Source: `${SOURCE}/team/app:${tag}`, Label: 'parameter', Credentials: parameter },
    ));
  }
  const failed = await cloud.deploy(stackOf(
    { Source: `${ECR_SOURCE}/team/app:1`, Label: 'ecr' }, { Source: `${SOURCE}/team/app:missing`, Label: 'secret', Credentials: secret },
  ));
  const deleted = await cloud.delete(stackOf());

  expect([failed.status, deleted.status]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'DELETE_COMPLETE']);
  const called = [
    ...cloud.emulator.requests.filter(({ functionTag }) => functionTag !== undefined).map(({ operation }) => `lightsail:${operation}`),
    ...cloud.api.requests.map(({ operation }) => `cloudformation:${operation}`),
    ...cloud.sources.requests.map(({ operation }) => SOURCE_ACTIONS[operation]),
    ...registries.source.requests.map(ecrAction),
  ];
  const allowed = [...Object.values(COPIER_ACTIONS), CREDENTIALS_ACTIONS, ...Object.values(ECR_ACTIONS)].flat();
  expect([...new Set(called)].sort()).toEqual(allowed.sort());
});
