import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './command';
import { CdkCli } from '../e2e/cdk-cli';

/** Synthesizes an example app as a user does, with the real CDK CLI, and resolves to the template. */
export async function synthesize(app: string, env: Environment, ...args: readonly string[]): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-synth-'));
  try {
    const outputDirectory = join(directory, 'cdk.out');
    const cli = new CdkCli({
      outputDirectory,
      env: {
        ...withoutSettings(env),
        // No setting of the user's plays a part: not ~/.cdk.json, no profile, no account.
        HOME: directory,
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CI: 'true',
        NO_COLOR: '1',
      },
    });
    const { exitCode, output } = await cli.run(app, ['synth', '--quiet', ...args]);
    if (exitCode !== 0) {
      throw new Error(`cdk synth ended with ${exitCode}:\n${output}`);
    }
    return JSON.parse(await readFile(join(outputDirectory, 'HelloLightsail.template.json'), 'utf8'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function withoutSettings(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(AWS|CDK)_/.test(name)));
}
