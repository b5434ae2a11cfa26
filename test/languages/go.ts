import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { probe, run } from './command';
import type { Language } from './language';
import { ROOT } from './paths';
import { CDK_VERSION, LIBRARY_VERSION } from './versions';

const LIBRARY = 'github.com/cdk-lightsail/cdk-lightsail-containers-go/cdklightsailcontainers';
const EXAMPLE = join(ROOT, 'examples', 'go');

/**
 * Versions that some Go proxies refuse to serve. Go ignores who asks for an excluded version; of each module, somebody
 * asks for another version as well, which is as good.
 */
const EXCLUDED = [
  'github.com/aws/constructs-go/constructs/v10@v10.5.0',
  'github.com/cdklabs/awscdk-asset-node-proxy-agent-go/nodeproxyagentv6/v2@v2.1.3',
];

export const go: Language = {
  name: 'Go',
  target: 'go',

  async requireTools(env) {
    const needed = /^go (\d+\.\d+)/m.exec(await readFile(join(EXAMPLE, 'go.mod'), 'utf8'))?.[1] ?? '';
    // Inside a module, Go from 1.21 on is the version that the module needs, fetched if it may be.
    const found = await probe('go', ['env', 'GOVERSION'], { cwd: EXAMPLE, env });
    if (!isAtLeast(/^go(\d+\.\d+)/.exec(found)?.[1] ?? '', needed)) {
      throw new Error(`These tests need Go ${needed} or later; install it from go.dev/dl, or let Go 1.21 or later fetch it with GOTOOLCHAIN=auto. `
        + `Found: ${found || 'go cannot be run'}.`);
    }
  },

  async install({ app, artifacts, env }) {
    await run('go', [
      'mod', 'edit',
      `-require=github.com/aws/aws-cdk-go/awscdk/v2@v${CDK_VERSION}`,
      `-require=${LIBRARY}@v${LIBRARY_VERSION}`,
      `-replace=${LIBRARY}=${join(artifacts, 'cdklightsailcontainers')}`,
      ...EXCLUDED.map((version) => `-exclude=${version}`),
    ], { cwd: app, env });
    await run('go', ['mod', 'tidy'], { cwd: app, env });
    return env;
  },
};

function isAtLeast(found: string, needed: string): boolean {
  const [major, minor] = found.split('.').map(Number);
  const [neededMajor, neededMinor] = needed.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}
