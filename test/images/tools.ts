import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is installed here stays for the next run; git ignores it. */
export const TOOLS = join(__dirname, '..', '..', '.images');
const BIN = join(TOOLS, 'bin');

/** Programs that others wrote, by the path to each. */
export interface Tools {
  /** Debian's docker-registry 2.8. */
  readonly registry2: string;
  /** distribution v3. */
  readonly registry3: string;
  readonly skopeo: string;
  readonly crane: string;
  readonly regctl: string;
}

const GO_TOOLS = {
  registry: 'github.com/distribution/distribution/v3/cmd/registry@v3.1.2',
  crane: 'github.com/google/go-containerregistry/cmd/crane@v0.22.1',
  regctl: 'github.com/regclient/regclient/cmd/regctl@v0.11.7',
};

/** Installs what is missing, or says what to install. */
export async function ensureTools(): Promise<Tools> {
  await ensureRegistryPrograms();
  for (const [name, module] of Object.entries(GO_TOOLS)) await ensureGoTool(name, module);
  return {
    registry2: 'docker-registry', skopeo: 'skopeo', registry3: join(BIN, 'registry'), crane: join(BIN, 'crane'), regctl: join(BIN, 'regctl'),
  };
}

/** What a registry with TLS takes, and a program that pushes to it. */
export async function ensureRegistryPrograms(): Promise<void> {
  await requireCommand('openssl', 'Install openssl.');
  await requireCommand('setpriv', 'Install util-linux. These tests need Linux.');
  await ensureDebianPackages();
}

/** Whether these programs are there. */
export async function haveRegistryPrograms(): Promise<boolean> {
  const found = await Promise.all(['openssl', 'setpriv', 'docker-registry', 'skopeo'].map(isThere));
  return found.every((one) => one);
}

async function ensureDebianPackages(): Promise<void> {
  const missing: string[] = [];
  for (const name of ['docker-registry', 'skopeo']) {
    if (!await isThere(name)) missing.push(name);
  }
  if (missing.length === 0) return;
  const isDebianRoot = process.getuid?.() === 0 && await isThere('apt-get');
  if (!isDebianRoot) throw new Error(`Install ${missing.join(' and ')}; on Debian and Ubuntu: apt-get install ${missing.join(' ')}`);
  await run('apt-get', ['update', '-qq']);
  // No service of the package may start: the tests start their own on free ports.
  await run('apt-get', ['install', '-y', '-qq', ...missing], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } });
}

async function ensureGoTool(name: string, module: string): Promise<void> {
  if (await access(join(BIN, name)).then(() => true, () => false)) return;
  await requireCommand('go', 'Install Go 1.25 or newer: https://go.dev/dl/');
  await mkdir(BIN, { recursive: true });
  await run('go', ['install', module], { env: { ...process.env, GOBIN: BIN, GOFLAGS: '-buildvcs=false' }, maxBuffer: 64 * 1024 * 1024 });
}

async function requireCommand(name: string, advice: string): Promise<void> {
  if (!await isThere(name)) throw new Error(`${name} is not there. ${advice}`);
}

async function isThere(name: string): Promise<boolean> {
  return run('/bin/sh', ['-c', `command -v ${name}`]).then(() => true, () => false);
}
