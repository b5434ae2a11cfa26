import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { pagesIn } from './markdown';

/*
 * The blocks of TypeScript on the pages compile against the library, without an assembly of jsii. Whether they can be translated, and those of the
 * README, jsii-rosetta checks: npx projen rosetta.
 */
const ROOT = join(__dirname, '..', '..');
const PAGES = ['CONTRIBUTING.md', 'README.md', ...pagesIn(ROOT, 'docs')];

/** The blocks of a page as modules, in the fixture that each names. */
function blocksOf(page: string): { readonly title: string; readonly code: string }[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts *([^\n]*)\n(.*?)^```$/gms)]
    .map(([, info, code]) => ({ title: `${page}: ${code.split('\n')[0]}`, code: inFixture(code, info) }));
}

function inFixture(code: string, info: string): string {
  if (info === 'nofixture' || code.startsWith('import ')) return code;
  const name = /^fixture=(\w+)$/.exec(info)?.[1] ?? 'default';
  return readFileSync(join(ROOT, 'rosetta', `${name}.ts-fixture`), 'utf8').replace(/^ *\/\/\/ here$/m, () => code);
}

const BLOCKS = [...PAGES.flatMap(blocksOf), { title: 'spoilt', code: inFixture('containers: { web: { image, prots: {} } },\n', 'fixture=deployment') }];

/** In a folder of tests, where the block of CONTRIBUTING.md belongs. */
const fileOf = (index: number) => join(__dirname, `block-${index}.ts`);

let program: ts.Program;
beforeAll(() => {
  const { config } = ts.readConfigFile(join(ROOT, 'test', 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, join(ROOT, 'test'));
  const compilerOptions: ts.CompilerOptions = {
    ...options, noEmit: true, skipLibCheck: true, noUnusedLocals: false, paths: { 'cdk-lightsail-containers': [join(ROOT, 'lib', 'index.ts')] },
  };
  const codes = new Map(BLOCKS.map(({ code }, index) => [fileOf(index), code]));
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => codes.has(file) || fileExists(file);
  host.readFile = (file) => codes.get(file) ?? readFile(file);
  program = ts.createProgram([...codes.keys()], compilerOptions, host);
});

/** What the compiler finds in a block. */
function errorsIn(index: number): string[] {
  const source = program.getSourceFile(fileOf(index));
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test.each(BLOCKS.slice(0, -1).map(({ title }, index) => [title, index] as const))('%s compiles', (_, index) => {
  expect(errorsIn(index)).toEqual([]);
});

test('a block with an unknown property does not', () => {
  expect(errorsIn(BLOCKS.length - 1)).toEqual([expect.stringContaining("'prots' does not exist in type 'ContainerProps'")]);
});

test('CONTRIBUTING has a block', () => {
  expect(blocksOf('CONTRIBUTING.md')).not.toEqual([]);
});
