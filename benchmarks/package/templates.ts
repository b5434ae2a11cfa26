import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledApps } from './compiled-apps';
import { inTemporaryFolder, runNode } from './processes';
import { kilobytes, type Section } from './results';
import { markdownTable } from '../readme';

/** Quotas of CloudFormation: resources in a template, and bytes of a template in Amazon S3. */
const MAX_RESOURCES = 500;
const MAX_BYTES = 1_000_000;
const MANY = 1_000;

interface Size {
  readonly resources: number;
  readonly bytes: number;
}

/** What is compared, and what is in the stack anyway. */
const ADDED: ReadonlyArray<readonly [name: string, kind: string, without?: string]> = [
  ['this: a deployment to a service of the stack', 'library', 'container'],
  ['this: a deployment to a service that exists', 'imported'],
  ['this: a deployment and a copied image', 'copied-image', 'container'],
  ['by hand: function, Provider framework, custom resource', 'by-hand', 'container'],
  ['cdk-ecr-deployment: a copied image, no deployment', 'cdk-ecr-deployment'],
  ['deploy-time-build: a built image, no deployment', 'deploy-time-build'],
];

const FITTING: ReadonlyArray<readonly [name: string, kind: string]> = [
  ['a service and its deployment', 'library'],
  ['a service and its deployment with a copied image', 'copied-image'],
  ['a deployment to a service that exists', 'imported'],
  ['CfnContainer with an inline deployment', 'inline'],
];

/** What the first and each further one add to a template. */
export async function measureTemplates(apps: CompiledApps): Promise<Section> {
  const rows: string[][] = [];
  for (const [name, kind, without] of ADDED) {
    const present = async (count: number) => without === undefined ? NOTHING : sizeOf(apps, without, count);
    const added = async (count: number) => minus(await sizeOf(apps, kind, count), await present(count));
    const [first, second, third] = [await added(1), await added(2), await added(3)];
    const further = minus(third, second);
    rows.push([name, String(first.resources), kilobytes(first.bytes), String(further.resources), `${further.bytes} B`]);
  }
  return { name: 'templates', text: markdownTable(['', 'resources, first', 'template, first', 'resources, each further', 'template, each further'], rows), verdicts: [] };
}

/** How many fit into one stack, and what ends it. */
export async function measureCapacity(apps: CompiledApps): Promise<Section> {
  const rows: string[][] = [];
  for (const [name, kind] of FITTING) {
    const { count, limit } = await capacityOf(apps, kind);
    rows.push([name, String(count), limit]);
  }
  return { name: 'capacity', text: markdownTable(['in one stack', 'fit', 'what one more exceeds'], rows), verdicts: [] };
}

async function capacityOf(apps: CompiledApps, kind: string): Promise<{ count: number; limit: string }> {
  let [fits, tooMany, limit] = [0, MANY, `${MANY} were not tried`];
  while (tooMany - fits > 1) {
    const count = Math.floor((fits + tooMany) / 2);
    const exceeded = await limitExceededBy(apps, kind, count);
    if (exceeded === undefined) fits = count;
    else [tooMany, limit] = [count, exceeded];
  }
  return { count: fits, limit };
}

async function limitExceededBy(apps: CompiledApps, kind: string, count: number): Promise<string | undefined> {
  try {
    const { resources, bytes } = await sizeOf(apps, kind, count);
    if (resources > MAX_RESOURCES) return `${MAX_RESOURCES} resources in a stack`;
    return bytes > MAX_BYTES ? '1 MB of template' : undefined;
  } catch (error) {
    const { message } = error as Error;
    if (/characters of policies for one IAM role/.test(message)) return '10,240 characters of inline policies of an IAM role';
    if (/Number of resources in stack/.test(message)) return `${MAX_RESOURCES} resources in a stack`;
    throw error;
  }
}

const NOTHING: Size = { resources: 0, bytes: 0 };
const minus = (a: Size, b: Size): Size => ({ resources: a.resources - b.resources, bytes: a.bytes - b.bytes });

function sizeOf({ app, env }: CompiledApps, kind: string, count: number): Promise<Size> {
  return inTemporaryFolder((folder) => {
    runNode(app(kind, count, count, folder), { env, cwd: folder });
    const file = join(folder, 'Stack0.template.json');
    const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: object };
    return { resources: Object.keys(Resources).length, bytes: statSync(file).size };
  });
}
