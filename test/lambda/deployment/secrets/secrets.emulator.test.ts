import { SecretStore } from './secret-store';
import { createHandlers } from '../../../../lambda';
import { CallFailure } from '../../../../lambda/clients/call-failure';
import { sdkLightsail } from '../../../../lambda/clients/sdk/lightsail';
import type { ProviderEvent } from '../../../../lambda/shared/events/event';
import { Outcome, Fault, LightsailEmulator, SteppedClock } from '../../../emulator';

const MINUTE = 60_000;
const VALUE = 'xyzzy "plover"/K9+';
const NEW_VALUE = 'plugh-91bc-Q2';

let emulator: LightsailEmulator<SteppedClock>;
let store: SecretStore;
let isRollingBack: boolean;
let operationBeganAt: number;
/** All that leaves the handler but for its calls of Lightsail. */
let outputs: unknown[];
let handlers: ReturnType<typeof createHandlers>;

beforeEach(async () => {
  emulator = await LightsailEmulator.start({ clock: new SteppedClock() });
  emulator.createService({ serviceName: 'web' });
  store = new SecretStore();
  store.secrets.db = JSON.stringify({ password: VALUE });
  isRollingBack = false;
  outputs = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    jest.spyOn(console, method).mockImplementation((...words) => void outputs.push(words));
  }
  handlers = createHandlers({
    clock: emulator.clock,
    secrets: store,
    cloudFormation: { beganAt: async () => operationBeganAt, isRollingBack: async () => isRollingBack, operationTimes: async () => [] },
    lightsail: sdkLightsail({ endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } }),
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await emulator.stop();
});

/** The name does not tell that the value is a secret. */
const SECRETS = { GREETING: { SecretsManager: { SecretId: 'db', Field: 'password' } } };

interface Properties {
  readonly Image?: string;
  readonly Secrets?: object;
  readonly Environment?: object;
  readonly Timeout?: string;
  readonly Triggers?: object;
  readonly RemovalPolicy?: string;
}

function propertiesOf({ Image = 'nginx:1.27', Secrets = SECRETS, Environment = { LOG_LEVEL: 'info' }, ...others }: Properties = {}) {
  return {
    ServiceName: 'web',
    Containers: { app: { Image, Environment, Secrets, Ports: { 80: 'HTTP' } } },
    PublicEndpoint: { ContainerName: 'app', ContainerPort: '80' },
    Timeout: '1800',
    ...others,
  };
}

function create(properties: Properties = {}): ProviderEvent {
  return {
    RequestType: 'Create',
    RequestId: 'r-1',
    ResourceType: 'Custom::LightsailContainerServiceDeployment',
    StackId: 'stack',
    LogicalResourceId: 'Deployment',
    ResourceProperties: propertiesOf(properties),
  };
}

function update(properties: Properties, old: Properties = {}): ProviderEvent {
  return {
    ...create(properties), RequestType: 'Update', RequestId: 'r-2', PhysicalResourceId: 'web', OldResourceProperties: propertiesOf(old),
  };
}

/** Carries an event to its end; the version that it ended on. */
async function handle(event: ProviderEvent, beganAt?: number): Promise<string | undefined> {
  return finish(event, await begin(event, beganAt));
}

function begin(event: ProviderEvent, beganAt = emulator.clock.now()) {
  operationBeganAt = beganAt;
  return recorded(() => handlers.onEvent(event));
}

async function finish(event: ProviderEvent, begun: object): Promise<string | undefined> {
  for (;;) {
    const { IsComplete, Data } = await recorded(() => handlers.isComplete({ ...event, ...JSON.parse(JSON.stringify(begun)) }));
    if (IsComplete) return Data?.DeploymentVersion;
    emulator.clock.advance(1000);
  }
}

async function recorded<T>(act: () => Promise<T>): Promise<T> {
  try {
    const answer = await act();
    outputs.push(answer);
    return answer;
  } catch (error) {
    const { message, stack, cause } = error as Error;
    outputs.push(message, stack, cause, { ...error as object }, String(error));
    throw error;
  }
}

const reasonOf = (event: ProviderEvent) => handle(event).then(() => 'none', (error: Error) => error.message);

const greetings = () => Object.fromEntries(emulator.deployments('web').map(({ version, containers }) => [version, containers!.app.environment!.GREETING]));

const called = (operation: string) => emulator.requests.filter((request) => request.operation === operation).length;

/** The value in the forms that it could be written in. */
function expectNoValueIn(everything: unknown[]): void {
  const text = everything.map((output) => (typeof output === 'string' ? output : JSON.stringify(output) ?? '')).join('\n');
  expect(text).not.toBe('');
  for (const form of [VALUE, JSON.stringify(VALUE).slice(1, -1), JSON.stringify(JSON.stringify(VALUE)).slice(3, -3), encodeURIComponent(VALUE), Buffer.from(VALUE).toString('base64'), 'xyzzy', 'plover']) {
    expect(text).not.toContain(form);
  }
}

describe('the value', () => {
  test('is deployed beside the environment, and nowhere else to be seen', async () => {
    await handle(create());

    expect(emulator.service('web')!.currentDeployment!.containers!.app.environment).toEqual({ LOG_LEVEL: 'info', GREETING: VALUE });
    expectNoValueIn(outputs);
  });

  test.each([
    ['exits', Outcome.processExits({ logLines: [`cannot greet with ${VALUE}`, `retrying ${encodeURIComponent(VALUE)}`] }), 'cannot greet with ***'],
    ['is not healthy', Outcome.healthCheckFails({ logLines: [`{"greeting":${JSON.stringify(VALUE)}}`] }), '{"greeting":"***"}'],
    ['does not come up', Outcome.imageCannotBePulled(), 'container "app"'],
    ['never ends', Outcome.neverEnds({ logLines: [`I say ${VALUE}`] }), 'I say ***'],
  ])('is not to be seen where the deployment %s and the container writes it to its log', async (_, outcome, told) => {
    emulator.outcomes.forNextDeployment('web', outcome);

    const reason = await reasonOf(create());

    expect(reason).toContain('Deployment version 1 of container service "web"');
    expect(reason).toContain(told);
    expect(greetings()).toEqual({ 1: VALUE });
    expectNoValueIn(outputs);
  });

  test('is not to be seen where the version that serves still writes an earlier one to the same log', async () => {
    await handle(create());
    store.secrets.db = JSON.stringify({ password: NEW_VALUE });
    emulator.outcomes.forNextDeployment('web', Outcome.processExits({ logLines: [`not ${VALUE} but ${NEW_VALUE}`] }));

    const reason = await reasonOf(update({ Image: 'nginx:1.28' }));

    expect(reason).toContain('not *** but ***');
    expectNoValueIn(outputs);
  });

  test.each([
    ['was renamed', { Secrets: { WELCOME: SECRETS.GREETING } }],
    ['was removed', { Secrets: {} }],
    ['became a plain variable', { Secrets: {}, Environment: { GREETING: 'hello' } }],
  ])('is not to be seen where its variable %s, and the version that serves still writes it', async (_, properties) => {
    await handle(create());
    store.secrets.db = JSON.stringify({ password: NEW_VALUE });
    emulator.outcomes.forNextDeployment('web', Outcome.processExits({ logLines: [`still ${VALUE}`] }));

    const reason = await reasonOf(update({ Image: 'nginx:1.28', ...properties }));

    expect(reason).toContain('still ***');
    expectNoValueIn(outputs);
  });

  test('is not to be seen where its variable was plain before the update', async () => {
    await handle(create({ Secrets: {}, Environment: { GREETING: VALUE } }));
    store.secrets.db = JSON.stringify({ password: NEW_VALUE });
    outputs = [];
    emulator.outcomes.forNextDeployment('web', Outcome.processExits({ logLines: [`still ${VALUE}`] }));

    const reason = await reasonOf(update({}, { Secrets: {}, Environment: { GREETING: VALUE } }));

    expect(reason).toContain('still ***');
    expectNoValueIn(outputs);
  });

  test.each([
    ['refuses it', 'InvalidInputException', 400],
    ['fails over it', 'ServiceException', 500],
  ])('is not to be seen where Lightsail %s and quotes it', async (_, name, status) => {
    emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.error(name, status, `Environment variable value ${VALUE} is invalid.`) });

    const reason = await reasonOf(create());

    expect(reason).toContain('CreateContainerServiceDeployment failed: ');
    expect(reason).toContain('Environment variable value *** is invalid.');
    expectNoValueIn(outputs);
  });

  test('is not to be seen where the secret does not hold what is asked for', async () => {
    store.secrets.db = VALUE;

    expect(await reasonOf(create())).toContain('is not a JSON object');
    expectNoValueIn(outputs);
  });
});

describe('a secret that cannot be read', () => {
  test('fails before anything is deployed, and tells what goes on serving', async () => {
    await handle(create());
    delete store.secrets.db;

    const reason = await reasonOf(update({ Image: 'nginx:1.28' }));

    expect(reason).toContain('Nothing was deployed to container service "web": some secrets could not be read. Version 1 is still serving.\n'
      + '- GREETING of container "app": GetSecretValue failed: ResourceNotFoundException: ');
    expect(called('CreateContainerServiceDeployment')).toBe(1);
  });

  test.each(['throttled', 'transient', 'denied'] as const)('for a moment (%s) is read again', async (kind) => {
    const text = store.secrets.db;
    store.secrets.db = new CallFailure('GetSecretValue', kind, 'SomeException: words');
    emulator.after(10_000, () => {
      store.secrets.db = text;
    });

    expect(await handle(create())).toBe('1');
    expect(greetings()).toEqual({ 1: VALUE });
  });

  test('fails when access is still denied after a minute and a half', async () => {
    store.secrets.db = new CallFailure('GetSecretValue', 'denied', 'AccessDeniedException: Access to KMS is not allowed');
    const from = emulator.clock.now();

    expect(await reasonOf(create())).toContain('AccessDeniedException: Access to KMS is not allowed (secret "db"). If it uses a customer managed KMS key');
    expect(emulator.clock.now() - from).toBeGreaterThanOrEqual(90_000);
    expect(emulator.clock.now() - from).toBeLessThan(150_000);
  });

  test('until the time is up fails with its name', async () => {
    store.secrets.db = new CallFailure('GetSecretValue', 'throttled', 'ThrottlingException: Rate exceeded');

    expect(await reasonOf(create())).toContain('Nothing was deployed to container service "web": no deployment could be created within 1800 seconds: '
      + 'GetSecretValue failed: ThrottlingException: Rate exceeded (secret "db")');
    expect(called('CreateContainerServiceDeployment')).toBe(0);
  });
});

describe('the secret is read', () => {
  test('no more when the version is known, for it may be gone by then', async () => {
    const begun = await begin(create());
    store.secrets.db = new CallFailure('GetSecretValue', 'missing', 'ResourceNotFoundException: gone');

    expect(await finish(create(), begun)).toBe('1');
    expect(store.calls).toEqual(['db']);
  });

  test('once by each call of the handler, however often it looks at a busy service', async () => {
    emulator.setServiceState('web', 'UPDATING', 5 * MINUTE);

    expect(await handle(create())).toBe('1');
    expect(store.calls).toEqual(['db', 'db']);
  });

  test('not at all for a Delete', async () => {
    await handle(create({ RemovalPolicy: 'Destroy' }));
    store.calls.length = 0;

    await handle({ ...create({ RemovalPolicy: 'Destroy' }), RequestType: 'Delete', PhysicalResourceId: 'web' });

    expect(emulator.service('web')!.state).toBe('DISABLED');
    expect(store.calls).toEqual([]);
  });
});

describe('one version for one intent', () => {
  test('also where the answer is lost', async () => {
    emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.connectionReset({ when: 'after' }), times: 1 });

    expect(await handle(create())).toBe('1');
    expect(greetings()).toEqual({ 1: VALUE });
  });

  test.each([
    ['while it is under way', 0],
    ['after its end', 10 * MINUTE],
  ])('also where the event comes again %s, and the secret has another value by then', async (_, afterMs) => {
    const beganAt = emulator.clock.now();
    const begun = await begin(create());
    emulator.clock.advance(afterMs);
    store.secrets.db = JSON.stringify({ password: NEW_VALUE });

    expect(await handle(create(), beganAt)).toBe('1');
    expect(await finish(create(), begun)).toBe('1');
    expect(greetings()).toEqual({ 1: VALUE });
  });

  test('also where the answer is lost, and the secret has another value at the next look', async () => {
    emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.connectionReset({ when: 'after' }), times: 1 });
    const begun = await begin(create());
    store.secrets.db = JSON.stringify({ password: NEW_VALUE });

    expect(await finish(create(), begun)).toBe('1');
    expect(greetings()).toEqual({ 1: VALUE });
  });

  test('an update without a new value makes none', async () => {
    await handle(create());

    expect(await handle(update({ Timeout: '900' }))).toBe('1');
    expect(greetings()).toEqual({ 1: VALUE });
  });

  test.each([
    ['any update', update({ Timeout: '900' })],
    ['a change of the triggers', update({ Triggers: { rotated: '2026-01-01' } })],
  ])('a new value makes the next one with %s', async (_, event) => {
    await handle(create());
    store.secrets.db = JSON.stringify({ password: NEW_VALUE });

    expect(await handle(event)).toBe('2');
    expect(greetings()).toEqual({ 1: VALUE, 2: NEW_VALUE });
  });

  test('a variable that moves from the environment to the secrets with the same value makes none', async () => {
    store.secrets.level = 'info';
    await handle(create());
    const moved = update({});
    const { Containers: { app } } = propertiesOf();
    const properties = { ...propertiesOf(), Containers: { app: { ...app, Environment: {}, Secrets: { ...SECRETS, LOG_LEVEL: { SecretsManager: { SecretId: 'level' } } } } } };

    expect(await handle({ ...moved, ResourceProperties: properties })).toBe('1');
  });
});

describe('a roll back while secrets cannot be read', () => {
  beforeEach(async () => {
    await handle(create());
    delete store.secrets.db;
    isRollingBack = true;
  });

  test('ends on what serves, if it is what is asked but for the values', async () => {
    expect(await handle(update({}, { Image: 'nginx:1.28' }))).toBe('1');
    expect(called('CreateContainerServiceDeployment')).toBe(1);
    expectNoValueIn(outputs);
  });

  test('ends so at the end of its time where another try might still read them', async () => {
    store.secrets.db = new CallFailure('GetSecretValue', 'transient', 'InternalServiceError: words');
    const from = emulator.clock.now();

    expect(await handle(update({}, { Image: 'nginx:1.28' }))).toBe('1');
    expect(emulator.clock.now() - from).toBeGreaterThan(25 * MINUTE);
    expect(emulator.clock.now() - from).toBeLessThan(30 * MINUTE);
    expectNoValueIn(outputs);
  });

  test('waits for the end of what the update began', async () => {
    store.secrets.db = JSON.stringify({ password: VALUE });
    emulator.outcomes.forNextDeployment('web', Outcome.processExits());
    await begin(update({ Image: 'nginx:1.28' }));
    delete store.secrets.db;

    expect(await handle(update({}, { Image: 'nginx:1.28' }))).toBe('1');
    expect(emulator.deployments('web').map(({ version, state }) => `${version} ${state}`)).toEqual(['2 FAILED', '1 ACTIVE']);
  });

  test('claims what serves again, where the update had claimed the next version', async () => {
    store.secrets.db = JSON.stringify({ password: VALUE });
    await handle(update({ RemovalPolicy: 'Destroy' }));
    emulator.outcomes.forNextDeployment('web', Outcome.processExits());
    await reasonOf(update({ Image: 'nginx:1.28', RemovalPolicy: 'Destroy' }));
    delete store.secrets.db;

    expect(await handle(update({ RemovalPolicy: 'Destroy' }, { Image: 'nginx:1.28', RemovalPolicy: 'Destroy' }))).toBe('1');

    expect(emulator.service('web')!.tags).toMatchObject([{ value: expect.stringMatching(/^[0-9a-f]{32}\.1(\/|$)/) }]);
  });

  test.each<[string, () => void, Properties]>([
    ['what serves is something else', () => undefined, { Image: 'nginx:1.26' }],
    ['what serves lacks a secret', () => undefined, { Secrets: { ...SECRETS, OTHER: { SsmParameter: { Name: 'other' } } } }],
    ['it is no roll back', () => {
      isRollingBack = false;
    }, {}],
  ])('fails if %s', async (_, arrange, properties) => {
    arrange();

    expect(await reasonOf(update(properties, { Image: 'nginx:1.28' }))).toContain('Nothing was deployed');
  });
});
