import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { ROOT, run } from './processes';

/** Tools that others wrote, as they were when this was measured. */
const OTHERS = ['cdk-ecr-deployment@4.2.65', 'deploy-time-build@0.4.10'];

/** The apps as JavaScript, so that no compiler is timed. They use the library as it is published. */
export interface CompiledApps {
  readonly env: NodeJS.ProcessEnv;
  /** The arguments of Node.js. */
  app(kind: string, count: number, perStack: number, outdir?: string): string[];
}

/** The library must have been compiled. */
export function compileApps(folder: string): CompiledApps {
  // As in the repository, so that what an app imports is found.
  const apps = join(folder, 'benchmarks', 'package', 'apps');
  mkdirSync(apps, { recursive: true });
  symlinkSync(join(ROOT, 'lib'), join(folder, 'lib'), 'dir');
  const sources = join(__dirname, 'apps');
  for (const file of readdirSync(sources)) {
    const { code } = transformSync(readFileSync(join(sources, file), 'utf8'), { loader: 'ts', format: 'cjs', target: 'node20' });
    writeFileSync(join(apps, file.replace(/\.ts$/, '.js')), code);
  }
  const dockerDirectory = join(folder, 'docker');
  mkdirSync(dockerDirectory);
  writeFileSync(join(dockerDirectory, 'Dockerfile'), 'FROM public.ecr.aws/nginx/nginx:1.27\n');

  return {
    app: (kind, count, perStack, outdir) => [join(apps, 'main.js'), kind, String(count), String(perStack), ...(outdir === undefined ? [] : [outdir])],
    env: {
      // One copy of aws-cdk-lib and constructs for all.
      NODE_PATH: join(ROOT, 'node_modules'),
      HANDLER_CODE: join(ROOT, 'assets', 'deployment-handler'),
      DOCKER_DIRECTORY: dockerDirectory,
    },
  };
}

/** Installs what others wrote beside the apps. */
export function installOthers(folder: string): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  // Their peers are those of the library, through NODE_PATH.
  run('npm', ['install', '--no-save', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error', ...OTHERS], { cwd: folder });
}
