import { failure, JsonServer, result, type JsonAnswer } from './json-server';
import { sdkEcrLogin } from '../../../../lambda/clients/sdk/ecr-login';

let server: JsonServer;

beforeEach(async () => {
  server = await JsonServer.start();
});

afterEach(() => server.stop());

const logIn = () => sdkEcrLogin({ endpoint: server.url, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } }).logIn('eu-west-1');
const token = (text: string) => result({ authorizationData: [{ authorizationToken: Buffer.from(text).toString('base64') }] });

test.each([['AWS:pa55word', 'pa55word'], ['AWS:with:colons:', 'with:colons:']])('the token %j is a user name and a password', async (text, password) => {
  server.answer = token(text);

  expect(await logIn()).toEqual({ username: 'AWS', password });
  expect(server.requests).toEqual([{ target: 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken', body: {} }]);
});

test('the Region is the one that is given', async () => {
  const regions: unknown[] = [];
  await sdkEcrLogin({ region: 'us-east-1' }, ({ region }) => {
    regions.push(region);
    return { send: async () => JSON.parse(token('AWS:p').body) } as never;
  }).logIn('ap-south-2');

  expect(regions).toEqual(['ap-south-2']);
});

test.each<[string, JsonAnswer]>([
  ['transient', result({})],
  ['transient', result({ authorizationData: [] })],
  ['transient', token('no colon')],
  ['transient', failure(500, 'ServerException', 'An internal error occurred')],
  ['throttled', failure(400, 'ThrottlingException', 'Rate exceeded')],
  ['denied', failure(400, 'AccessDeniedException', 'User: x is not authorized to perform: ecr:GetAuthorizationToken')],
])('fails as %s, and is asked once (%#)', async (kind, answer) => {
  server.answer = answer;

  await expect(logIn()).rejects.toMatchObject({ name: 'CallFailure', kind, operation: 'GetAuthorizationToken' });
  expect(server.requests).toHaveLength(1);
});
