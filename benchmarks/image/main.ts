/**
 * How soon an image is copied from one registry to another on this machine, and with how much memory, beside tools that others
 * wrote. Registries are distribution v3 with TLS, in memory where /dev/shm is. All ways copy the same images in turn, and every
 * copy is checked with crane.
 *
 *   npm run bench:image [-- --rounds=3] [-- --only=10x20] [-- --write]
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { meetsTheGoals, median, table, type Result } from './results';
import { ways, type Measured } from './ways';
import { bundleCopier } from '../../test/images/copier-process';
import { World } from '../../test/images/world';
import { writeSection } from '../readme';

const MIB = 1024 * 1024;
const IMAGES = [
  { name: '10 × 20 MiB', layers: 10, bytes: 20 * MIB },
  { name: '60 × 256 KiB', layers: 60, bytes: MIB / 4 },
  { name: '1 × 1 GiB', layers: 1, bytes: 1024 * MIB },
  { name: '4 × 512 MiB', layers: 4, bytes: 512 * MIB },
];
const ROUND_TRIPS = [0, 30];

function option(name: string, byDefault: string): string {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1] ?? byDefault;
}

async function main(): Promise<void> {
  const rounds = Number(option('rounds', '3'));
  const only = option('only', '');
  const world = await World.start(existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void world.stop().finally(() => process.exit(1)));
  try {
    const all = await ways(world, await bundleCopier());
    const source = await world.registry('registry3');
    const target = await world.registry('registry3');
    const results: Result[] = [];

    for (const image of IMAGES.filter(({ name }) => name.replaceAll(/[ ×]+/g, 'x').startsWith(only))) {
      const { digest } = await world.push(source, 'bench/image:1', Array.from({ length: image.layers }, () => ({ bytes: image.bytes })));
      for (const roundTrip of ROUND_TRIPS) {
        const proxies = roundTrip > 0 ? await Promise.all([source, target].map(async ({ host }) => delayProxy(host, roundTrip / 2))) : [];
        const [from = source.host, to = target.host] = proxies.map(({ host }) => host);
        const measured = new Map<string, { first: Measured[]; again: Measured[] }>(all.map(({ name }) => [name, { first: [], again: [] }]));
        for (let round = 0; round < rounds; round += 1) {
          for (const way of all) {
            await target.clear();
            const copy = async () => way.copy(`${from}/bench/image:1`, `${to}/bench/copy:copy`);
            measured.get(way.name)!.first.push(await copy());
            const found = await world.crane(['digest', `${target.host}/bench/copy:copy`]);
            if (found !== digest) throw new Error(`${way.name} copied ${found} in place of ${digest}`);
            measured.get(way.name)!.again.push(await copy());
          }
        }
        for (const kind of ['first', 'again'] as const) {
          for (const { name } of all) {
            const runs = measured.get(name)![kind];
            results.push({
              image: image.name,
              roundTrip,
              isPresent: kind === 'again',
              way: name,
              seconds: median(runs.map(({ milliseconds }) => milliseconds)) / 1000,
              peakMib: Math.max(...runs.map(({ peakMib }) => peakMib)),
            });
          }
        }
        proxies.forEach(({ stop }) => stop());
        console.log(table(results.filter((result) => result.image === image.name && result.roundTrip === roundTrip)));
      }
      await source.clear();
      await target.clear();
    }
    const missed = meetsTheGoals(results);
    console.log(missed.length === 0 ? 'All goals are met.' : `Goals that are missed:\n${missed.join('\n')}`);
    if (process.argv.includes('--write')) writeSection('image', `${table(results)}\n\n${missed.length === 0 ? 'All goals are met.' : `Goals that were missed in this run:\n\n${missed.map((line) => `- ${line}`).join('\n')}`}`);
    if (missed.length > 0) process.exitCode = 1;
  } finally {
    await world.stop();
  }
}

async function delayProxy(upstream: string, milliseconds: number): Promise<{ host: string; stop: () => void }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'delay-proxy.ts'), upstream, String(milliseconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return { host: `127.0.0.1:${value}`, stop: () => void child.kill() };
}

main().catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
