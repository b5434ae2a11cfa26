/**
 * Shows the real CDK CLI deploy examples to a cloud on this machine: a deployment, an update, an
 * update that fails, and the end. First images of a registry, then one that is built from a Dockerfile. Exits with 1 if
 * anything differs from what is expected.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { dockerfileFlow, REGISTRY_FLOW, runStep, type Flow, type Step, type StepResult } from './demo-flow';
import { paint, paintStates } from './demo-style';
import { LocalCloud } from './local-cloud';
import { watchService } from './watch';
import { haveRegistryPrograms } from '../images/tools';

const VERBOSE = process.argv.includes('--verbose');
const WIDTH = 90;

const say = (line = '') => process.stdout.write(`${line}\n`);

async function main(): Promise<boolean> {
  say('cdk-lightsail-containers on a local cloud: no AWS account, nothing leaves this machine.');
  say();
  say('Starting MiniStack and the Lightsail emulator (the first time also installs MiniStack) …');
  const images = await haveRegistryPrograms();
  const directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-web-'));
  const cloud = await LocalCloud.start({ images, onCliOutput: VERBOSE ? (text) => process.stdout.write(text) : undefined });
  try {
    say(`  CloudFormation, Lambda and the rest   ${cloud.endpoint}`);
    say(`  Lightsail, at twenty times its pace   ${cloud.emulator.url}`);
    say('  cdk bootstrap');
    const { exitCode, output } = await cloud.bootstrap(REGISTRY_FLOW.app);
    if (exitCode !== 0) {
      say(output);
      return false;
    }
    if (!images) {
      say();
      say('Without docker-registry, skopeo, openssl and setpriv, the example with a Dockerfile is left out.');
    }
    for (const flow of images ? [REGISTRY_FLOW, dockerfileFlow(directory)] : [REGISTRY_FLOW]) {
      if (!await runSteps(cloud, flow)) return false;
    }
    say();
    say('The URLs are the emulator\'s: nothing answers there. On AWS, the same app answers at the one of its stack output.');
    if (images) say('No container engine is here: nothing in the Dockerfile is run, and its base image has no content.');
    return true;
  } finally {
    await cloud.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function runSteps(cloud: LocalCloud, flow: Flow): Promise<boolean> {
  say();
  say(paint('bold', relative(process.cwd(), flow.app)));
  flow.prepare(cloud);
  const results: StepResult[] = [];
  for (const [index, step] of flow.steps.entries()) {
    say();
    say(paint('bold', `${index + 1}. ${step.title}`));
    say(paint('dim', `   $ cdk ${step.command.join(' ')}`));
    const result = await watched(cloud, flow, step);
    results.push(result);
    tell(result);
    if (result.differences.length > 0) {
      break;
    }
  }
  summarize(flow, results);
  return results.every(({ differences }) => differences.length === 0);
}

async function watched(cloud: LocalCloud, flow: Flow, step: Step): Promise<StepResult> {
  const started = Date.now();
  const stop = watchService(cloud.emulator, flow.service, (line) => {
    say(`   ${paint('dim', `${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s`)}  ${paintStates(line)}`);
  });
  try {
    return await runStep(cloud, flow, step);
  } finally {
    stop();
  }
}

function tell({ reason, situation, differences, output }: StepResult): void {
  if (reason) {
    say();
    say('   CloudFormation says why:');
    for (const line of wrap(excerptOf(reason))) {
      say(`   ${paint('red', '│')} ${line}`);
    }
    say();
  }
  say(paintStates(`   cdk ${situation.cdk}; ${situation.stack ?? 'no stack'}; ${situation.serves ? `${situation.serves} serves` : 'nothing serves'}`));
  if (differences.length > 0) {
    say('   This is not what was expected:');
    differences.forEach((difference) => say(`   ! ${difference}`));
    if (!VERBOSE) {
      say(output);
    }
  }
}

function summarize({ steps }: Flow, results: readonly StepResult[]): void {
  const rows = steps.map(({ title }, index) => {
    const result = results[index];
    return result
      ? [
        result.differences.length === 0 ? 'as expected' : 'DIFFERS',
        `${result.seconds.toFixed(0)} s`,
        title,
        `cdk ${result.situation.cdk}`,
        result.situation.versions.join(', ') || 'stack and service are gone',
      ]
      : ['not run', '', title, '', ''];
  });
  const table = [['Outcome', 'Took', 'Step', 'CDK CLI', 'Versions'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  say();
  for (const row of table) {
    say(paintStates(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()));
  }
  const url = results.find((result) => result.url)?.url;
  if (url) {
    say();
    say(`The URL was ${url}`);
  }
}

/** Without what the Provider framework adds: the name of its log group and its stack trace. */
function excerptOf(reason: string): string {
  return reason.split(/\n\s*(?:Logs: \/aws\/lambda\/|at )/)[0].trim();
}

function wrap(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const lines = [''];
    for (const word of line.split(' ')) {
      const last = lines[lines.length - 1];
      if (last && last.length + word.length >= WIDTH) {
        lines.push(word);
      } else {
        lines[lines.length - 1] = last ? `${last} ${word}` : word;
      }
    }
    return lines;
  });
}

main().then(
  (isAsExpected) => {
    process.exitCode = isAsExpected ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
