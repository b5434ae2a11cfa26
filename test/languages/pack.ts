import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command';
import { ARTIFACTS, MAVEN_REPOSITORY, ROOT, TOOL_ENVIRONMENT } from './paths';

export type Target = 'python' | 'java' | 'go' | 'dotnet';

const PACMAK = join(ROOT, 'node_modules', '.bin', 'jsii-pacmak');

/** Packs the compiled library for a language, as it is published, and resolves to the folder that holds it. */
export async function pack(target: Target): Promise<string> {
  const directory = join(ARTIFACTS, target);
  await rm(directory, { recursive: true, force: true });
  await mkdir(ARTIFACTS, { recursive: true });
  await run(PACMAK, [
    '--target', target,
    '--outdir', ARTIFACTS,
    '--npmignore=false',
    '--maven-local-repository', MAVEN_REPOSITORY,
    // A Go module is published as source: what the build would add is that it compiles, which the app's build shows as well.
    // For .NET the build would need its SDK.
    ...target === 'go' || target === 'dotnet' ? ['--code-only'] : [],
  ], { cwd: ROOT, env: TOOL_ENVIRONMENT });
  return directory;
}
