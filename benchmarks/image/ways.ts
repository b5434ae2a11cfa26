import { execFile, spawn } from 'node:child_process';
import { access, chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LambdaRuntime } from './lambda-runtime';
import { peakMemory } from './peak-memory';
import { CopierProcess } from '../../test/images/copier-process';
import { TOOLS } from '../../test/images/tools';
import type { World } from '../../test/images/world';

const run = promisify(execFile);

/** One run of one way to copy an image. */
export interface Measured {
  readonly milliseconds: number;
  readonly peakMib: number;
}

export interface Way {
  readonly name: string;
  copy(from: string, to: string): Promise<Measured>;
}

const ECR_DEPLOYMENT = '4.2.65';

/**
 * The ways to copy an image. The two that run as a function are timed from the event to the answer, as Lambda starts the
 * function ahead; the two commands are timed with their start, which takes some hundredths of a second.
 */
export async function ways(world: World, bundle: string): Promise<Way[]> {
  const bootstrap = await ecrDeploymentBootstrap();
  return [
    { name: 'cdk-lightsail-containers', copy: async (from, to) => ours(world, bundle, from, to) },
    { name: 'skopeo copy', copy: async (from, to) => command(world, world.tools.skopeo, ['copy', '-q', `docker://${from}`, `docker://${to}`]) },
    { name: 'crane copy', copy: async (from, to) => command(world, world.tools.crane, ['copy', from, to]) },
    { name: 'cdk-ecr-deployment', copy: async (from, to) => ecrDeployment(world, bootstrap, from, to) },
  ];
}

async function ours(world: World, bundle: string, from: string, to: string): Promise<Measured> {
  const copier = await CopierProcess.start(bundle);
  const [registry = '', repository = ''] = to.replace(/:copy$/, '').split(/\/(.*)/);
  const begun = performance.now();
  const outcome = await copier.copy({
    reference: from,
    target: { registry, repository },
    access: { certificateAuthority: world.certificate.certificate },
    yieldAfter: 300_000,
    deadlineAfter: 600_000,
  });
  const milliseconds = copier.answeredAt - begun;
  if (!outcome?.isFinished) throw new Error(`Not copied: ${outcome?.failure}`);
  return { milliseconds, peakMib: outcome.peakMib };
}

async function command(world: World, program: string, args: readonly string[]): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(program, [...args], { env: world.toolEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors += text; });
  let peakMib = 0;
  const timer = setInterval(() => { peakMib = Math.max(peakMib, peakMemory(child.pid!)); }, 20);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  const milliseconds = performance.now() - begun;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program}: ${errors}`);
  return { milliseconds, peakMib };
}

async function ecrDeployment(world: World, bootstrap: string, from: string, to: string): Promise<Measured> {
  const runtime = await LambdaRuntime.start();
  const child = spawn(bootstrap, [], {
    stdio: 'ignore',
    env: {
      ...world.toolEnvironment(),
      AWS_LAMBDA_RUNTIME_API: runtime.host,
      AWS_LAMBDA_LOG_STREAM_NAME: 'log',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    },
  });
  try {
    await runtime.ready();
    const begun = performance.now();
    await runtime.invoke({
      RequestType: 'Create',
      RequestId: '1',
      StackId: 's',
      LogicalResourceId: 'l',
      ResourceType: 'Custom::CDKBucketDeployment',
      ResourceProperties: { SrcImage: `docker://${from}`, SrcCreds: '', DestImage: `docker://${to}`, DestCreds: '' },
    });
    return { milliseconds: performance.now() - begun, peakMib: peakMemory(child.pid!) };
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    await runtime.stop();
  }
}

/** The function that the npm package brings, 50 MiB long. */
async function ecrDeploymentBootstrap(): Promise<string> {
  const folder = join(TOOLS, `cdk-ecr-deployment-${ECR_DEPLOYMENT}`);
  const bootstrap = join(folder, 'package', 'lambda-bin', 'bootstrap');
  if (!await access(bootstrap).then(() => true, () => false)) {
    await mkdir(folder, { recursive: true });
    await run('npm', ['pack', '--silent', `cdk-ecr-deployment@${ECR_DEPLOYMENT}`], { cwd: folder });
    await run('tar', ['xzf', `cdk-ecr-deployment-${ECR_DEPLOYMENT}.tgz`, 'package/lambda-bin/bootstrap'], { cwd: folder });
    await chmod(bootstrap, 0o755);
  }
  return bootstrap;
}
