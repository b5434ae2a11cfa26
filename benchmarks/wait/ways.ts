import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { IMAGE, SERVICE, type Reported, type WayOfWaiting } from './scenario';
import { sdkLightsail } from '../../lambda/clients/sdk/lightsail';
import { webApp } from '../../test/lifecycle/apps/apps';
import { synthesize, type SynthesizedStack } from '../../test/lifecycle/apps/template';
import { DirectClient } from '../../test/lifecycle/aws/direct-client';
import { lightsailServer } from '../../test/lifecycle/aws/direct-servers';
import type { CloudFormation } from '../../test/lifecycle/cloudformation/cloudformation';
import { FrameworkRuntime } from '../../test/lifecycle/cloudformation/framework-runtime';

const DESIRED = { containers: { app: { image: IMAGE, ports: { 80: 'HTTP' as const } } }, publicEndpoint: { containerName: 'app', containerPort: 80 } };
const EVENT = {
  RequestType: 'Create', RequestId: 'request-1', ResponseURL: 'https://answers.example/1', StackId: 'stack', ResourceType: 'Custom::Plain', LogicalResourceId: 'Plain', ResourceProperties: {},
} as const;

/** Calls Lightsail as the SDK does, without sockets. */
function lightsailOf({ emulator }: CloudFormation) {
  return sdkLightsail({}, (config) => new DirectClient(lightsailServer(emulator, 'benchmark'), emulator.clock, config) as never);
}

async function stateOf(lightsail: ReturnType<typeof lightsailOf>): Promise<string> {
  const [{ state }] = await lightsail.getDeployments(SERVICE);
  return state;
}

/** The handler of a synthesized app, called by the framework's own code at the cadence of its state machine. */
const handler: WayOfWaiting = async (cloud) => {
  const { status, transitions } = await handled(cloud, preparedApp());
  return { state: status === 'SUCCESS' ? 'ACTIVE' : 'FAILED', transitions };
};

async function handled(cloud: CloudFormation, app: SynthesizedStack) {
  const { status } = await cloud.redeliver(cloud.createEvent(app));
  return { status, transitions: cloud.transitions };
}

/** terraform-provider-aws 6.47: the first look after 5 seconds, then at intervals that double from 3 up to 10, and one read at the end. */
const terraform: WayOfWaiting = async (cloud) => {
  const { clock } = cloud.emulator;
  const lightsail = lightsailOf(cloud);
  await lightsail.createDeployment(SERVICE, DESIRED);
  await clock.sleep(5_000);
  for (let interval = 3_000; ; interval *= 2) {
    const state = await stateOf(lightsail);
    if (state === 'FAILED') return { state };
    if (state === 'ACTIVE') {
      await lightsail.getDeployments(SERVICE);
      return { state };
    }
    await clock.sleep(Math.min(interval, 10_000));
  }
};

/** One look for each call of isComplete. Step Functions waits between the calls. */
function oneLookEvery(seconds: number): WayOfWaiting {
  return async (cloud): Promise<Reported> => {
    const lightsail = lightsailOf(cloud);
    let ended: 'ACTIVE' | 'FAILED' = 'ACTIVE';
    const framework = new FrameworkRuntime({
      clock: cloud.emulator.clock,
      lambda: cloud.lambda!,
      stackName: 'Plain',
      memoryMb: 256,
      timeoutSeconds: 900,
      waiter: { IntervalSeconds: seconds, MaxAttempts: 3_600 / seconds, BackoffRate: 1 },
      onEvent: async () => {
        await lightsail.createDeployment(SERVICE, DESIRED);
        return { PhysicalResourceId: SERVICE };
      },
      isComplete: async () => {
        const state = await stateOf(lightsail);
        if (state === 'FAILED') ended = state;
        return { IsComplete: state === 'ACTIVE' || state === 'FAILED' };
      },
    });
    await framework.handle(EVENT);
    return { state: ended, transitions: framework.stateMachine.transitions };
  };
}

export const OURS = 'cdk-lightsail-containers';
export const TERRAFORM = 'Terraform';
export const WAYS: Record<string, WayOfWaiting> = {
  [OURS]: handler,
  [TERRAFORM]: terraform,
  'one look every 5 s (framework)': oneLookEvery(5),
  'one look every 10 s (framework)': oneLookEvery(10),
};

let prepared: SynthesizedStack | undefined;

/** An app that is synthesized once. Its folder stays until the process ends, because the handler is loaded from it. */
export function preparedApp(): SynthesizedStack {
  if (prepared) return prepared;
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return prepared = synthesize(folder, webApp(IMAGE, { timeout: Duration.hours(1) }));
}
