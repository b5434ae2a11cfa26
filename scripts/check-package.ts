/**
 * Refuses to pack a package that would not work: without what jsii compiles, or without the code for AWS Lambda, or with an old one.
 * npm runs it before it packs, in the folder of the package.
 */
import * as fs from 'fs';
import * as path from 'path';
import { BUNDLES } from '../lib/private/provider/bundle';

const root = process.cwd();
const CONTRACT = 'lib/private/resource-properties.ts';

function missing(file: string, remedy: string): string[] {
  return fs.existsSync(path.join(root, file)) ? [] : [`${file} is missing. Run: ${remedy}`];
}

/** The files of a bundle that others of its files load. */
function missingParts(folder: string): string[] {
  if (!fs.existsSync(path.join(root, folder))) return [];

  const files = fs.readdirSync(path.join(root, folder)).filter((file) => file.endsWith('.js')).sort();
  const parts = files.flatMap((file) => [...fs.readFileSync(path.join(root, folder, file), 'utf8').matchAll(/\brequire\("\.\/([^"]+)"\)/g)].map(([, part]) => part));
  return [...new Set(parts)].flatMap((part) => missing(`${folder}/${part}`, 'npx projen bundle'));
}

function changedAt(file: string): number {
  return fs.statSync(path.join(root, file)).mtimeMs;
}

/** A change of the sources after the bundle was made. */
function outdated(file: string): string[] {
  if (!fs.existsSync(path.join(root, file))) return [];

  const own = fs.readdirSync(path.join(root, 'lambda'), { recursive: true, encoding: 'utf8' }).filter((source) => source.endsWith('.ts')).sort();
  // The handler also uses the contract with the constructs.
  const newer = [...own.map((source) => path.join('lambda', source)), CONTRACT].filter((source) => changedAt(source) > changedAt(file));
  return newer.length === 0 ? [] : [`${file} is older than ${newer[0]}. Run: npx projen bundle`];
}

const errors = [
  ...missing('lib/index.js', 'npx projen compile'),
  ...missing('.jsii', 'npx projen compile'),
  ...BUNDLES.flatMap((name) => ['index.js', 'THIRD-PARTY-NOTICES.txt'].flatMap((file) => missing(`assets/${name}/${file}`, 'npx projen bundle'))),
  ...BUNDLES.flatMap((name) => missingParts(`assets/${name}`)),
  ...BUNDLES.flatMap((name) => outdated(`assets/${name}/index.js`)),
];
if (errors.length > 0) {
  console.error(['The package is not complete, so it is not packed.', ...errors].join('\n'));
  process.exitCode = 1;
}
