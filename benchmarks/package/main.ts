/**
 * What the package costs: time of synthesis, start and size of its functions, and what it adds to templates, each beside something to compare with.
 *
 *   npm run bench                              all tables
 *   npm run bench -- --only start,size         some of them
 *   npm run bench -- --rounds 15               more rounds; every time is the median of the rounds
 *   npm run bench -- --write                   also writes the tables to benchmarks/README.md
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { compileApps, installOthers, type CompiledApps } from './compiled-apps';
import { inTemporaryFolder } from './processes';
import { isMet, verdictText, type Section } from './results';
import { measureSizes, measureStart } from './start';
import { measureSynthesis } from './synthesis';
import { measureCapacity, measureTemplates } from './templates';
import { writeSection } from '../readme';

interface World {
  readonly apps: CompiledApps;
  readonly folder: string;
  readonly rounds: number;
}

const SECTIONS: Record<string, (world: World) => Section | Promise<Section>> = {
  synthesis: ({ apps, rounds }) => measureSynthesis(apps, rounds),
  start: ({ folder, rounds }) => measureStart(folder, rounds * 3),
  size: () => measureSizes(),
  templates: ({ apps, folder }) => {
    installOthers(folder);
    return measureTemplates(apps);
  },
  capacity: ({ apps }) => measureCapacity(apps),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: Object.keys(SECTIONS).join(',') }, rounds: { type: 'string', default: '7' }, write: { type: 'boolean', default: false } } });
  const names = values.only.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown.length > 0) throw new Error(`--only: there is no table ${unknown.join(', ')}. Use some of ${Object.keys(SECTIONS).join(', ')}.`);

  await inTemporaryFolder(async (folder) => {
    const world = { apps: compileApps(folder), folder, rounds: Number(values.rounds) };
    for (const name of names) {
      const { text, verdicts } = await SECTIONS[name](world);
      const page = verdicts.length === 0 ? text : `${text}\n\n${verdictText(verdicts)}`;
      console.log(`${name}\n\n${page}\n`);
      if (values.write) writeSection(name, page);
      if (!verdicts.every(isMet)) process.exitCode = 1;
    }
  });
  console.log(`Node.js ${process.version}, load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores. Times compare well only on a machine that does little else.`);
}

main().catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
