import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import type { SSMClientConfig } from '@aws-sdk/client-ssm';
import { failure, JsonServer, result } from './json-server';
import { sdkSecrets } from '../../../../lambda/clients/sdk/secrets';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf';
const VALUE = 'xyzzy-7f3a-K9';

let server: JsonServer;

beforeEach(async () => {
  server = await JsonServer.start();
});

afterEach(() => server.stop());

function client(config: SecretsManagerClientConfig & SSMClientConfig = {}) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return sdkSecrets({ endpoint: server.url, region: 'us-east-1', credentials, ...config });
}

type Client = ReturnType<typeof client>;

/** Each method with the operation that it calls. */
const CALLS: Array<[operation: string, call: (secrets: Client) => Promise<unknown>]> = [
  ['GetSecretValue', (secrets) => secrets.getSecretText({ secretId: SECRET })],
  ['GetParameter', (secrets) => secrets.getParameter('/app/key')],
];

describe('getSecretText', () => {
  test.each([
    ['the current version', {}, {}],
    ['a version by its id', { versionId: 'v-1' }, { VersionId: 'v-1' }],
    ['a version by its stage', { versionStage: 'AWSPREVIOUS' }, { VersionStage: 'AWSPREVIOUS' }],
  ])('is the text of %s', async (_, version, sent) => {
    server.answer = result({ ARN: SECRET, Name: 'db', VersionId: 'v-1', SecretString: VALUE, CreatedDate: 1.7e9 });

    expect(await client().getSecretText({ secretId: SECRET, ...version })).toBe(VALUE);
    expect(server.requests).toEqual([{
      target: 'secretsmanager.GetSecretValue',
      body: { SecretId: SECRET, ...sent },
    }]);
  });

  test.each(['', '{"password":"ä\\n"}', ' \n'])('is the text as it is: %j', async (text) => {
    server.answer = result({ SecretString: text });

    expect(await client().getSecretText({ secretId: SECRET })).toBe(text);
  });

  test('is nothing for a secret of bytes', async () => {
    server.answer = result({ ARN: SECRET, SecretBinary: Buffer.from(VALUE).toString('base64') });

    expect(await client().getSecretText({ secretId: SECRET })).toBeUndefined();
  });

  test('fails as transient for an answer without a value', async () => {
    server.answer = result({ ARN: SECRET });

    await expect(client().getSecretText({ secretId: SECRET })).rejects.toMatchObject({
      kind: 'transient', message: 'GetSecretValue failed: the response lacks the value of the secret',
    });
  });

  test.each([
    ['missing', 'ResourceNotFoundException', "Secrets Manager can't find the specified secret."],
    ['missing', 'ResourceNotFoundException', "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS"],
    ['refused', 'InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion."],
    ['refused', 'InvalidParameterException', 'Invalid name.'],
    ['refused', 'DecryptionFailure', "Secrets Manager can't decrypt the protected secret text using the provided KMS key."],
    ['denied', 'AccessDeniedException', 'Access to KMS is not allowed'],
  ])('fails as %s for %s: %s', async (kind, type, message) => {
    server.answer = failure(400, type, message, 'Message');

    await expect(client().getSecretText({ secretId: SECRET })).rejects.toMatchObject({ kind, message: `GetSecretValue failed: ${type}: ${message}` });
  });
});

describe('getParameter', () => {
  test.each(['SecureString', 'String'])('is the value of a %s, decrypted', async (type) => {
    server.answer = result({ Parameter: { Name: '/app/key', Type: type, Value: VALUE, Version: 3, LastModifiedDate: 1.7e9 } });

    expect(await client().getParameter('/app/key')).toBe(VALUE);
    expect(server.requests).toEqual([{ target: 'AmazonSSM.GetParameter', body: { Name: '/app/key', WithDecryption: true } }]);
  });

  test.each([{}, { Parameter: {} }])('fails as transient for an answer without a value: %j', async (answer) => {
    server.answer = result(answer);

    await expect(client().getParameter('/app/key')).rejects.toMatchObject({
      kind: 'transient', message: 'GetParameter failed: the response lacks the value of the parameter',
    });
  });

  test.each([
    ['missing', 'ParameterNotFound', ''],
    ['missing', 'ParameterVersionNotFound', 'Systems Manager could not find version 7 of /app/key.'],
    ['refused', 'InvalidKeyId', 'The key is disabled.'],
    ['denied', 'AccessDeniedException', 'The ciphertext refers to a customer master key that you are not allowed to access.'],
  ])('fails as %s for %s: %s', async (kind, type, message) => {
    server.answer = failure(400, type, message);

    await expect(client().getParameter('/app/key')).rejects.toMatchObject({ kind, message: expect.stringMatching(`^GetParameter failed: ${type}: `) });
  });
});

describe.each(CALLS)('%s', (operation, call) => {
  test.each([
    ['throttled', failure(400, 'ThrottlingException', 'Rate exceeded')],
    ['denied', failure(400, 'AccessDeniedException', `User: x is not authorized to perform: ${operation}`)],
    ['denied', failure(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.')],
    ['refused', failure(400, 'ValidationException', '1 validation error detected')],
    ['transient', failure(500, 'InternalServiceError', 'An error occurred on the server side.')],
    ['transient', failure(500, 'InternalServerError', 'An error occurred on the server side.')],
    ['transient', { status: 503, body: '<html><body>Service unavailable</body></html>' }],
  ])('is sent once, and fails as %s with its name (%#)', async (kind, answer) => {
    server.answer = answer;

    await expect(call(client())).rejects.toMatchObject({ name: 'CallFailure', kind, operation, message: expect.stringMatching(`^${operation} failed: .`) });
    expect(server.requests).toHaveLength(1);
  });

  test('fails as transient if no answer comes', async () => {
    await expect(call(client({ requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } }))).rejects.toMatchObject({ kind: 'transient', operation });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    `{"SecretString":"${VALUE}","Parameter":{"Value":"${VALUE}"}`,
    `${VALUE}`,
    `"${VALUE}"`,
    `["${VALUE}"]`,
    `{"SecretString":{"a":"${VALUE}"},"Parameter":"${VALUE}"}`,
  ])('fails without the value in the error for an answer that makes no sense: %s', async (body) => {
    server.answer = { status: 200, body };

    const error = await call(client()).then(() => undefined, (thrown: Error) => thrown);

    expect(error).toMatchObject({ kind: 'transient', operation });
    expect(`${error!.message} ${error!.stack} ${JSON.stringify(error)}`).not.toContain(VALUE.slice(0, 5));
  });
});
