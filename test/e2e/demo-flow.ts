import { join } from 'node:path';
import { Outcome } from '../emulator';
import type { LocalCloud } from './local-cloud';

export const EXAMPLE = join(__dirname, '..', '..', 'examples', 'typescript');
export const STACK = 'HelloLightsail';
export const SERVICE = 'hello';

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

export const STEPS: readonly Step[] = [
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
];

/** What must be so before the first step. */
export function prepare(cloud: LocalCloud): void {
  cloud.emulator.outcomes.forImage(MISSING_IMAGE, Outcome.imageCannotBePulled());
}

export async function runStep(cloud: LocalCloud, step: Step): Promise<StepResult> {
  const started = Date.now();
  const { exitCode, output } = await cloud.cdk(EXAMPLE, ...step.command);
  const service = cloud.emulator.service(SERVICE);
  const current = service?.currentDeployment;
  const situation: Situation = {
    cdk: exitCode === 0 ? 'succeeds' : 'fails',
    stack: await cloud.cloudFormation.stackStatus(STACK),
    serves: current && serving(current.version, current.containers.web?.image ?? ''),
    versions: cloud.emulator.deployments(SERVICE).map(({ version, state }) => `${version} ${state}`),
  };
  const reason = situation.cdk === 'fails' ? await failureReason(cloud) : '';
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

async function failureReason(cloud: LocalCloud): Promise<string> {
  const events = await cloud.cloudFormation.stackEvents(STACK);
  return events.find(({ logicalId, status }) => logicalId !== STACK && status.endsWith('_FAILED'))?.reason ?? '';
}

function differences(expected: Situation, actual: Situation): string[] {
  return (['cdk', 'stack', 'serves', 'versions'] as const)
    .filter((fact) => JSON.stringify(expected[fact]) !== JSON.stringify(actual[fact]))
    .map((fact) => `${fact}: expected ${JSON.stringify(expected[fact])}, found ${JSON.stringify(actual[fact])}`);
}
