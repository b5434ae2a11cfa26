/**
 * Bundles the handlers of the custom resources into assets/, as they are published: a folder for each function, with one
 * minified file that holds its dependencies, and the licences of those beside it.
 */
import * as fs from 'fs';
import * as path from 'path';
import { buildSync, type Metafile } from 'esbuild';

const root = path.join(__dirname, '..');

/** The folder of each function, with its source. */
const HANDLERS = {
  'deployment-handler': 'lambda/index.ts',
  'image-handler': 'lambda/image-index.ts',
};

function bundle(source: string, outdir: string): Metafile {
  return buildSync({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: path.join(outdir, 'index.js'),
    bundle: true,
    minify: true,
    // Names of classes and functions stand in error reports and logs.
    keepNames: true,
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'eof',
    metafile: true,
    logLevel: 'warning',
  }).metafile;
}

/** The folders of the packages that the bundle holds code of, relative to the project's root, sorted. */
function packageFolders(metafile: Metafile): string[] {
  const folders = Object.keys(metafile.inputs)
    .map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const texts = fs.readdirSync(path.join(root, folder))
    .filter((file) => /^(licen[cs]e|notice)/i.test(file))
    .sort()
    .map((file) => fs.readFileSync(path.join(root, folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

const rule = `\n\n${'-'.repeat(80)}\n\n`;
for (const [folder, source] of Object.entries(HANDLERS)) {
  const outdir = path.join(root, 'assets', folder);
  fs.rmSync(outdir, { recursive: true, force: true });
  const notices = packageFolders(bundle(source, outdir)).map(notice);
  fs.writeFileSync(path.join(outdir, 'THIRD-PARTY-NOTICES.txt'),
    `index.js holds code of these packages.${rule}${notices.join(rule)}\n`.replace(/\r\n/g, '\n'));
}
