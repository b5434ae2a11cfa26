import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const VENVS = join(__dirname, '..', '..', '.venvs');
const MINIMUM = [3, 10] as const;

/** How often a process that makes a venv shows that it is still at it, and how long its lock lasts without. */
const HEARTBEAT = 2_000;
const LOCK_GOES_STALE = 15_000;

/**
 * Makes a Python venv with what the requirements file pins, below the git-ignored `.venvs`, or takes the one of an earlier
 * run if the file has not changed since. Several processes may call it at once: one works, the others wait for it.
 */
export async function ensureVenv(name: string, requirementsFile: string): Promise<{ python: string }> {
  const directory = join(VENVS, name);
  const python = process.platform === 'win32' ? join(directory, 'Scripts', 'python.exe') : join(directory, 'bin', 'python');
  const hash = createHash('sha256').update(await readFile(requirementsFile)).digest('hex');
  const stamp = join(directory, 'requirements.sha256');
  const isCurrent = async () => (await readFile(stamp, 'utf8').catch(() => '')) === hash;

  if (await isCurrent()) {
    return { python };
  }
  await mkdir(VENVS, { recursive: true });
  await underLock(`${directory}.lock`, async () => {
    if (await isCurrent()) {
      return;
    }
    const systemPython = await findPython();
    // A venv knows its own path, so it cannot be made elsewhere and moved; the stamp, written last, says that it is whole.
    await rm(directory, { recursive: true, force: true });
    await run(systemPython, ['-m', 'venv', directory]).catch((error: unknown) => {
      throw new Error(`${systemPython} cannot make a virtual environment. On Debian and Ubuntu, install the package python3-venv.\n${detailOf(error)}`);
    });
    await run(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '-r', requirementsFile]).catch(
      (error: unknown) => {
        throw new Error(`pip cannot install ${requirementsFile}.\n${detailOf(error)}`);
      },
    );
    await writeFile(`${stamp}.new`, hash);
    await rename(`${stamp}.new`, stamp);
  });
  return { python };
}

async function findPython(): Promise<string> {
  const [major, minor] = MINIMUM;
  const seen: string[] = [];
  for (const candidate of ['python3', 'python']) {
    try {
      const { stdout } = await run(candidate, ['-c', 'import sys; print(*sys.version_info[:2])']);
      const [foundMajor, foundMinor] = stdout.trim().split(' ').map(Number);
      if (foundMajor === major && foundMinor >= minor) {
        return candidate;
      }
      seen.push(`${candidate} is ${foundMajor}.${foundMinor}`);
    } catch {
      seen.push(`${candidate} cannot be run`);
    }
  }
  throw new Error(`These tests need Python ${major}.${minor} or later as python3 or python; install it from your system's packages or python.org. Found: ${seen.join(', ')}.`);
}

/** A directory is the lock: only one process can make it. One that a killed process left behind goes stale. */
async function underLock(lock: string, action: () => Promise<void>): Promise<void> {
  while (!(await makeDirectory(lock))) {
    const age = await stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > LOCK_GOES_STALE) {
      await rm(lock, { recursive: true, force: true });
    } else {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const heartbeat = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => {}), HEARTBEAT);
  try {
    await action();
  } finally {
    clearInterval(heartbeat);
    await rm(lock, { recursive: true, force: true });
  }
}

/** Whether the directory is new; any other obstacle than that it is there already is an error. */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function detailOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr || message || String(error)).trim();
}
