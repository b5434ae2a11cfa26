import { certificateStack } from './certificate-stack';
import { domainTemplate } from './certificate-templates';
import { StackDriver, type Deployed, type DriverOutcome } from './stack-driver';
import { CERTIFICATE_CALLS, NAMED_FAULTS, type NamedFault } from '../faults/named-faults';

/*
 * Everything that can go wrong with GetCertificates, the only call that the handler makes for a certificate, at each stack operation, and with the calls that
 * replace certificates: a moment of trouble is waited out, lasting trouble fails with its cause, and what is attached stays attached.
 */
const [CALL] = CERTIFICATE_CALLS;
const FIRST = domainTemplate();
const SECOND = domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com', 'api.example.com'] });
const ATTACHED = { 'web-1': ['www.example.com', 'example.com'] };

/** Longer than any patience of the handler, in seconds. */
const LONGEST_SECONDS = 2 * 3600;

interface Operation {
  readonly name: string;
  readonly ends: string;
  readonly endsFailed: string;
  /** What is attached in the end if it fails. */
  readonly stays: object | undefined;
  prepare(): Promise<unknown>;
  run(): Promise<DriverOutcome>;
}

let driver: StackDriver;

beforeEach(async () => {
  driver = await StackDriver.start(certificateStack());
});

afterEach(() => driver.stop());

const OPERATIONS: readonly Operation[] = [
  {
    name: 'create', prepare: async () => undefined, run: () => driver.deploy(FIRST), ends: 'CREATE_COMPLETE', endsFailed: 'ROLLBACK_COMPLETE', stays: undefined,
  },
  {
    name: 'change of domains',
    prepare: () => driver.deploy(FIRST),
    run: () => driver.deploy(SECOND),
    ends: 'UPDATE_COMPLETE',
    endsFailed: 'UPDATE_ROLLBACK_COMPLETE',
    stays: ATTACHED,
  },
];

const FAULTS = NAMED_FAULTS.filter((named) => named.of(CALL) !== undefined);
const CASES = OPERATIONS.flatMap((operation) => FAULTS.map((named) => ({ operation, named, name: `${operation.name}: ${named.name}` })));

const domains = () => driver.emulator.service('web')?.publicDomainNames;
const errors = ({ events }: DriverOutcome) => events.filter(({ error }) => error !== undefined);

function addFault(named: NamedFault, rule: { times?: number; skip?: number } = {}): { remove(): void } {
  return driver.emulator.faults.add({ operation: CALL, fault: named.of(CALL)!, ...rule });
}

/** Nothing is left of what failed, and every certificate in the account belongs to the stack. */
function expectNothingLeft({ stays }: Operation): void {
  expect(domains()).toEqual(stays);
  const expected = [...driver.resources.values()].filter(({ type }: Deployed) => type === 'AWS::Lightsail::Certificate').map(({ physicalId }) => physicalId);
  const { certificates } = driver.emulator.invoke('GetCertificates', {}) as { certificates: { certificateName: string }[] };
  expect(certificates.map(({ certificateName }) => certificateName)).toEqual(expected);
}

async function expectTheNextTryToEndWell(operation: Operation): Promise<void> {
  driver.emulator.faults.clear();
  expect(await operation.run()).toMatchObject({ status: operation.ends });
  expect(await driver.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
}

describe.each([0, 1, 4])('a fault for a moment, after %i calls', (skip) => {
  test.each(CASES)('$name', async ({ operation, named }) => {
    await operation.prepare();
    addFault(named, { skip, times: 2 });

    const outcome = await operation.run();

    const { reason } = outcome;
    // What is denied longer after the start is not only a policy that has yet to have its effect.
    if (named.name === 'denied' && outcome.status !== operation.ends) {
      expect(outcome.status).toBe(operation.endsFailed);
      expect(reason).toMatch(named.words);
      expectNothingLeft(operation);
      return;
    }
    expect({ status: outcome.status, reason }).toEqual({ status: operation.ends, reason: undefined });
    expect(errors(outcome)).toEqual([]);
    expect(driver.emulator.certificate(operation.name === 'create' ? 'web-1' : 'web-2')!.status).toBe('ISSUED');
  });
});

describe('a fault until the event has failed', () => {
  test.each(CASES.filter(({ named }) => named.name !== 'a slow answer'))('$name', async ({ operation, named }) => {
    await operation.prepare();
    const startedAt = driver.emulator.clock.now();
    const lasting = addFault(named);
    driver.onFailed = () => lasting.remove();

    const outcome = await operation.run();

    expect(outcome.status).toBe(operation.endsFailed);
    expect(outcome.reason).toMatch(/^Records: /);
    expect(outcome.reason).toMatch(named.words);
    expect(outcome.reason!.length).toBeLessThanOrEqual(2_000 + 'Records: '.length + 60);
    expect((driver.emulator.clock.now() - startedAt) / 1000).toBeLessThan(LONGEST_SECONDS);
    expectNothingLeft(operation);
    await expectTheNextTryToEndWell(operation);
  });

  test.each(CASES.filter(({ named }) => named.name !== 'a slow answer'))('$name, during the validation', async ({ operation, named }) => {
    await operation.prepare();
    let lasting: { remove(): void } | undefined;
    driver.onEvent = ({ ResourceType }) => {
      if (ResourceType === 'Custom::LightsailCertificateValidation' && !lasting) lasting = addFault(named);
    };
    driver.onFailed = () => lasting!.remove();

    const outcome = await operation.run();

    expect(outcome.status).toBe(operation.endsFailed);
    expect(outcome.reason).toMatch(/^Validation: /);
    expect(outcome.reason).toMatch(named.words);
    expectNothingLeft(operation);
    await expectTheNextTryToEndWell(operation);
  });
});

/** The calls with which certificates are replaced. */
const CHANGE_CASES = (['GetContainerServices', 'UpdateContainerService'] as const).flatMap((call) => NAMED_FAULTS.flatMap((named) => {
  const fault = named.of(call);
  return fault === undefined ? [] : [{ call, fault, name: `${call}: ${named.name}`, isSlow: named.name === 'a slow answer' }];
}));

describe('a fault while certificates are replaced', () => {
  const [, operation] = OPERATIONS;

  test.each(CHANGE_CASES)('for a moment: $name', async ({ call, fault }) => {
    await operation.prepare();
    driver.emulator.faults.add({ operation: call, fault, times: 1 });
    const outcome = await operation.run();
    expect(outcome).toMatchObject({ status: operation.ends });
    expect(errors(outcome)).toEqual([]);
    expect(domains()).toEqual({ 'web-2': ['www.example.com', 'api.example.com'] });
    await expectTheNextTryToEndWell(operation);
  });

  test.each(CHANGE_CASES.filter(({ isSlow }) => !isSlow))('until the event has failed: $name', async ({ call, fault }) => {
    await operation.prepare();
    const lasting = driver.emulator.faults.add({ operation: call, fault });
    driver.onFailed = () => lasting.remove();
    const outcome = await operation.run();

    expect([operation.ends, operation.endsFailed]).toContain(outcome.status);
    if (outcome.status === operation.endsFailed) {
      expect(outcome.reason).toContain('The domain names of container service "web" were not changed');
      expectNothingLeft(operation);
    }
    await expectTheNextTryToEndWell(operation);
  });
});

describe('a crash', () => {
  const CRASHES = OPERATIONS.flatMap((operation) => (['before', 'after'] as const).flatMap((when) => [1, 2, 3, 5].map((nth) => ({
    operation, call: 'getCertificate' as const, when, nth, name: `${operation.name}: ${when} call ${nth}`,
  }))));

  /** The calls that replace certificates: only a change of domains makes them. */
  const CHANGE_CRASHES = (['getService', 'setDomainNames'] as const).flatMap((call) => (['before', 'after'] as const).flatMap((when) =>
    (call === 'getService' ? [1, 2, 3] : [1]).map((nth) => ({ operation: OPERATIONS[1], call, when, nth, name: `${OPERATIONS[1].name}: ${when} ${call} ${nth}` }))));

  test.each([...CRASHES, ...CHANGE_CRASHES])('$name', async ({ operation, call, when, nth }) => {
    await operation.prepare();
    driver.planCrash({ function: 'isComplete', call, when, nth });

    const outcome = await operation.run();

    expect([operation.ends, operation.endsFailed]).toContain(outcome.status);
    expect(driver.hasCrashed).toBe(true);
    if (outcome.status === operation.endsFailed) expect(outcome.reason).toMatch(/Task timed out|seconds/);
    if (outcome.status === operation.ends) expect(errors(outcome)).toEqual([]);
    else expectNothingLeft(operation);
    expect(await operation.run()).toMatchObject({ status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) });
    expect(await driver.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  });
});

test.each(OPERATIONS)('every event of $name once more, while and after it is carried out, changes nothing', async (operation) => {
  await operation.prepare();
  const duplicates: Promise<unknown>[] = [];
  driver.onEvent = (event) => {
    duplicates.push(driver.redeliver(event));
  };
  expect(await operation.run()).toMatchObject({ status: operation.ends });
  const answers = await Promise.all(duplicates);
  expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: 'SUCCESS' })));
});
