/**
 * Compiles and translates the blocks of TypeScript of every page in docs/, as `jsii-rosetta extract --strict` does with those of the README.
 * jsii-rosetta reads pages from an assembly only. So this makes a copy of the assembly in which each page is the README of a submodule: an error
 * then names the page. Needs an assembly of jsii: `npm run compile` comes first.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const root = process.cwd();
const docs = path.join(root, 'docs');

/** An assembly whose only texts are the pages. */
function assemblyOfPages(): string {
  const assembly = JSON.parse(fs.readFileSync(path.join(root, '.jsii'), 'utf8')) as { name: string; types?: Record<string, object>; submodules?: object; readme?: object };
  const pages = fs.readdirSync(docs).filter((file) => file.endsWith('.md')).sort();
  if (pages.length === 0) throw new Error(`There is no page in ${docs}. Run this in the root of the repository.`);
  const submodules = pages.map((page) => [`${assembly.name}.docs/${page}`, { readme: { markdown: fs.readFileSync(path.join(docs, page), 'utf8') } }]);
  return JSON.stringify({ ...assembly, readme: undefined, types: withoutDocs(assembly.types), submodules: Object.fromEntries(submodules) });
}

/** The examples in doc comments are checked with the README. */
function withoutDocs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDocs);
  if (typeof value !== 'object' || value === null) return value;

  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'docs').map(([key, member]) => [key, withoutDocs(member)]));
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-lightsail-docs-'));
try {
  for (const name of ['lib', 'node_modules', 'package.json', 'rosetta']) fs.symlinkSync(path.join(root, name), path.join(folder, name));
  fs.writeFileSync(path.join(folder, '.jsii'), assemblyOfPages());
  const { status } = spawnSync(process.execPath, [require.resolve('jsii-rosetta/package.json').replace('package.json', 'bin/jsii-rosetta'), 'extract', '--strict', folder], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  fs.rmSync(folder, { recursive: true });
}
