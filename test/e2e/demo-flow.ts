import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Outcome } from '../emulator';
import type { LocalCloud } from './local-cloud';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** An app, and the steps that are shown with it. */
export interface Flow {
  readonly app: string;
  readonly stack: string;
  readonly service: string;
  /** What must be so before the first step. */
  readonly prepare: (cloud: LocalCloud) => void;
  readonly steps: readonly Step[];
}

const FIRST_IMAGE = 'public.ecr.aws/nginx/nginx:1.27';
const NEXT_IMAGE = 'public.ecr.aws/nginx/nginx:1.28';
const MISSING_IMAGE = 'public.ecr.aws/nginx/nginx:no-such-tag';

/** What there is after a step: the facts that a step is judged by. */
export interface Situation {
  readonly cdk: 'succeeds' | 'fails';
  /** undefined: there is no stack. */
  readonly stack?: string;
  /** undefined: there is no service, or nothing runs on it. */
  readonly serves?: string;
  /** What Lightsail keeps of the service's deployments, newest first. */
  readonly versions: readonly string[];
}

export interface Step {
  readonly title: string;
  /** Changes the app. */
  readonly before?: () => Promise<void>;
  readonly command: readonly string[];
  readonly expected: Situation;
  /** What the reason of a failure must contain. */
  readonly reasonTells?: readonly RegExp[];
}

export interface StepResult {
  readonly situation: Situation;
  /** Why CloudFormation says that the step failed; empty unless it did. */
  readonly reason: string;
  readonly url?: string;
  readonly output: string;
  readonly seconds: number;
  /** In what it differs from what was expected. */
  readonly differences: readonly string[];
}

const deploy = (image: string) => ['deploy', '--require-approval', 'never', '-c', `image=${image}`];
const serving = (version: number, image: string) => `version ${version}, ${image}`;

/** Images of a registry. */
export const REGISTRY_FLOW: Flow = {
  app: join(EXAMPLES, 'typescript'),
  stack: 'HelloLightsail',
  service: 'hello',
  prepare: (cloud) => cloud.emulator.outcomes.forImage(MISSING_IMAGE, Outcome.imageCannotBePulled()),
  steps: [
    {
      title: 'First deployment',
      command: deploy(FIRST_IMAGE),
      expected: { cdk: 'succeeds', stack: 'CREATE_COMPLETE', serves: serving(1, FIRST_IMAGE), versions: ['1 ACTIVE'] },
    },
    {
      title: 'Update to a new image',
      command: deploy(NEXT_IMAGE),
      expected: { cdk: 'succeeds', stack: 'UPDATE_COMPLETE', serves: serving(2, NEXT_IMAGE), versions: ['2 ACTIVE', '1 INACTIVE'] },
    },
    {
      title: 'Update to an image that does not exist',
      command: deploy(MISSING_IMAGE),
      expected: {
        cdk: 'fails',
        stack: 'UPDATE_ROLLBACK_COMPLETE',
        serves: serving(2, NEXT_IMAGE),
        // The rollback finds version 2 still active, so there is no version 4.
        versions: ['3 FAILED', '2 ACTIVE', '1 INACTIVE'],
      },
      reasonTells: [/version 3/i, /FAILED/],
    },
    {
      title: 'Destroy',
      command: ['destroy', '--force'],
      expected: { cdk: 'succeeds', versions: [] },
    },
  ],
};

/**
 * An image that is built from a Dockerfile, in a machine without an engine.
 *
 * @param directory where the files of the image are copied to, so that a step can change one
 */
export function dockerfileFlow(directory: string): Flow {
  const app = join(EXAMPLES, 'dockerfile');
  const service = 'dockerfile';
  const context = ['-c', `directory=${directory}`];
  const command = ['deploy', '--require-approval', 'never', ...context];
  const image = (version: number) => `:${service}.web.${version}`;
  const change = (text: string) => async () => {
    const file = join(directory, 'public', 'index.html');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/<h1>.*<\/h1>/, `<h1>${text}</h1>`));
  };
  return {
    app,
    stack: 'DockerfileLightsail',
    service,
    prepare: (cloud) => cloud.emulator.outcomes.forImage(image(3), Outcome.processExits({ logLines: ['Error: Cannot find module \'/app/server.mjs\''] })),
    steps: [
      {
        title: 'From a Dockerfile to a running service',
        before: () => cp(join(app, 'web'), directory, { recursive: true }),
        command,
        expected: { cdk: 'succeeds', stack: 'CREATE_COMPLETE', serves: serving(1, image(1)), versions: ['1 ACTIVE'] },
      },
      {
        title: 'Change one file',
        before: change('Hello again'),
        command,
        expected: { cdk: 'succeeds', stack: 'UPDATE_COMPLETE', serves: serving(2, image(2)), versions: ['2 ACTIVE', '1 INACTIVE'] },
      },
      {
        title: 'Break it',
        before: change('Hello, but broken'),
        command,
        expected: {
          cdk: 'fails', stack: 'UPDATE_ROLLBACK_COMPLETE', serves: serving(2, image(2)), versions: ['3 FAILED', '2 ACTIVE', '1 INACTIVE'],
        },
        reasonTells: [/version 3/i, /Cannot find module/],
      },
      {
        title: 'Back to the first files: their image is still there',
        before: change('Hello from Lightsail'),
        command,
        expected: {
          cdk: 'succeeds', stack: 'UPDATE_COMPLETE', serves: serving(4, image(1)), versions: ['4 ACTIVE', '3 FAILED', '2 INACTIVE', '1 INACTIVE'],
        },
      },
      {
        title: 'Destroy',
        command: ['destroy', '--force', ...context],
        expected: { cdk: 'succeeds', versions: [] },
      },
    ],
  };
}

export async function runStep(cloud: LocalCloud, { app, stack, service: serviceName }: Flow, step: Step): Promise<StepResult> {
  const started = Date.now();
  await step.before?.();
  const { exitCode, output } = await cloud.cdk(app, ...step.command);
  const service = cloud.emulator.service(serviceName);
  const current = service?.currentDeployment;
  const situation: Situation = {
    cdk: exitCode === 0 ? 'succeeds' : 'fails',
    stack: await cloud.cloudFormation.stackStatus(stack),
    serves: current && serving(current.version, current.containers.web?.image ?? ''),
    versions: cloud.emulator.deployments(serviceName).map(({ version, state }) => `${version} ${state}`),
  };
  const reason = situation.cdk === 'fails' ? await failureReason(cloud, stack) : '';
  return {
    situation,
    reason,
    url: current && service.url,
    output,
    seconds: (Date.now() - started) / 1000,
    differences: [
      ...differences(step.expected, situation),
      ...(step.reasonTells ?? []).filter((pattern) => !pattern.test(reason)).map((pattern) => `the reason lacks ${pattern}: ${reason}`),
    ],
  };
}

async function failureReason(cloud: LocalCloud, stack: string): Promise<string> {
  const events = await cloud.cloudFormation.stackEvents(stack);
  return events.find(({ logicalId, status }) => logicalId !== stack && status.endsWith('_FAILED'))?.reason ?? '';
}

function differences(expected: Situation, actual: Situation): string[] {
  return (['cdk', 'stack', 'serves', 'versions'] as const)
    .filter((fact) => JSON.stringify(expected[fact]) !== JSON.stringify(actual[fact]))
    .map((fact) => `${fact}: expected ${JSON.stringify(expected[fact])}, found ${JSON.stringify(actual[fact])}`);
}
