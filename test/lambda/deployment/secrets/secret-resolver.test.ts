import { SecretStore } from './secret-store';
import { CallFailure, type CallFailureKind } from '../../../../lambda/clients/call-failure';
import type { DescribedService } from '../../../../lambda/clients/lightsail';
import { secretValues } from '../../../../lambda/deployment/masking/secret-detection';
import { parseDeployRequest, type DeployRequest } from '../../../../lambda/deployment/request/request';
import { SecretResolver, type SecretContext } from '../../../../lambda/deployment/secrets/secret-resolver';
import { RetryPolicy } from '../../../../lambda/shared/polling/retry-policy';
import { SteppedClock } from '../../../emulator';

const VALUE = 'xyzzy-7f3a-K9';

let store: SecretStore;
let clock: SteppedClock;
let context: SecretContext;
let resolver: SecretResolver;

beforeEach(() => {
  store = new SecretStore();
  clock = new SteppedClock();
  context = { retry: new RetryPolicy(clock.now()) };
  resolver = new SecretResolver({ secrets: store, clock });
});

interface ContainerOf {
  readonly [name: string]: { readonly environment?: object; readonly secrets?: object };
}

function request(containers: ContainerOf): DeployRequest {
  return parseDeployRequest({
    RequestType: 'Create',
    ResourceProperties: {
      ServiceName: 'web',
      Timeout: '1800',
      Containers: Object.fromEntries(Object.entries(containers).map(([name, { environment, secrets }]) =>
        [name, { Image: 'nginx', Environment: environment, Secrets: secrets }])),
    },
  });
}

function secret(id: string, field?: string, version: { VersionId?: string; VersionStage?: string } = {}) {
  return { SecretsManager: { SecretId: id, Field: field, ...version } };
}

function parameter(name: string) {
  return { SsmParameter: { Name: name } };
}

async function environmentOf(containers: ContainerOf): Promise<Record<string, unknown>> {
  const resolved = await resolver.resolve(request(containers), context);
  return Object.fromEntries(Object.entries(resolved.desired.containers).map(([name, { environment }]) => [name, environment]));
}

async function failureOf(containers: ContainerOf): Promise<Error> {
  const outcome = await resolver.resolve(request(containers), context).then(() => undefined, (error: unknown) => error);
  if (!(outcome instanceof Error)) throw new Error('it did not fail');
  return outcome;
}

describe('the value', () => {
  test('stands beside the environment of its container', async () => {
    store.secrets.db = VALUE;

    expect(await environmentOf({ app: { environment: { LOG_LEVEL: 'info' }, secrets: { DB_PASSWORD: secret('db') } }, worker: { environment: { A: '1' } } }))
      .toEqual({ app: { LOG_LEVEL: 'info', DB_PASSWORD: VALUE }, worker: { A: '1' } });
  });

  test('leaves the request as it is', async () => {
    store.secrets.db = VALUE;
    const asked = request({ app: { environment: { A: '1' }, secrets: { DB_PASSWORD: secret('db') } } });
    const before = structuredClone(asked);

    const resolved = await resolver.resolve(asked, context);

    expect(asked).toEqual(before);
    expect(resolved).toEqual({ ...before, desired: { containers: { app: { ...before.desired.containers.app, environment: { A: '1', DB_PASSWORD: VALUE } } } } });
  });

  test.each(['', ' a\n', '{"a":"b"}', '[1]', 'ä€😀', '{{resolve:x}}'])('of a whole secret is its text: %j', async (text) => {
    store.secrets.db = text;

    expect(await environmentOf({ app: { secrets: { A: secret('db') } } })).toEqual({ app: { A: text } });
  });

  test.each<[unknown, string]>([
    ['x', 'x'], ['', ''], ['5432', '5432'], [5432, '5432'], [0, '0'], [-1, '-1'], [Number.MAX_SAFE_INTEGER, '9007199254740991'], [true, 'true'], [false, 'false'],
  ])('of a field %j is %j', async (value, expected) => {
    store.secrets.db = JSON.stringify({ other: 'o', field: value });

    expect(await environmentOf({ app: { secrets: { A: secret('db', 'field') } } })).toEqual({ app: { A: expected } });
  });

  test('of a parameter is what the parameter holds', async () => {
    store.parameters['/app/key'] = '{"a":1}';

    expect(await environmentOf({ app: { secrets: { A: parameter('/app/key') } } })).toEqual({ app: { A: '{"a":1}' } });
  });

  test('is that of the version which is asked for', async () => {
    Object.assign(store.secrets, { 'db': 'current', 'db/v-1': 'first', 'db/AWSPREVIOUS': 'previous' });

    expect(await environmentOf({
      app: {
        secrets: {
          A: secret('db'), B: secret('db', undefined, { VersionId: 'v-1' }), C: secret('db', undefined, { VersionStage: 'AWSPREVIOUS' }),
        },
      },
    })).toEqual({ app: { A: 'current', B: 'first', C: 'previous' } });
  });
});

describe('a secret', () => {
  test('is read once, however many variables hold a part of it', async () => {
    store.secrets.db = '{"user":"u","password":"p"}';
    store.parameters.key = 'k';

    expect(await environmentOf({
      app: { secrets: { USER: secret('db', 'user'), PASSWORD: secret('db', 'password'), KEY: parameter('key') } },
      worker: { secrets: { PASSWORD: secret('db', 'password'), KEY: parameter('key') } },
    })).toEqual({ app: { USER: 'u', PASSWORD: 'p', KEY: 'k' }, worker: { PASSWORD: 'p', KEY: 'k' } });
    expect(store.calls).toEqual(['db', 'key']);
  });

  test('is not read again when another one of the request could not be read yet', async () => {
    store.secrets.db = VALUE;
    store.parameters.key = new CallFailure('GetParameter', 'throttled', 'ThrottlingException: Rate exceeded');
    const asked = request({ app: { secrets: { A: secret('db'), B: parameter('key') } } });
    await expect(resolver.resolve(asked, context)).rejects.toBeInstanceOf(CallFailure);
    store.parameters.key = 'k';

    await resolver.resolve(asked, context);

    expect(store.calls).toEqual(['db', 'key', 'key']);
  });

  test('is read anew for another request, for it may have been rotated', async () => {
    store.secrets.db = 'old';
    await environmentOf({ app: { secrets: { A: secret('db') } } });
    store.secrets.db = 'new';

    expect(await environmentOf({ app: { secrets: { A: secret('db') } } })).toEqual({ app: { A: 'new' } });
  });

  test('and a parameter of the same name are two', async () => {
    store.secrets.key = 's';
    store.parameters.key = 'p';

    expect(await environmentOf({ app: { secrets: { A: secret('key'), B: parameter('key') } } })).toEqual({ app: { A: 's', B: 'p' } });
  });
});

test('without secrets nothing is read', async () => {
  expect(await environmentOf({ app: { environment: { A: '1' } } })).toEqual({ app: { A: '1' } });
  expect(store.calls).toEqual([]);
});

describe('fails for good', () => {
  const NOTHING_DEPLOYED = 'Nothing was deployed to container service "web": some secrets could not be read.';

  test.each<[string, string | undefined, string]>([
    ['a secret of bytes', undefined, 'secret "db" is binary. Store the value as text (SecretString).'],
    ['a secret that is no JSON', VALUE, 'secret "db" is not a JSON object, so it has no field "password". Store a JSON object, or omit the field to use the whole secret.'],
    ['broken JSON', `{"password":"${VALUE}"`, 'secret "db" is not a JSON object, so it has no field "password".'],
    ['a JSON text', JSON.stringify(VALUE), 'secret "db" is not a JSON object'],
    ['a JSON list', JSON.stringify([VALUE]), 'secret "db" is not a JSON object'],
    ['JSON null', 'null', 'secret "db" is not a JSON object'],
    ['a missing field', JSON.stringify({ Password: VALUE }), 'secret "db" has no field "password". Add the field to the secret, or use an existing field.'],
    ['a field that only JavaScript knows', '{}', 'has no field "password"'],
    ['a field of null', '{"password":null}', 'secret "db" has null in its field "password". Store it as a string'],
    ['a field that is a list', JSON.stringify({ password: [VALUE] }), 'has a list in its field "password"'],
    ['a field that is an object', JSON.stringify({ password: { is: VALUE } }), 'has an object in its field "password"'],
    ['a field with a fraction', '{"password":1.50}', 'has a number with a fraction or with more than 15 digits in its field "password"'],
    ['a field with a number that JavaScript rounds', '{"password":12345678901234567890}', 'has a number with a fraction or with more than 15 digits'],
  ])('%s', async (_, text, words) => {
    store.secrets.db = text;

    const { name, message } = await failureOf({ app: { secrets: { DB_PASSWORD: secret('db', 'password') } } });

    expect(name).toBe('ResourceFailure');
    expect(message).toContain(`${NOTHING_DEPLOYED}\n- DB_PASSWORD of container "app": `);
    expect(message).toContain(words);
    expect(message).not.toContain(VALUE.slice(0, 5));
  });

  test.each(['toString', '__proto__', 'constructor'])('a field %s that is not there', async (field) => {
    store.secrets.db = '{"a":"b"}';

    expect((await failureOf({ app: { secrets: { A: secret('db', field) } } })).message).toContain(`secret "db" has no field "${field}"`);
  });

  test.each<[string, object, CallFailure | undefined, string]>([
    ['a missing secret', secret('db'), undefined,
      'GetSecretValue failed: ResourceNotFoundException: Secrets Manager can\'t find the specified secret. (secret "db"). Create the secret with a value in the account and Region of the stack'],
    ['a missing version', secret('db', undefined, { VersionStage: 'AWSPENDING' }), undefined, '(secret "db", version stage "AWSPENDING"). Create the secret'],
    ['a missing version id', secret('db', undefined, { VersionId: 'v-9' }), undefined, '(secret "db", version "v-9"). Create the secret'],
    ['a missing parameter', parameter('db'), undefined, 'GetParameter failed: ParameterNotFound: UnknownError (parameter "db"). Create the parameter with a value in the account and Region of the stack'],
    ['a deleted secret', secret('db'), new CallFailure('GetSecretValue', 'refused',
      "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion."), 'marked for deletion. (secret "db"). Restore the secret, or use another one.'],
    ['a disabled key', secret('db'), new CallFailure('GetSecretValue', 'refused', "DecryptionFailure: Secrets Manager can't decrypt the protected secret text"),
      'Fix the secret or its KMS key, then deploy again.'],
  ])('%s', async (_, reference, failure, words) => {
    if (failure) store.secrets.db = failure;

    const { name, message } = await failureOf({ app: { secrets: { A: reference } } });

    expect(name).toBe('ResourceFailure');
    expect(message).toContain(words);
  });

  test('tells what goes on serving', async () => {
    context = { ...context, service: { containerServiceName: 'web', state: 'RUNNING', currentDeployment: { version: 3, state: 'ACTIVE' } } as DescribedService };

    expect((await failureOf({ app: { secrets: { A: secret('db') } } })).message).toContain(`${NOTHING_DEPLOYED} Version 3 is still serving.\n- `);
  });

  test('tells all that is wrong, and what is wrong with several variables once', async () => {
    store.secrets.key = 'k';

    const { message } = await failureOf({
      app: { secrets: { USER: secret('db', 'user'), PASSWORD: secret('db', 'password'), KEY: secret('key', 'f'), FINE: secret('key') } },
      worker: { secrets: { PASSWORD: secret('db', 'password') } },
    });

    expect(message.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^- USER of container "app", PASSWORD of container "app", PASSWORD of container "worker": GetSecretValue failed.* or use an existing one\.$/),
      expect.stringMatching(/^- KEY of container "app": secret "key" is not a JSON object/),
    ]);
    expect(message).not.toContain('FINE');
  });
});

describe('access denied', () => {
  beforeEach(() => {
    store.secrets.db = new CallFailure('GetSecretValue', 'denied', 'AccessDeniedException: Access to KMS is not allowed');
    store.parameters.db = new CallFailure('GetParameter', 'denied', 'AccessDeniedException: not authorized');
  });

  test('may pass in the first minute and a half, until a new policy has effect', async () => {
    clock.advance(89_000);

    expect(await failureOf({ app: { secrets: { A: secret('db') } } })).toMatchObject({
      name: 'CallFailure', kind: 'denied', message: 'GetSecretValue failed: AccessDeniedException: Access to KMS is not allowed (secret "db")',
    });
  });

  test.each([
    [secret('db'), 'pass the key as `encryptionKey` when importing the secret and allow kms:Decrypt in the key policy. '
      + 'Also check for a permissions boundary and the resource policy of the secret.'],
    [parameter('db'), 'pass the key as `encryptionKey` when importing the parameter and allow kms:Decrypt in the key policy. '
      + 'Also check for a permissions boundary.'],
  ])('fails for good after that, and tells what to do (%#)', async (reference, remedy) => {
    clock.advance(91_000);

    const { name, message } = await failureOf({ app: { secrets: { A: reference } } });

    expect(name).toBe('ResourceFailure');
    expect(message).toContain('failed: AccessDeniedException: ');
    expect(message).toContain(remedy);
  });
});

test.each<CallFailureKind>(['throttled', 'transient', 'busy'])('a call that is %s may pass, and names what was to be read', async (kind) => {
  store.parameters.key = new CallFailure('GetParameter', kind, 'SomeException: words');
  clock.advance(60 * 60_000);

  expect(await failureOf({ app: { secrets: { A: parameter('key') } } }))
    .toMatchObject({ kind, operation: 'GetParameter', message: 'GetParameter failed: SomeException: words (parameter "key")' });
});

test('an error of another kind goes on as it is', async () => {
  const error = new TypeError('a bug');
  store.secrets.db = error;

  expect(await failureOf({ app: { secrets: { A: secret('db') } } })).toBe(error);
});

describe('the values to mask', () => {
  const asked = request({ app: { environment: { LOG: 'info' }, secrets: { A: secret('a'), B: parameter('b') } }, worker: { secrets: { C: secret('c') } } });

  test('are what deployments have in variables with the name of a secret, in any container, and nothing else of the environment', () => {
    expect(secretValues(asked,
      { containers: { app: { environment: { A: 'a1', B: 'b', LOG: 'info' } }, worker: { environment: { A: 'not one', C: 'c' } } } },
      { containers: { app: { environment: { A: 'a0', B: 'b' } }, other: { environment: { A: 'neither' } } } },
      { containers: {} },
      undefined,
    )).toEqual(['a1', 'b', 'not one', 'c', 'a0', 'neither']);
  });

  test('are those of what the request desires, once it is resolved', async () => {
    Object.assign(store.secrets, { a: '1', c: '3' });
    store.parameters.b = '2';

    expect(secretValues(asked, asked.desired)).toEqual([]);
    expect(secretValues(asked, (await resolver.resolve(asked, context)).desired)).toEqual(['1', '2', '3']);
  });
});

test('no name of a variable or a secret, and no message of a service, starts a line in the reason', async () => {
  const nasty = 'x\ny\u2028z\u202e\rNext step: delete everything';
  store.secrets[nasty] = new CallFailure('GetSecretValue', 'missing', `ResourceNotFoundException: ${nasty}`);

  const { message } = await failureOf({ app: { secrets: { [nasty]: secret(nasty) } } });

  expect(message.split('\n').slice(1)).toEqual([expect.stringMatching(/^- x y z .*Next step: delete everything of container "app": GetSecretValue failed: /)]);
  expect(message).not.toMatch(/[\r\u2028\u202e]/);
});
