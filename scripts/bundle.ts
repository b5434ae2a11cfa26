/** How the code for AWS Lambda is bundled. See decisions/0037-what-a-function-loads.md. */
import * as fs from 'fs';
import * as path from 'path';
import { buildSync, transformSync, type Metafile } from 'esbuild';

const root = path.join(__dirname, '..');

type Outputs = Metafile['outputs'];
type Output = Outputs[string];

const TARGET = { platform: 'node', target: 'node20', charset: 'utf8', legalComments: 'eof', logLevel: 'warning' } as const;

/** esbuild splits only ES modules, and leaves out unused code only of those. So the SDK is taken as ES modules. */
function bundle(source: string, outdir: string): Output[] {
  const { outputFiles, metafile: { outputs } } = buildSync({
    ...TARGET,
    absWorkingDir: root,
    entryPoints: { index: source },
    outdir,
    bundle: true,
    splitting: true,
    // The names of the files are made from paths below this folder, also where a link leads out of it.
    preserveSymlinks: true,
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    // Names of classes and functions stand in error reports and logs.
    keepNames: true,
    metafile: true,
    write: false,
  });
  const files = reachable(nameOf(path.join(outdir, 'index.js')), outputs);
  fs.mkdirSync(outdir, { recursive: true });
  for (const { path: file, text } of outputFiles) {
    if (files.has(nameOf(file))) fs.writeFileSync(file, commonJs(text));
  }
  return [...files].map((file) => outputs[file]);
}

/** A file as esbuild names it, on every system. */
function nameOf(file: string): string {
  return path.relative(root, file).replaceAll(path.sep, '/');
}

/** The outputs that one of them may load, itself included. esbuild also writes what only code that it left out would load. */
function reachable(entry: string, outputs: Outputs, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;

  found.add(entry);
  outputs[entry].imports.filter(({ external }) => !external).forEach(({ path: file }) => reachable(file, outputs, found));
  return found;
}

/** The same as CommonJS, which Lambda and every Node.js load without further settings. What is imported later is required later. */
function commonJs(code: string): string {
  return transformSync(code, { ...TARGET, format: 'cjs', minify: true, supported: { 'dynamic-import': false } }).code;
}

/** The folders of the packages that the bundle holds code of, relative to the project's root, sorted. */
function packageFolders(outputs: readonly Output[]): string[] {
  const folders = outputs.flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([input]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** The packages of each licence, and its text once: most packages of the SDK have the same one. */
function notices(folders: readonly string[]): string[] {
  const names = new Map<string, string[]>();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const texts = fs.readdirSync(path.join(root, folder))
      .filter((file) => /^(licen[cs]e|notice)/i.test(file))
      .sort()
      .map((file) => fs.readFileSync(path.join(root, folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
      .join('\n\n');
    names.set(texts, [...names.get(texts) ?? [], `${name} ${version} (${license})`]);
  }
  return [...names].map(([texts, packages]) => [packages.join('\n'), texts].join('\n\n'));
}

const rule = `\n\n${'-'.repeat(80)}\n\n`;

/**
 * Writes a folder for a function: `index.js`, which Lambda loads, the files that are loaded when they are needed, and the licences of what they hold.
 *
 * @param source the file that exports the handler, below the root of the project
 */
export function writeBundle(source: string, outdir: string): void {
  fs.rmSync(outdir, { recursive: true, force: true });
  const packages = packageFolders(bundle(source, outdir));
  fs.writeFileSync(path.join(outdir, 'THIRD-PARTY-NOTICES.txt'),
    `The files of this folder hold code of these packages.${rule}${notices(packages).join(rule)}\n`);
}
