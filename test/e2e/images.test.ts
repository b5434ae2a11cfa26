import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outcome } from '../emulator';
import type { CdkResult } from './cdk-cli';
import { LocalCloud } from './local-cloud';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'dockerfile');
const SERVICE = 'dockerfile';
const STACK = 'DockerfileLightsail';

/** The first run also installs MiniStack. */
const TIMEOUT = 10 * 60_000;

/*
 * From a Dockerfile to a running service, through the real CDK CLI. No engine is here: nothing of the Dockerfile is run, and the base image has no
 * content. MiniStack does not update resources back when a stack rolls back: test/lifecycle does.
 */
let cloud: LocalCloud;
/** The files of the image, which the tests change. */
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-web-'));
  await cp(join(EXAMPLE, 'web'), directory, { recursive: true });
  cloud = await LocalCloud.start({ images: true });
  await succeed(cloud.bootstrap(EXAMPLE));
}, TIMEOUT);
afterAll(async () => {
  await cloud?.stop();
  await rm(directory, { recursive: true, force: true });
}, TIMEOUT);

const deploy = () => cloud.cdk(EXAMPLE, 'deploy', '--require-approval', 'never', '-c', `directory=${directory}`);
const images = () => cloud.emulator.images(SERVICE).map(({ image }) => image);
const versions = () => cloud.emulator.deployments(SERVICE).map(({ version, state, containers }) => `${version} ${state} ${containers?.web.image}`);
const calls = (operation: string) => cloud.emulator.requests.filter((request) => request.operation === operation).length;

/** A failed test shows what the CDK CLI wrote. */
async function succeed(command: Promise<CdkResult>): Promise<void> {
  const { exitCode, output } = await command;
  expect(exitCode === 0 ? 'success' : output).toBe('success');
}

async function change(text: string): Promise<void> {
  const file = join(directory, 'public', 'index.html');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/<h1>.*<\/h1>/, `<h1>${text}</h1>`));
}

describe('cdk deploy of examples/dockerfile', () => {
  // The tests build on each other.
  test('creates the service, builds the image, and ends with that image ACTIVE', async () => {
    await succeed(deploy());

    expect(versions()).toEqual([`1 ACTIVE :${SERVICE}.web.1`]);
    expect(cloud.emulator.service(SERVICE)).toMatchObject({ state: 'RUNNING' });
    const [{ digest }] = cloud.emulator.images(SERVICE);
    expect(await cloud.registries!.inspect(digest!)).toMatchObject({
      architecture: 'amd64', config: { Cmd: ['node', 'server.mjs'], WorkingDir: '/app', User: 'node', Env: ['PORT=8080'] },
    });
  }, TIMEOUT);

  test('copies, registers and deploys nothing while no file changes', async () => {
    await succeed(deploy());

    expect(calls('RegisterContainerImage')).toBe(1);
    expect(calls('CreateContainerServiceRegistryLogin')).toBe(1);
    expect(versions()).toHaveLength(1);
  }, TIMEOUT);

  test('makes exactly one new version of one changed file', async () => {
    await change('Second');
    await succeed(deploy());

    expect(images().sort()).toEqual([`:${SERVICE}.web.1`, `:${SERVICE}.web.2`]);
    expect(versions()).toEqual([`2 ACTIVE :${SERVICE}.web.2`, `1 INACTIVE :${SERVICE}.web.1`]);
  }, TIMEOUT);

  test('fails if the new image does not run, and the earlier one keeps serving', async () => {
    cloud.emulator.outcomes.forImage(`:${SERVICE}.web.3`, Outcome.processExits({ logLines: ['Error: Cannot find module'] }));
    await change('Third');
    const { exitCode, output } = await deploy();

    expect(exitCode).not.toBe(0);
    expect(output).toContain('Cannot find module');
    expect(await cloud.cloudFormation.stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(versions()).toEqual([`3 FAILED :${SERVICE}.web.3`, `2 ACTIVE :${SERVICE}.web.2`, `1 INACTIVE :${SERVICE}.web.1`]);
  }, TIMEOUT);

  test('finds the image of the first files: it copies and registers nothing, and deploys once', async () => {
    const before = { logins: calls('CreateContainerServiceRegistryLogin'), images: images() };
    await change('Hello from Lightsail');
    await succeed(deploy());

    expect({ logins: calls('CreateContainerServiceRegistryLogin'), images: images() }).toEqual(before);
    expect(versions()[0]).toBe(`4 ACTIVE :${SERVICE}.web.1`);
  }, TIMEOUT);

  test('keeps three images, and the one that runs', async () => {
    for (const text of ['Fourth', 'Fifth']) {
      await change(text);
      await succeed(deploy());
    }

    expect(images().sort()).toEqual([3, 4, 5].map((version) => `:${SERVICE}.web.${version}`));
    expect(cloud.emulator.service(SERVICE)?.currentDeployment?.containers.web.image).toBe(`:${SERVICE}.web.5`);
  }, TIMEOUT);

  test('and cdk destroy leave no image and no service', async () => {
    await succeed(cloud.cdk(EXAMPLE, 'destroy', '--force', '-c', `directory=${directory}`));

    expect(await cloud.cloudFormation.stackStatus(STACK)).toBeUndefined();
    expect(images()).toEqual([]);
    expect(cloud.emulator.service(SERVICE)).toBeUndefined();
  }, TIMEOUT);
});

test('no process is left running', async () => {
  await cloud.stop();
  expect(cloud.isAlive).toBe(false);
}, TIMEOUT);
