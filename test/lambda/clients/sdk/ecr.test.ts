import type { ECRClientConfig } from '@aws-sdk/client-ecr';
import { EcrRegistry, type DescribeImages } from '../ecr-registry';
import { failure, JsonServer, type JsonAnswer } from './json-server';
import type { EcrImage } from '../../../../lambda/clients/ecr';
import { sdkEcr } from '../../../../lambda/clients/sdk/ecr';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('holds', () => {
  let server: JsonServer;
  /** What is answered instead of what the registry holds; nothing at all if `none`. */
  let instead: JsonAnswer | 'none' | undefined;

  beforeEach(async () => {
    const registry = new EcrRegistry();
    registry.repositories.set('repo', ['1', DIGEST]);
    instead = undefined;
    server = await JsonServer.start(({ body }) => (instead === 'none' ? undefined : instead ?? registry.describeImages(body as DescribeImages)));
  });

  afterEach(() => server.stop());

  function holds(imageId: EcrImage['imageId'] = { imageTag: '1' }, repositoryName = 'repo', config: ECRClientConfig = {}) {
    const ecr = sdkEcr({ endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }, ...config });
    return ecr.hasImage({ registryId: '123456789012', repositoryName, imageId });
  }

  test.each<[EcrImage['imageId'], boolean]>([
    [{ imageTag: '1' }, true], [{ imageDigest: DIGEST }, true], [{ imageTag: '2' }, false], [{ imageDigest: DIGEST.replace('0', '1') }, false],
  ])('of %j: %s', async (imageId, expected) => {
    expect(await holds(imageId)).toBe(expected);
    expect(server.requests).toEqual([{
      target: 'AmazonEC2ContainerRegistry_V20150921.DescribeImages',
      body: { registryId: '123456789012', repositoryName: 'repo', imageIds: [imageId] },
    }]);
  });

  test('of a repository that does not exist: false', async () => {
    expect(await holds(undefined, 'other')).toBe(false);
  });

  test('of an empty answer: false', async () => {
    instead = { status: 200, body: '{"imageDetails":[]}' };

    expect(await holds()).toBe(false);
  });

  test.each([
    ['denied', failure(400, 'AccessDeniedException', 'User: x is not authorized to perform: ecr:DescribeImages')],
    ['throttled', failure(400, 'ThrottlingException', 'Rate exceeded')],
    ['refused', failure(400, 'InvalidParameterException', 'Invalid parameter')],
    ['transient', failure(500, 'ServerException', 'Something broke')],
    ['transient', { status: 200, body: '{}' }],
    ['transient', { status: 200, body: '{"imageDe' }],
  ])('fails as %s, and is asked once (%#)', async (kind, answer) => {
    instead = answer;

    await expect(holds()).rejects.toMatchObject({ name: 'CallFailure', kind, operation: 'DescribeImages', message: expect.stringMatching(/^DescribeImages failed: ./) });
    expect(server.requests).toHaveLength(1);
  });

  test('fails as transient if no answer comes', async () => {
    instead = 'none';

    await expect(holds(undefined, undefined, { requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } })).rejects.toMatchObject({ kind: 'transient' });
    expect(server.requests).toHaveLength(1);
  });
});
