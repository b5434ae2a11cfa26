import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { probe, type Environment } from './command';
import type { Language } from './language';
import { MAVEN_REPOSITORY, ROOT } from './paths';
import { CDK_VERSION, CONSTRUCTS_VERSION, LIBRARY_VERSION } from './versions';

const LIBRARY = join('io', 'github', 'cdklightsail', 'cdk-lightsail-containers');
const MINIMUM_JAVA = 17;

export const java: Language = {
  name: 'Java',
  target: 'java',

  async requireTools(env) {
    const maven = await probe('mvn', ['-version'], { cwd: ROOT, env });
    // Maven runs on a JRE too, and prints the version of that Java.
    const version = Number(/Java version: (\d+)/.exec(maven)?.[1]);
    const compiler = await probe(javac(env), ['-version'], { cwd: ROOT, env });
    if (!(version >= MINIMUM_JAVA) || compiler === '') {
      throw new Error(`These tests need a JDK, ${MINIMUM_JAVA} or later, and Maven; on Debian and Ubuntu, install the packages `
        + 'default-jdk-headless and maven, elsewhere see adoptium.net and maven.apache.org. '
        + `Found: ${maven === '' ? 'mvn cannot be run' : `mvn runs on Java ${version}`}, ${compiler || 'javac cannot be run'}.`);
    }
  },

  async install({ app, artifacts, env }) {
    // jsii-pacmak lays its files out as a repository.
    const installed = join(MAVEN_REPOSITORY, LIBRARY);
    await rm(installed, { recursive: true, force: true });
    await cp(join(artifacts, LIBRARY, LIBRARY_VERSION), join(installed, LIBRARY_VERSION), { recursive: true });

    await mkdir(join(app, '.mvn'));
    await writeFile(join(app, '.mvn', 'maven.config'), [
      `-Dmaven.repo.local=${MAVEN_REPOSITORY}`,
      `-Dcdk.version=${CDK_VERSION}`,
      `-Dconstructs.version=${CONSTRUCTS_VERSION}`,
      `-Dcdk-lightsail-containers.version=${LIBRARY_VERSION}`,
    ].join('\n'));
    return env;
  },
};

function javac({ JAVA_HOME }: Environment): string {
  return JAVA_HOME ? join(JAVA_HOME, 'bin', 'javac') : 'javac';
}
