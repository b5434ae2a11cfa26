import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installedNode, NODES } from './installed-nodes';
import { APPS, titleOf } from '../apps/apps';

const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..');
const BIN = (...path: string[]) => join(ROOT, 'node_modules', ...path);
/** Tests of the bundled handler: the real SDK over sockets, what is promised, and the properties of earlier versions. */
const HANDLER_TESTS = ['test/lambda/index.test.ts', 'test/lambda/clients', 'test/lifecycle/guarantees.test.ts', 'test/lifecycle/kept-properties'];

let folder: string;
let node: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-versions-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program with a version of Node.js, and all that it starts. */
async function runWith(args: readonly string[], cwd = ROOT): Promise<string> {
  const { JEST_WORKER_ID: _, ...env } = process.env;
  const { stdout, stderr } = await run(node, args, { cwd, env: { ...env, PATH: `${join(node, '..')}:${env.PATH}` }, maxBuffer: 64 * 1024 * 1024 });
  return `${stdout}${stderr}`;
}

/** The templates that the apps had with the first version. */
let first: Record<string, string> | undefined;

describe.each(NODES)('Node.js %s', (version) => {
  beforeAll(async () => {
    node = await installedNode(version);
  }, 300_000);

  test('it is that version', async () => {
    expect((await runWith(['--version'])).trim()).toBe(`v${version}`);
    expect((await runWith(['-p', 'require("child_process").execFileSync("node", ["--version"]).toString()'])).trim()).toBe(`v${version}`);
  });

  test('the tests of the handler pass', async () => {
    const output = await runWith([BIN('jest', 'bin', 'jest.js'), '--ci', '--runInBand', ...HANDLER_TESTS]);

    expect(output).toMatch(/^Tests: +[1-9]\d* passed, /m);
  });

  test('every app synthesizes, to the same templates', async () => {
    const apps = APPS.flatMap((app) => [titleOf(app).replaceAll('/', '-'), app]);
    await runWith([BIN('tsx', 'dist', 'cli.mjs'), join(ROOT, 'test', 'apps', 'synthesize-all.ts'), 'lowest', join(folder, version), ...apps], join(ROOT, 'examples'));

    const templates = templatesIn(join(folder, version));
    expect(Object.keys(templates).length).toBeGreaterThanOrEqual(APPS.length);
    expect(templates).toEqual(first ??= templates);
  });
});

function templatesIn(assemblies: string): Record<string, string> {
  const files = readdirSync(assemblies, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json')).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(assemblies, file), 'utf8')]));
}
