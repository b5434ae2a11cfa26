import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths';

const { version, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  devDependencies: Record<string, string>;
};

/** The library's own version, and exactly those of its peers that the TypeScript app is synthesized with. */
export const LIBRARY_VERSION = version;
export const CDK_VERSION = devDependencies['aws-cdk-lib'];
export const CONSTRUCTS_VERSION = devDependencies.constructs;
