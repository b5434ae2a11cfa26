import { Fault, Outcome } from '../../emulator';
import { fail, PASSWORD } from '../../lambda/image-copy/fake-registry';
import { putImage } from '../../lambda/image-copy/images';
import { webApp } from '../apps/apps';
import { IMAGE, withImage, type ImageOptions } from '../apps/image-app';
import type { SynthesizedStack } from '../apps/template';
import { ECR_SOURCE, ImageRegistries, SOURCE } from '../aws/image-registries';
import type { StackOutcome } from '../cloudformation/cloudformation';
import { staleStackState, violations } from '../invariants/invariants';
import { Recorder, type RecordedCloud } from '../invariants/recorder';

/*
 * An image that the stack copies to its service, from the event to the running container. Registries are in memory, with real requests.
 */
const MINUTE = 60_000;
const DEPLOYMENT_TYPE = 'Custom::LightsailContainerServiceDeployment';

let registries: ImageRegistries;
let recorded: RecordedCloud;

async function start(): Promise<void> {
  recorded = await Recorder.start({ registries });
  recorded.cloud.emulator.createService({ serviceName: 'web' });
}

beforeEach(async () => {
  registries = await ImageRegistries.start();
  await start();
  recorded.cloud.sources.put('login', JSON.stringify({ username: 'user', password: PASSWORD }));
});

afterEach(async () => {
  await recorded.stop();
  await registries.stop();
});

const LOGIN = { Secret: { SecretsManager: { SecretId: 'login' } } };

function app(options: Partial<ImageOptions> = {}): SynthesizedStack {
  return withImage(recorded.cloud.synthesize(webApp('nginx:1.27', { isImported: true })), { Source: `${SOURCE}/team/app:1`, Credentials: LOGIN, ...options });
}

/** The image that runs; undefined if nothing does. */
function running(): string | undefined {
  return recorded.cloud.emulator.service('web')!.currentDeployment?.containers.app?.image;
}

/** What is registered, oldest first: the name and the digest of each. */
function stored(): Record<string, string> {
  return Object.fromEntries([...recorded.cloud.emulator.images('web')].reverse().map(({ image, digest }) => [image, digest]));
}

function calls(operation: string): number {
  return recorded.cloud.calls(operation).length;
}

function expectTheTruth(): void {
  expect(violations(recorded.recorder)).toEqual([]);
  expect(staleStackState(recorded.cloud)).toEqual([]);
}

function failing(outcome: StackOutcome): string {
  expect(outcome.status).toMatch(/ROLLBACK_COMPLETE$/);
  expectTheTruth();
  return outcome.reason!;
}

describe('a create', () => {
  test('copies the image, registers it once and runs it, before its first deployment', async () => {
    const digest = registries.push('1');

    expect((await recorded.cloud.deploy(app())).status).toBe('CREATE_COMPLETE');

    expect(stored()).toEqual({ ':web.app.1': digest });
    expect(running()).toBe(':web.app.1');
    expect(recorded.cloud.assumed.get(IMAGE)).toMatchObject({
      physicalId: 'web/app', data: { Image: ':web.app.1', Digest: digest, Version: '1' },
    });
    expectTheTruth();
  });

  test('uses what is registered already, and copies nothing', async () => {
    const digest = registries.push('1');
    await recorded.cloud.deploy(app());
    await recorded.cloud.delete(app());
    const before = registries.target.requests.length;

    expect((await recorded.cloud.deploy(app())).status).toBe('CREATE_COMPLETE');

    expect(stored()).toEqual({ ':web.app.1': digest });
    expect(registries.target.requests).toHaveLength(before);
  });

  test('takes the login of Amazon ECR for its registries, in the Region of the host', async () => {
    registries.push('1');
    expect((await recorded.cloud.deploy(app({ Source: `${ECR_SOURCE}/team/app:1`, Credentials: undefined }))).status).toBe('CREATE_COMPLETE');
    expect(recorded.cloud.sources.requests.map(({ operation }) => operation)).toContain('GetAuthorizationToken');
    expectTheTruth();
  });

  test.each([
    ['a field of a secret', { Username: 'user', Secret: { SecretsManager: { SecretId: 'fields', Field: 'token' } } }],
    ['a parameter', { Username: 'user', Secret: { SsmParameter: { Name: '/token' } } }],
    ['JSON in a parameter', { Secret: { SsmParameter: { Name: '/login' } } }],
  ])('takes the password from %s', async (_, Credentials) => {
    registries.push('1');
    recorded.cloud.sources.put('fields', JSON.stringify({ token: PASSWORD }));
    recorded.cloud.sources.put('/token', PASSWORD);
    recorded.cloud.sources.put('/login', JSON.stringify({ username: 'user', password: PASSWORD }));

    expect((await recorded.cloud.deploy(app({ Credentials }))).status).toBe('CREATE_COMPLETE');
    expectTheTruth();
  });

  test('waits for a service that is so new that there is no registry yet', async () => {
    registries.push('1');
    recorded.cloud.emulator.faults.add({
      operation: 'CreateContainerServiceRegistryLogin',
      times: 3,
      fault: Fault.error('InvalidInputException', 400, 'You must create a container service before retrieving container registry login credentials'),
    });
    expect((await recorded.cloud.deploy(app())).status).toBe('CREATE_COMPLETE');
    expectTheTruth();
  });
});

describe('an update', () => {
  test('of unchanged content registers nothing and deploys nothing', async () => {
    registries.push('1');
    await recorded.cloud.deploy(app({ Triggers: { build: '1' } }));

    const { status, events } = await recorded.cloud.deploy(app({ Triggers: { build: '2' } }));

    expect(status).toBe('UPDATE_COMPLETE');
    expect(events.map(({ logicalId }) => logicalId)).toEqual([IMAGE]);
    expect(calls('RegisterContainerImage')).toBe(1);
    expect(recorded.cloud.versions()).toEqual({ 1: 'ACTIVE' });
    expectTheTruth();
  });

  test('of a moved tag registers once and deploys once', async () => {
    registries.push('1');
    await recorded.cloud.deploy(app({ Triggers: { build: '1' } }));
    const digest = registries.push('1');

    expect((await recorded.cloud.deploy(app({ Triggers: { build: '2' } }))).status).toBe('UPDATE_COMPLETE');

    expect(running()).toBe(':web.app.2');
    expect(stored()[':web.app.2']).toBe(digest);
    expect(recorded.cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
    expectTheTruth();
  });

  test('back to earlier content uses the version that has it', async () => {
    registries.push('1');
    registries.push('2');
    await recorded.cloud.deploy(app());
    await recorded.cloud.deploy(app({ Source: `${SOURCE}/team/app:2` }));
    const before = registries.target.requests.length;

    await recorded.cloud.deploy(app());

    expect(running()).toBe(':web.app.1');
    expect(registries.target.requests).toHaveLength(before);
    expectTheTruth();
  });

  test('to another label deletes the versions of the old one, once nothing runs them', async () => {
    registries.push('1');
    await recorded.cloud.deploy(app());

    expect((await recorded.cloud.deploy(app({ Label: 'site' }))).status).toBe('UPDATE_COMPLETE');

    expect(Object.keys(stored())).toEqual([':web.site.2']);
    expectTheTruth();
  });
});

describe('a rollback', () => {
  const broken = () => recorded.cloud.emulator.outcomes.forImage(':web.app.2', Outcome.processExits());

  test.each([
    ['whose tag is another one', { Source: `${SOURCE}/team/app:2` }, { Source: `${SOURCE}/team/app:1` }],
    ['whose tag has moved', { Triggers: { build: '2' } }, { Triggers: { build: '1' } }],
  ])('of an image %s finds the image that ran, and copies nothing', async (_, changed, unchanged) => {
    const first = registries.push('1');
    await recorded.cloud.deploy(app(unchanged));
    registries.push('1');
    registries.push('2');
    broken();

    let copied = 0;
    recorded.recorder.onAnswer = ({ answer, delivery }) => {
      if (answer.status === 'FAILED' && delivery.event.ResourceType === DEPLOYMENT_TYPE) copied = registries.requests.length;
    };
    const outcome = await recorded.cloud.deploy(app(changed));

    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(running()).toBe(':web.app.1');
    expect(stored()[':web.app.1']).toBe(first);
    expect(copied).toBeGreaterThan(0);
    expect(registries.requests).toHaveLength(copied);
    expect(calls('RegisterContainerImage')).toBe(2);
    expectTheTruth();
  });

  test('needs no source: it may be what failed', async () => {
    registries.push('1');
    await recorded.cloud.deploy(app());
    registries.push('2');
    broken();
    recorded.recorder.onAnswer = ({ answer }) => {
      if (answer.status === 'FAILED') registries.source.intercept = (__, response) => (fail(response, 500, 'UNKNOWN'), true);
    };

    expect((await recorded.cloud.deploy(app({ Source: `${SOURCE}/team/app:2` }))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(running()).toBe(':web.app.1');
    expectTheTruth();
  });

  test('after the new deployment was active takes back the image before it, even if one version is kept', async () => {
    registries.push('1');
    registries.push('2');
    await recorded.cloud.deploy(app({ KeepVersions: 1 }));
    const { cloud } = recorded;
    const update = app({ KeepVersions: 1, Source: `${SOURCE}/team/app:2` });
    // A resource that depends on nothing fails at last.
    const [deployment, late] = Object.entries(update.resources).find(([, { Type }]) => Type === DEPLOYMENT_TYPE)!;
    const withFailure = {
      ...update,
      resources: { ...update.resources, Late: { ...late, DependsOn: [deployment], Properties: { ...late.Properties, ServiceName: 'missing', Containers: { app: { Image: 'nginx' } } } } },
    };
    const outcome = await cloud.deploy(withFailure);

    expect(outcome).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', reason: expect.stringContaining('"missing"') });
    expect(cloud.versions()).toMatchObject({ 2: 'INACTIVE', 3: 'ACTIVE' });
    expect(running()).toBe(':web.app.1');
    expect(violations(recorded.recorder)).toEqual([]);
  });

  test('of a create removes what was registered', async () => {
    registries.push('1');
    recorded.cloud.emulator.outcomes.forImage(':web.app.1', Outcome.processExits());

    expect((await recorded.cloud.deploy(app())).status).toBe('ROLLBACK_COMPLETE');
    expect(stored()).toEqual({});
    expectTheTruth();
  });
});

describe('old versions', () => {
  async function deploy(tag: string, options: Partial<ImageOptions> = {}) {
    registries.push(tag);
    expect((await recorded.cloud.deploy(app({ Source: `${SOURCE}/team/app:${tag}`, ...options }))).status).toMatch(/_COMPLETE$/);
  }

  test('go, except for the last three', async () => {
    for (const tag of ['1', '2', '3', '4', '5']) await deploy(tag);

    // What the newest registration found in use stayed until the one after it.
    expect(Object.keys(stored())).toEqual([':web.app.3', ':web.app.4', ':web.app.5']);
    expectTheTruth();
  });

  test('go, except for as many as are to be kept, and for what runs', async () => {
    for (const tag of ['1', '2', '3']) await deploy(tag, { KeepVersions: 1 });

    expect(Object.keys(stored())).toEqual([':web.app.2', ':web.app.3']);
    expect(running()).toBe(':web.app.3');
  });

  test('of other labels, and of labels that begin alike, stay', async () => {
    for (const label of ['app2', 'apps', 'other']) recorded.cloud.emulator.invoke('RegisterContainerImage', { serviceName: 'web', label, digest: registerable() });
    for (const tag of ['1', '2']) await deploy(tag, { KeepVersions: 1 });
    await recorded.cloud.delete(app());

    expect(Object.keys(stored())).toEqual([':web.app2.1', ':web.apps.2', ':web.other.3', ':web.app.5']);
  });

  test('that cannot be removed fail nothing', async () => {
    recorded.cloud.emulator.faults.add({ operation: 'DeleteContainerImage', fault: Fault.accessDenied() });
    for (const tag of ['1', '2', '3']) await deploy(tag, { KeepVersions: 1 });

    expect(running()).toBe(':web.app.3');
    expect(recorded.recorder.lines.join('\n')).toContain('old versions were not removed');
  });

  /** A digest that the registry takes: hand-made images are not checked. */
  function registerable(): string {
    return `sha256:${'f'.repeat(64)}`;
  }
});

describe('the limit of 150 images', () => {
  function fill(label: string, count: number): void {
    for (let number = 0; number < count; number++) {
      recorded.cloud.emulator.invoke('RegisterContainerImage', { serviceName: 'web', label, digest: `sha256:${String(number).padStart(64, '0')}` });
    }
  }

  test('does not block what can clean up after itself', async () => {
    fill('app', 150);
    registries.push('1');

    expect((await recorded.cloud.deploy(app())).status).toBe('CREATE_COMPLETE');

    expect(running()).toBe(':web.app.151');
    expect(Object.keys(stored())).toEqual([':web.app.149', ':web.app.150', ':web.app.151']);
    expectTheTruth();
  });

  test('makes room even of what is kept', async () => {
    fill('other', 148);
    fill('app', 2);
    registries.push('1');

    expect((await recorded.cloud.deploy(app({ KeepVersions: 5 }))).status).toBe('CREATE_COMPLETE');
    expect(Object.keys(stored()).filter((name) => name.includes('.app.'))).toEqual([':web.app.151']);
  });

  test('fails with what to do, if all images are of others', async () => {
    fill('other', 150);
    registries.push('1');

    expect(failing(await recorded.cloud.deploy(app()))).toContain('The service stores 150 images, which is its limit');
    expect(Object.keys(stored())).toHaveLength(150);
  });
});

describe('a delete', () => {
  test('leaves no image behind, if nothing runs them', async () => {
    registries.push('1');
    await recorded.cloud.deploy(app());
    recorded.cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { other: { image: 'redis' } } });
    recorded.cloud.emulator.clock.advance(10 * MINUTE);

    expect((await recorded.cloud.delete(app())).status).toBe('DELETE_COMPLETE');
    expect(stored()).toEqual({});
  });

  test('leaves what a deployment uses, and the log tells', async () => {
    registries.push('1');
    registries.push('2');
    await recorded.cloud.deploy(app());
    await recorded.cloud.deploy(app({ Source: `${SOURCE}/team/app:2` }));

    expect((await recorded.cloud.delete(app())).status).toBe('DELETE_COMPLETE');

    expect(Object.keys(stored())).toEqual([':web.app.2']);
    expect(recorded.recorder.lines.join('\n')).toMatch(/"in use, so it stays".*:web\.app\.2/);
  });

  test('succeeds without the service', async () => {
    registries.push('1');
    await recorded.cloud.deploy(app());
    recorded.cloud.emulator.deleteService('web');

    expect((await recorded.cloud.delete(app())).status).toBe('DELETE_COMPLETE');
  });

  test('of properties that the handler cannot read has nothing to do', async () => {
    registries.push('1');
    const event = { ...recorded.cloud.createEvent(app()), RequestType: 'Delete' as const, PhysicalResourceId: 'invented', ResourceProperties: { Label: 'app' } };

    expect(await recorded.cloud.redeliver(event)).toMatchObject({ status: 'SUCCESS', physicalResourceId: 'invented' });
  });

  test('that fails says why', async () => {
    registries.push('1');
    recorded.cloud.emulator.outcomes.forImage(':web.app.1', Outcome.processExits());
    recorded.cloud.emulator.faults.add({ operation: 'DeleteContainerImage', fault: Fault.accessDenied() });

    expect((await recorded.cloud.deploy(app())).status).toBe('ROLLBACK_FAILED');
    expect(recorded.recorder.chronicle.some((entry) => entry.kind === 'answered'
      && entry.answer.reason?.includes('The images with label "app" of container service "web" were not removed: DeleteContainerImage failed: '))).toBe(true);
  });
});

describe('an event that comes twice', () => {
  test.each([0, 1, 5_000])('registers once, %i ms later', async (afterMs) => {
    registries.push('1');
    const prepared = recorded.cloud.prepare(app());
    const { clock } = recorded.cloud.emulator;

    const [outcome, again] = await clock.concurrently<{ data?: object; status: string } | StackOutcome>([
      () => prepared.finish(),
      async () => {
        await clock.sleep(afterMs);
        return recorded.cloud.redeliver(prepared.event);
      },
    ]);

    expect(outcome).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(again).toMatchObject({ status: 'SUCCESS', data: { Image: running() } });
    expect(Object.keys(stored())).toEqual([running()]);
    expectTheTruth();
  });

  test('leaves the older of two registrations, if both were made', async () => {
    const digest = registries.push('1');
    // Someone registers the same image between the look and the registration.
    recorded.cloud.emulator.faults.add({ operation: 'RegisterContainerImage', fault: Fault.slow(100), times: 1 });
    recorded.cloud.emulator.after(50, () => recorded.cloud.emulator.invoke('RegisterContainerImage', { serviceName: 'web', label: 'app', digest }));

    await recorded.cloud.deploy(app());

    expect(calls('RegisterContainerImage')).toBe(1);
    expect(calls('DeleteContainerImage')).toBe(1);
    expect(Object.keys(stored())).toEqual([':web.app.1']);
    expect(running()).toBe(':web.app.1');
    expectTheTruth();
  });
});

describe('an orphan', () => {
  test('of a cancelled create registers nothing after the stack has deleted the image', async () => {
    registries.push('1');
    const begun = await recorded.cloud.begin(app());

    const outcome = await begun.cancel().rollBack();
    const orphan = await begun.wait();

    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(orphan).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('the stack operation was cancelled or has ended') });
    expect(stored()).toEqual({});
    expectTheTruth();
  });

  test('of a cancelled update leaves what ran', async () => {
    registries.push('1');
    registries.push('2');
    await recorded.cloud.deploy(app());
    const begun = await recorded.cloud.begin(app({ Source: `${SOURCE}/team/app:2` }));

    const cancelled = begun.cancel();
    recorded.cloud.emulator.clock.advance(5_000);
    expect((await cancelled.rollBack()).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    await begun.wait();

    expect(running()).toBe(':web.app.1');
    expect(Object.keys(stored())).toEqual([':web.app.1']);
    expectTheTruth();
  });
});

describe('across calls', () => {
  test('a registry that asks to wait is asked again after that', async () => {
    registries.push('1');
    let throttled = 0;
    registries.target.intercept = ({ method, url }, response) => {
      if (method !== 'POST' || !url!.includes('uploads') || throttled >= 6) return false;
      throttled += 1;
      return (fail(response, 429, 'TOOMANYREQUESTS', { 'retry-after': '200' }), true);
    };

    expect((await recorded.cloud.deploy(app())).status).toBe('CREATE_COMPLETE');
    expect(Object.keys(stored())).toEqual([':web.app.1']);
    expectTheTruth();
  });

  test('a copy that does not end within the timeout fails with what is left', async () => {
    registries.push('1');
    registries.target.intercept = ({ method, url }, response) => method === 'POST' && url!.includes('uploads') && (fail(response, 503, 'UNAVAILABLE'), true);

    const reason = failing(await recorded.cloud.deploy(app({ Timeout: 300 })));

    expect(reason).toContain(`Image "${SOURCE}/team/app:1" was not copied to container service "web": it took more than 300 seconds`);
    expect(reason).toContain('UNAVAILABLE');
    expect(reason).toContain('The deployment was not touched.');
    expect(stored()).toEqual({});
  });
});

describe('what is refused at deploy, before the deployment is touched', () => {
  const missing = () => app({ Source: `${SOURCE}/team/app:missing` });

  test.each<[string, () => Partial<ImageOptions>, (string | RegExp)[]]>([
    ['a missing tag', () => ({ Source: `${SOURCE}/team/app:missing` }), ['MANIFEST_UNKNOWN', '/team/app, image missing', 'Check the name of the repository and the tag or digest']],
    ['a missing repository', () => ({ Source: `${SOURCE}/team/nothing:1` }), ['/team/nothing, image 1', 'Check the name of the repository']],
    ['a wrong password', () => ({ Credentials: { Username: 'user', Secret: { SsmParameter: { Name: '/wrong' } } } }), ['answered 401', 'Check the credentials']],
    ['no credentials', () => ({ Credentials: undefined }), ['answered 401', 'Give credentials']],
    ['a secret that is not there', () => ({ Credentials: { Secret: { SecretsManager: { SecretId: 'nowhere' } } } }), ['secret "nowhere"', 'Create the secret']],
    ['a secret that is no JSON', () => ({ Credentials: { Secret: { SsmParameter: { Name: '/wrong' } } } }), ['parameter "/wrong" is not a JSON object, so it has no field "username"']],
    ['another platform', () => {
      registries.push('arm', { platform: { os: 'linux', architecture: 'arm64' } });
      return { Source: `${SOURCE}/team/app:arm` };
    }, ['the image is for linux/arm64, and Lightsail runs linux/amd64', 'Platform.LINUX_AMD64']],
    ['an index without linux/amd64', () => {
      const type = 'application/vnd.oci.image.index.v1+json';
      registries.source.putManifest('team/app', 'index', {
        schemaVersion: 2,
        mediaType: type,
        manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 1, digest: `sha256:${'a'.repeat(64)}`, platform: { os: 'linux', architecture: 'arm64' } }],
      }, type);
      return { Source: `${SOURCE}/team/app:index` };
    }, ['there is no image for linux/amd64, only for linux/arm64']],
    ['a digest that is not there', () => ({ Source: `${SOURCE}/team/app@sha256:${'b'.repeat(64)}` }), ['MANIFEST_UNKNOWN', `sha256:${'b'.repeat(64)}`]],
    ['a registry that answers HTML', () => {
      registries.source.intercept = (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
        return true;
      };
      return {};
    }, ['web page (HTML)', 'no proxy or login page']],
    ['no reference', () => ({ Source: 'https://registry.example.com/team/app' }), ['is not an image reference', 'Correct the reference']],
  ])('%s', async (_, options, expected) => {
    registries.push('1');
    recorded.cloud.sources.put('/wrong', 'wr0ng-pa55word');
    await recorded.cloud.deploy(app({ Source: `${SOURCE}/team/app:1` }));
    const requested = recorded.cloud.emulator.requests.length;

    const reason = failing(await recorded.cloud.deploy(app({ Triggers: { again: 'yes' }, ...options() })));

    for (const text of expected) expect(reason).toMatch(typeof text === 'string' ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : text);
    expect(reason).not.toContain('wr0ng-pa55word');
    expect(running()).toBe(':web.app.1');
    expect(recorded.cloud.versions()).toEqual({ 1: 'ACTIVE' });
    expect(recorded.cloud.emulator.requests.slice(requested).map(({ operation }) => operation)).not.toContain('RegisterContainerImage');
  });

  test('a layer that is not what its digest says', async () => {
    registries.push('1');
    await recorded.cloud.deploy(app());
    registries.push('2');
    const changed = [...registries.source.blobs].at(-2)!;
    registries.source.blobs.set(changed[0], Buffer.concat([changed[1].subarray(1), Buffer.from('x')]));

    const reason = failing(await recorded.cloud.deploy(app({ Source: `${SOURCE}/team/app:2` })));

    expect(reason).toMatch(/layer \d of 2 \(sha256:[0-9a-f]{12}…, .*what the registry sent has the digest sha256:/);
    expect(running()).toBe(':web.app.1');
  });

  test('a service that is not there', async () => {
    registries.push('1');
    recorded.cloud.emulator.deleteService('web');

    const outcome = await recorded.cloud.deploy(app());

    expect(outcome).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining('there is no such service in this account and Region') });
    expect(registries.requests).toEqual([]);
  });

  test('a service that is being deleted', async () => {
    registries.push('1');
    recorded.cloud.emulator.setServiceState('web', 'DELETING');

    expect((await recorded.cloud.deploy(app())).reason).toContain('the service is DELETING');
  });

  test('wrong credentials are tried once: a registry may lock out who tries often', async () => {
    registries.push('1');
    recorded.cloud.sources.put('/wrong', 'wr0ng-pa55word');
    await recorded.cloud.deploy(app({ Credentials: { Username: 'user', Secret: { SsmParameter: { Name: '/wrong' } } } }));

    expect(registries.source.requests.filter(({ authorization }) => authorization !== undefined)).toHaveLength(1);
  });

  test('a new permission to pull from Amazon ECR may take a moment', async () => {
    registries.push('1');
    const until = recorded.cloud.emulator.clock.now() + 40_000;
    registries.source.intercept = (_, response) => recorded.cloud.emulator.clock.now() < until && (fail(response, 403, 'DENIED'), true);

    expect((await recorded.cloud.deploy(app({ Source: `${ECR_SOURCE}/team/app:1`, Credentials: undefined }))).status).toBe('CREATE_COMPLETE');
  });

  test('a missing image names the same at the first create', async () => {
    expect(failing(await recorded.cloud.deploy(missing()))).toContain('image missing');
    expect(stored()).toEqual({});
  });
});

test('no output holds a credential', async () => {
  registries.push('1');
  registries.source.intercept = ({ headers }, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ errors: [{ code: 'UNKNOWN', message: `you sent ${headers.authorization ?? ''} and ${PASSWORD}` }] }));
    return true;
  };
  registries.target.intercept = registries.source.intercept;

  const outcome = await recorded.cloud.deploy(app({ Timeout: 300 }));

  const all = JSON.stringify([outcome, recorded.recorder.lines]);
  for (const secret of [PASSWORD, Buffer.from(`user:${PASSWORD}`).toString('base64')]) expect(all).not.toContain(secret);
  expectTheTruth();
});

test('an image is registered with the digest that it has at the target, and is found by it', async () => {
  const digest = putImage(registries.source, { repository: 'team/app', tag: '1', change: (manifest) => { delete manifest.mediaType; } });
  // Amazon ECR has refused manifests that do not name their type.
  let isRefused = false;
  registries.target.intercept = (request, response) => {
    if (isRefused || request.method !== 'PUT' || !request.url!.includes('/manifests/')) return false;
    isRefused = true;
    request.resume();
    fail(response, 400, 'MANIFEST_INVALID');
    return true;
  };
  await recorded.cloud.deploy(app());
  expect((await recorded.cloud.deploy(app({ Triggers: { again: 'yes' } }))).status).toBe('UPDATE_COMPLETE');

  expect(isRefused).toBe(true);
  expect(stored()).toEqual({ ':web.app.1': expect.not.stringMatching(digest) });
  expect(calls('RegisterContainerImage')).toBe(1);
  expectTheTruth();
});
