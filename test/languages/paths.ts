import { join } from 'node:path';
import type { Environment } from './command';

export const ROOT = join(__dirname, '..', '..');

/** Everything that package managers keep stays below this git-ignored folder. */
const LANGUAGES = join(ROOT, '.languages');

export const ARTIFACTS = join(LANGUAGES, 'dist');
export const MAVEN_REPOSITORY = join(LANGUAGES, 'maven');

/** The user's own, so that their proxies and mirrors count, but no cache of theirs: nothing comes from there or goes there. */
export const TOOL_ENVIRONMENT: Environment = {
  ...(process.env as Record<string, string>),
  // The apps of all languages run the library in this very Node.
  JSII_NODE: process.execPath,
  PIP_CACHE_DIR: join(LANGUAGES, 'pip'),
  GOMODCACHE: join(LANGUAGES, 'go', 'modules'),
  GOCACHE: join(LANGUAGES, 'go', 'build'),
  // Go makes its modules read-only otherwise, and `rm -r` fails on them.
  GOFLAGS: [process.env.GOFLAGS ?? '', '-modcacherw'].join(' ').trim(),
  JSII_RUNTIME_PACKAGE_CACHE_ROOT: join(LANGUAGES, 'jsii'),
};
