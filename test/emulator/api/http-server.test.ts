import { Fixture, useFixture } from '../fixture';

const fixture = useFixture();

const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=AKID/20250101/us-east-1/lightsail/aws4_request, SignedHeaders=host, Signature=00';

async function post(operation: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${fixture.emulator.url}/`, {
    method: 'POST',
    body,
    headers: {
      'X-Amz-Target': `Lightsail_20161128.${operation}`,
      'Content-Type': 'application/x-amz-json-1.1',
      'Authorization': AUTHORIZATION,
      ...headers,
    },
  });
}

test('the server answers in AWS JSON 1.1', async () => {
  fixture.emulator.createService({ serviceName: 'web' });
  const response = await post('GetContainerServices', '{}');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const { containerServices } = await response.json() as { containerServices: Array<Record<string, unknown>> };
  expect(containerServices[0].createdAt).toBe(1735689600);
});

test('each request gets its own id', async () => {
  const [first, second] = [await post('GetContainerServices', '{}'), await post('GetContainerServices', '{}')];
  expect(first.headers.get('x-amzn-requestid')).not.toBe(second.headers.get('x-amzn-requestid'));
  expect(fixture.emulator.requests.map(({ requestId }) => requestId)).toEqual([
    first.headers.get('x-amzn-requestid'), second.headers.get('x-amzn-requestid'),
  ]);
});

test('an empty body counts as an empty object, and unknown members are ignored', async () => {
  expect((await post('GetContainerServices', '')).status).toBe(200);
  expect((await post('GetContainerServices', '{"unknown": [1]}')).status).toBe(200);
});

test('null counts as absent', async () => {
  expect((await post('GetContainerServices', '{"serviceName": null}')).status).toBe(200);
});

test('an error has the bare name of the exception, with code, docs and message', async () => {
  const response = await post('GetContainerServices', '{"serviceName": "nobody"}');
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    __type: 'NotFoundException',
    code: 'NotFound',
    docs: expect.stringContaining('https://docs.aws.amazon.com/lightsail/'),
    message: 'The container service "nobody" does not exist.',
  });
});

test.each([
  ['an unknown operation', 'GetInstances', '{}', {}, 400, 'UnknownOperationException'],
  ['a name that is on every object', 'constructor', '{}', {}, 400, 'UnknownOperationException'],
  ['another content type', 'GetContainerServices', '{}', { 'Content-Type': 'application/json' }, 400, 'UnknownOperationException'],
  ['another target', 'GetContainerServices', '{}', { 'X-Amz-Target': 'Other_20161128.GetContainerServices' }, 400, 'UnknownOperationException'],
  ['no signature', 'GetContainerServices', '{}', { Authorization: '' }, 401, 'UnauthenticatedException'],
  ["another service's signature", 'GetContainerServices', '{}', { Authorization: AUTHORIZATION.replace('lightsail', 's3') }, 401, 'UnauthenticatedException'],
  ['no JSON', 'GetContainerServices', '{', {}, 400, 'SerializationException'],
  ['JSON that is no object', 'GetContainerServices', '[]', {}, 400, 'SerializationException'],
  ['a member of the wrong type', 'GetContainerServices', '{"serviceName": 1}', {}, 400, 'SerializationException'],
])('a request fails with %s', async (_, operation, body, headers, status, name) => {
  const response = await post(operation, body, headers as unknown as Record<string, string>);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ __type: name });
});

test('a request with another method or path fails', async () => {
  expect((await fetch(fixture.emulator.url)).status).toBe(400);
  expect((await fetch(`${fixture.emulator.url}/other`, { method: 'POST', body: '{}' })).status).toBe(400);
});

test('every client error has status 400 where that is configured', async () => {
  const other = await Fixture.start({ clientErrorStatus: 'always-400', missingServiceError: 'InvalidInputException' });
  try {
    await expect(other.service('nobody')).rejects.toMatchObject({ name: 'InvalidInputException', $metadata: { httpStatusCode: 400 } });
    other.emulator.faults.add({ operation: '*', fault: { kind: 'access-denied' } });
    await expect(other.service('nobody')).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
  } finally {
    await other.stop();
  }
});

test('the server can be stopped twice, and frees its port', async () => {
  const { url } = fixture.emulator;
  await fixture.stop();
  await fixture.emulator.stop();
  await expect(fetch(url)).rejects.toThrow();
});
