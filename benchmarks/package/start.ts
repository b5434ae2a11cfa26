import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, runNode } from './processes';
import { kilobytes, mediansOf, milliseconds, times, type Section } from './results';
import { writeBundle } from '../../scripts/bundle';
import { markdownTable } from '../readme';

const GOAL_OF_START = 1.3;
const GOAL_KILOBYTES = 700;

/** What a deployment may load after the start, as the code that loads it. */
const NOWHERE = '{ region: "us-east-1", endpoint: "http://127.0.0.1:9", credentials: { accessKeyId: "a", secretAccessKey: "b" } }';
const CLOUDFORMATION = `await handler.sdkCloudFormation(${NOWHERE}).isRollingBack("stack").catch(() => {});`;
const ALL = `${CLOUDFORMATION} await handler.sdkEcr(${NOWHERE}).hasImage({ registryId: "1", repositoryName: "r", imageId: { imageTag: "1" } }).catch(() => {}); `
  + `await handler.sdkSecrets(${NOWHERE}).getParameter("name").catch(() => {});`;

/** How long a new process takes to load a function, beside the client of Lightsail alone, which is bundled in the same way. */
export async function measureStart(folder: string, rounds: number): Promise<Section> {
  const client = join(folder, 'lightsail-alone');
  writeBundle('benchmarks/package/lightsail-alone.ts', client);
  const bundles = { 'Lightsail client alone': client, 'deployment-handler': join(ROOT, 'assets', 'deployment-handler'), 'image-handler': join(ROOT, 'assets', 'image-handler') };
  const deployment = bundles['deployment-handler'];
  const medians = await mediansOf(rounds, {
    'Lightsail client alone': () => millisecondsToLoad(client),
    'deployment-handler': () => millisecondsToLoad(deployment),
    'deployment-handler, and CloudFormation asked': () => millisecondsToLoad(deployment, CLOUDFORMATION),
    'deployment-handler, and every service asked': () => millisecondsToLoad(deployment, ALL),
    'image-handler': () => millisecondsToLoad(bundles['image-handler']),
  });
  const ratio = (value: number) => value / medians['Lightsail client alone'];
  const rows = Object.entries(medians).map(([name, value]) => [name, milliseconds(value), times(ratio(value))]);
  return {
    name: 'start',
    text: markdownTable(['loaded', 'time', 'ratio'], rows),
    verdicts: [{ what: 'start of deployment-handler', value: ratio(medians['deployment-handler']), goal: GOAL_OF_START, unit: '×' }],
  };
}

/** The bytes of the bundles and of the package. */
export function measureSizes(): Section {
  const bytesIn = (name: string, matches: (file: string) => boolean) => {
    const folder = join(ROOT, 'assets', name);
    return readdirSync(folder).filter(matches).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  };
  const isCode = (file: string) => file.endsWith('.js');
  const names = ['deployment-handler', 'image-handler'];
  const [{ size, unpackedSize, entryCount }] = JSON.parse(run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])) as Array<{ size: number; unpackedSize: number; entryCount: number }>;
  const rows = [
    ...names.flatMap((name) => [
      [`${name}: code`, kilobytes(bytesIn(name, isCode))],
      [`${name}: code that the start loads`, kilobytes(loadedBytes(name))],
      [`${name}: licences`, kilobytes(bytesIn(name, (file) => !isCode(file)))],
    ]),
    [`tarball, ${entryCount} files`, kilobytes(size)],
    ['tarball, unpacked', kilobytes(unpackedSize)],
  ];
  return {
    name: 'size',
    text: markdownTable(['what', 'size'], rows),
    verdicts: names.map((name) => ({ what: `code of ${name}`, value: bytesIn(name, isCode) / 1000, goal: GOAL_KILOBYTES, unit: 'kB' })),
  };
}

function millisecondsToLoad(bundle: string, then = ''): number {
  const file = JSON.stringify(join(bundle, 'index.js'));
  return Number(inLambda(`const before = performance.now(); const handler = require(${file}); (async () => { ${then} })().then(() => console.log(performance.now() - before));`));
}

function loadedBytes(name: string): number {
  const folder = join(ROOT, 'assets', name);
  const files = JSON.parse(inLambda(`require(${JSON.stringify(join(folder, 'index.js'))}); console.log(JSON.stringify(Object.keys(require.cache)));`)) as string[];
  return files.filter((file) => file.startsWith(folder)).reduce((sum, file) => sum + statSync(file).size, 0);
}

function inLambda(script: string): string {
  return runNode(['-e', script], { env: { AWS_REGION: 'us-east-1' } });
}
