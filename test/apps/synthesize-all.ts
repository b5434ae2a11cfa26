/**
 * Synthesizes several apps in one process, which loads the lowest or the newest aws-cdk-lib once:
 * tsx synthesize-all.ts <lowest or newest> <folder of the assemblies> <name> <app> <name> <app> ...
 */
import { join } from 'node:path';

const [, , version, folder, ...apps] = process.argv;

async function main(): Promise<void> {
  if (version === 'newest') await import(join(__dirname, 'newest-cdk.ts'));
  for (let index = 0; index < apps.length; index += 2) {
    // An app reads these when it is created. It synthesizes when the process is about to end, unless it does before.
    process.env.CDK_OUTDIR = join(folder, apps[index]);
    process.chdir(apps[index + 1]);
    await import(join(apps[index + 1], 'app.ts'));
  }
}

void main();
