/**
 * Writes what CloudFormation keeps of the custom resources of today's library, for the tests of later versions:
 * tsx record.ts <folder>
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEPT_FOLDER, keptVersions } from './kept-resource';
import { record } from './recorder';
import { secretsApp } from './secrets-app';
import { EVERYTHING, synthesize as synthesizeApp } from '../../apps/apps';
import { appAsStack } from '../apps/cloud-assembly';
import { synthesize } from '../apps/template';

async function main(version: string | undefined): Promise<void> {
  const newest = keptVersions().at(-1) ?? '';
  if (version === undefined || !/^\d{4}-\d{2}-\d{2}-[a-z]+$/.test(version) || version <= newest) {
    throw new Error(`Give the folder a name of the form 2026-11-25-second, which sorts after "${newest}". What is recorded stays as it is for ever.`);
  }
  const assembly = mkdtempSync(join(tmpdir(), 'kept-properties-'));
  try {
    await synthesizeApp(EVERYTHING, { outdir: join(assembly, 'everything') });
    const stacks = [
      ...['Everything', 'Imported'].map((name) => appAsStack(join(assembly, 'everything'), name)),
      synthesize(assembly, secretsApp),
    ];
    const resources = [];
    for (const stack of stacks) resources.push(...await record(stack));

    const folder = join(KEPT_FOLDER, version);
    if (existsSync(folder)) throw new Error(`${folder} exists. What is recorded stays as it is for ever.`);
    mkdirSync(folder);
    for (const resource of resources) {
      writeFileSync(join(folder, `${resource.LogicalResourceId}.json`), `${JSON.stringify(resource, undefined, 2)}\n`);
    }
    console.log(`${resources.length} resources are in ${folder}`);
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
