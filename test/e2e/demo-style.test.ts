import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const SCRIPT = `
  const { paint, paintStates } = require('./test/e2e/demo-style.ts');
  process.stdout.write(paint('bold', '1. Break it') + '|' + paintStates('service RUNNING · version 3 FAILED · version 2 INACTIVE'));
`;
const TEXT = '1. Break it|service RUNNING · version 3 FAILED · version 2 INACTIVE';
const TSX = ['--require', 'tsx/cjs', '--eval', SCRIPT];

const environment = { ...process.env, TERM: 'xterm-256color', NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_DISABLE_COLORS: undefined, CI: undefined };

/** What a program prints on a terminal. */
function onTerminal(env: NodeJS.ProcessEnv): string {
  const spawn = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
  const { stdout, status } = spawnSync('python3', ['-c', spawn, process.execPath, ...TSX], { cwd: ROOT, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  expect(status).toBe(0);
  return stdout;
}

test('the demo has colours on a terminal, and the same text without them elsewhere', () => {
  const plain = execFileSync(process.execPath, TSX, { cwd: ROOT, env: environment, encoding: 'utf8' });
  expect(plain).toBe(TEXT);

  const coloured = onTerminal(environment);
  expect(stripVTControlCharacters(coloured).trim()).toBe(TEXT);
  expect(coloured).toContain('\u001b[32mRUNNING\u001b[39m');
  expect(coloured).toContain('\u001b[31mFAILED\u001b[39m');
  expect(coloured).toContain('version 2 INACTIVE');

  expect(onTerminal({ ...environment, NO_COLOR: '1' }).trim()).toBe(TEXT);
});
