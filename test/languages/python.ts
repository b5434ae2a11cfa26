import { readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { probe, run } from './command';
import type { Language } from './language';
import { ROOT } from './paths';
import { CDK_VERSION, CONSTRUCTS_VERSION } from './versions';

/** As jsii-pacmak calls it. */
const PYTHON = 'python3';

/** Prints nothing where a virtual environment cannot be made. */
const CHECK = 'import sys, venv, ensurepip; sys.version_info >= (3, 10) and print("fit")';

export const python: Language = {
  name: 'Python',
  target: 'python',

  async requireTools(env) {
    const options = { cwd: ROOT, env };
    if (await probe(PYTHON, ['-c', CHECK], options) !== 'fit') {
      throw new Error('These tests need Python 3.10 or later as python3, with its modules venv and ensurepip; on Debian and Ubuntu, install '
        + 'the packages python3 and python3-venv, elsewhere see python.org. '
        + `Found: ${(await probe(PYTHON, ['--version'], options)) || 'python3 cannot be run'}.`);
    }
  },

  async install({ app, artifacts, env }) {
    const [wheel] = (await readdir(artifacts)).filter((file) => file.endsWith('.whl'));
    await writeFile(join(app, 'constraints.txt'), [
      `aws-cdk-lib==${CDK_VERSION}`,
      `constructs==${CONSTRUCTS_VERSION}`,
      // Also keeps pip from looking for it in an index.
      `cdk-lightsail-containers @ ${pathToFileURL(join(artifacts, wheel)).href}`,
    ].join('\n'));
    await run(PYTHON, ['-m', 'venv', '.venv'], { cwd: app, env });

    const bin = join(app, '.venv', 'bin');
    await run(join(bin, 'python'), [
      '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '-r', 'requirements.txt', '-c', 'constraints.txt',
    ], { cwd: app, env });
    return { ...env, PATH: [bin, env.PATH ?? ''].join(delimiter), VIRTUAL_ENV: join(app, '.venv') };
  },
};
