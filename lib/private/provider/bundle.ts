import * as fs from 'fs';
import * as path from 'path';

/** The folders of code for AWS Lambda that the package has in `assets`. */
export const BUNDLES = ['deployment-handler', 'image-handler'] as const;

export type BundleName = typeof BUNDLES[number];

/** The folder of a bundle. The package must be complete: see `validateBundle`. */
export function bundleFolder(name: BundleName): string {
  return path.join(packageFolder() ?? '', 'assets', name);
}

/** The errors of a package that has lost a bundle. Call it before anything is defined. */
export function validateBundle(name: BundleName): string[] {
  const folder = packageFolder();
  if (folder === undefined) {
    return [`provider: the code of cdk-lightsail-containers was bundled into another file${typeof __filename === 'string' ? ` (${__filename})` : ''}, `
      + 'so the code that it deploys to AWS Lambda cannot be found beside it. Leave the packages with CDK constructs out of the bundle, and install them where the app runs. '
      + 'For esbuild: --external:cdk-lightsail-containers --external:aws-cdk-lib --external:constructs.'];
  }
  return fs.existsSync(path.join(folder, 'assets', name, 'index.js')) ? []
    : [`provider: the folder ${path.join(folder, 'assets', name)} of cdk-lightsail-containers is missing or empty. Install the package again. `
      + 'In a clone of its repository, run: npx projen bundle.'];
}

/** The folder of this package. A bundler moves this file elsewhere, and in a bundle of ES modules there is no `__dirname`. */
function packageFolder(): string | undefined {
  if (typeof __dirname !== 'string') return undefined;

  const folder = path.join(__dirname, '..', '..', '..');
  const isCompiledPlace = path.basename(__dirname) === 'provider' && path.basename(path.dirname(__dirname)) === 'private';
  return isCompiledPlace && nameIn(path.join(folder, 'package.json')) === 'cdk-lightsail-containers' ? folder : undefined;
}

function nameIn(file: string): unknown {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { name?: unknown }).name : undefined;
}
