import {
  parseDeleteRequest, parseImageProgress, parseImageRequest, renderImageProgress, type ImageProgress,
} from '../../../lambda/image-copy/image-request';

const PROPERTIES = { ServiceName: 'web', Label: 'app', Source: 'docker.io/library/nginx:1.27', KeepVersions: '3', Timeout: '1800' };
const event = (changes: object = {}, RequestType = 'Create') => ({
  RequestType, RequestId: 'r-1', StackId: 'stack-1', LogicalResourceId: 'Image', ResourceProperties: { ...PROPERTIES, ...changes },
});

test('a create is read from strings', () => {
  expect(parseImageRequest(event())).toEqual({
    requestId: 'r-1',
    stackId: 'stack-1',
    logicalResourceId: 'Image',
    serviceName: 'web',
    label: 'app',
    timeoutSeconds: 1800,
    keepVersions: 3,
    source: 'docker.io/library/nginx:1.27',
    reference: { registry: 'docker.io', repository: 'library/nginx', tag: '1.27' },
    credentials: undefined,
    isUpdate: false,
  });
  expect(parseImageRequest(event({}, 'Update')).isUpdate).toBe(true);
});

test.each([
  [{ Username: 'u', Secret: { SecretsManager: { SecretId: 's', Field: 'f' } } }, { username: 'u', secret: { secretId: 's', field: 'f', versionId: undefined, versionStage: undefined } }],
  [{ Secret: { SsmParameter: { Name: '/p', Version: '2' } } }, { username: undefined, secret: { parameterName: '/p', parameterVersion: '2' } }],
])('credentials are references: %j', (Credentials, expected) => {
  expect(parseImageRequest(event({ Credentials })).credentials).toEqual(expected);
});

test.each([
  [{ Label: undefined }, 'Label must be a string, but it is missing'],
  [{ Label: 'a\nb' }, 'Label must be a name without line breaks'],
  [{ ServiceName: 7 }, 'ServiceName must be a string'],
  [{ Source: undefined }, 'Source must be a string'],
  [{ Source: 'nginx\u2028:1' }, 'Source must be a name without line breaks'],
  [{ Source: 'Not A Reference' }, 'Nothing was copied: "Not A Reference" is not an image reference: '],
  [{ KeepVersions: '0' }, 'KeepVersions must be a whole number of at least 1'],
  [{ KeepVersions: '1.5' }, 'KeepVersions must be a whole number'],
  [{ KeepVersions: undefined }, 'KeepVersions must be a whole number'],
  [{ Timeout: 'long' }, 'Timeout must be a whole number'],
  [{ Credentials: 'me:secret' }, 'Credentials must be a map, but it is of type string'],
  [{ Credentials: { Username: 'u' } }, 'Credentials.Secret must be a map, but it is missing'],
  [{ Credentials: { Username: 1, Secret: { SsmParameter: { Name: 'p' } } } }, 'Credentials.Username must be a string'],
])('properties that are none fail: %j', (changes, message) => {
  expect(() => parseImageRequest(event(changes))).toThrow(message);
});

test('a request of another kind fails', () => {
  expect(() => parseImageRequest(event({}, 'Read'))).toThrow("RequestType must be 'Create', 'Update' or 'Delete'");
});

test('a timeout is an hour at most', () => {
  expect(parseImageRequest(event({ Timeout: '7200' })).timeoutSeconds).toBe(3600);
});

test('a delete needs the service and the label only, and has nothing to do without them', () => {
  expect(parseDeleteRequest(event({ Source: undefined, KeepVersions: undefined }))).toMatchObject({ serviceName: 'web', label: 'app' });
  expect(parseDeleteRequest(event({ Label: undefined }))).toBeUndefined();
  expect(parseDeleteRequest({ RequestType: 'Delete' })).toBeUndefined();
});

test.each<ImageProgress>([
  { startedAt: 5 },
  { startedAt: 5, wanted: { digest: 'sha256:a', digestNamingItsType: 'sha256:b' } },
  { startedAt: 5, wanted: { restoredImage: ':web.app.1' } },
])('progress survives an event: %j', (progress) => {
  const carried = JSON.parse(JSON.stringify({ ...event(), ...renderImageProgress(progress) }));
  expect(parseImageProgress(carried)).toEqual(progress);
});
