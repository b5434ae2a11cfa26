import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { KEPT_FOLDER, keptFiles, keptResources, keptText, keptVersions, OWNER, ownerOf, type KeptResource } from './kept-resource';
import { putSources, registerStored } from './kept-world';
import { webApp } from '../apps/apps';
import { synthesize, type SynthesizedStack } from '../apps/template';
import { ImageRegistries } from '../aws/image-registries';
import { CloudFormation } from '../cloudformation/cloudformation';
import type { Answer } from '../cloudformation/provider-framework';

/*
 * Stacks that an earlier version of the library deployed. CloudFormation sends their properties to the handler of today: as the old properties of an
 * update, as those that a rollback leads back to, and as those of a delete.
 */
const DEPLOYMENT = 'Custom::LightsailContainerServiceDeployment';
const IMAGE = 'Custom::LightsailContainerImage';

/** What is recorded stays as it is: stacks were deployed with it. */
const RECORDED: Readonly<Record<string, string>> = {
  '2026-11-23-first': 'd7f010ebba0077f6',
  '2026-11-23-second': 'd2e1269754349fba',
  '2026-11-25-first': '0f6c06f8e9867695',
  '2026-11-25-second': '47c897ecf28d144f',
  '2026-11-25-third': 'e278be58bacab761',
};

const VERSIONS = keptVersions();
const KEPT = VERSIONS.flatMap((version) => keptResources(version).map((kept): [string, KeptResource] => [`${version} ${kept.LogicalResourceId}`, kept]));
const ofType = (...types: string[]) => KEPT.filter(([, { ResourceType }]) => types.includes(ResourceType));

test('each recorded version is as it was recorded', () => {
  const hashes = VERSIONS.map((version) => {
    const hash = createHash('sha256');
    for (const file of keptFiles(version)) hash.update(file).update(keptText(version, file));
    return [version, hash.digest('hex').slice(0, 16)];
  });

  expect(Object.fromEntries(hashes)).toEqual(RECORDED);
});

test('the newest recorded version has every type and every member of the contract', () => {
  const newest = keptResources(VERSIONS.at(-1)!);

  const types = new Set(newest.map(({ ResourceType }) => ResourceType));
  expect(contract().types.filter((type) => !types.has(type))).toEqual([]);
  const names = new Set(newest.flatMap(({ ResourceProperties }) => namesIn(ResourceProperties)));
  expect(contract().members.filter((member) => !names.has(member))).toEqual([]);
});

let folder: string;
let stack: SynthesizedStack;
let registries: ImageRegistries;
let cloud: CloudFormation;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-properties-'));
  stack = synthesize(folder, webApp('nginx:1.27', { isImported: true }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  registries = await ImageRegistries.start();
  cloud = await CloudFormation.start({ registries, transport: 'direct' });
});
afterEach(async () => {
  await cloud.stop();
  await registries.stop();
});

/** What the stack has left in the account. */
function arrange({ LogicalResourceId, ResourceProperties, Service }: KeptResource): void {
  const { ServiceName, CertificateName } = ResourceProperties as { ServiceName?: string; CertificateName?: string };
  const DomainNames = ResourceProperties.DomainNames as string[] | undefined;
  putSources(cloud, registries, [ResourceProperties]);
  if (CertificateName !== undefined) cloud.emulator.createCertificate(CertificateName, DomainNames![0], ...DomainNames!.slice(1));
  if (ServiceName === undefined) return;

  const owner = ownerOf(cloud.stackId, LogicalResourceId);
  const tags = Object.entries(Service?.tags ?? {}).map(([key, value]) => [key, value.replaceAll(OWNER, owner)]);
  cloud.emulator.createService({ serviceName: ServiceName, tags: Object.fromEntries(tags) });
  registerStored(cloud, ServiceName);
  cloud.emulator.invoke('UpdateContainerService', { serviceName: ServiceName, privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
  settle();
  if (!Service) return;

  registerNamed(ServiceName, Service.deployment.containers);
  cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: ServiceName, ...Service.deployment });
  settle();
  expect(cloud.versions(ServiceName)).toEqual({ 1: 'ACTIVE' });
}

/** Time in which whatever the service does comes to its end. */
function settle(): void {
  cloud.emulator.clock.advance(30 * 60_000);
}

/** The images of a service that its containers run, in the order in which the stack had registered them. */
function registerNamed(serviceName: string, containers: Readonly<Record<string, { readonly image?: string }>>): void {
  const named = Object.values(containers).map(({ image = '' }) => /^:.+\.([^.]+)\.(\d+)$/.exec(image)).filter((match) => match !== null)
    .map(([, label, number]): [string, number] => [label, Number(number)]);
  for (const [label, number] of named.filter(([name]) => name !== 'stored').sort(([, a], [, b]) => a - b)) {
    cloud.emulator.invoke('RegisterContainerImage', { serviceName, label, digest: `sha256:${createHash('sha256').update(String(number)).digest('hex')}` });
  }
}

/** Sends an event for a resource that the stack has, with other properties. */
function update(kept: KeptResource, properties: object): Promise<Answer> {
  const template = { ...stack, resources: { [kept.LogicalResourceId]: { Type: kept.ResourceType } } };
  const old = { physicalId: kept.PhysicalResourceId, properties: { ...kept.ResourceProperties } };
  return cloud.redeliver(cloud.event(template, 'Update', kept.LogicalResourceId, { ...properties }, old));
}

function remove(kept: KeptResource): Promise<Answer> {
  const template = { ...stack, resources: { [kept.LogicalResourceId]: { Type: kept.ResourceType } } };
  const old = { physicalId: kept.PhysicalResourceId, properties: { ...kept.ResourceProperties } };
  return cloud.redeliver(cloud.event(template, 'Delete', kept.LogicalResourceId, old.properties, old));
}

const success = ({ PhysicalResourceId: physicalResourceId }: KeptResource) => ({ status: 'SUCCESS', physicalResourceId });
const running = (kept: KeptResource) => cloud.emulator.service(kept.PhysicalResourceId)!.currentDeployment!;

describe.each(KEPT)('%s', (_, kept) => {
  test('an update of nothing but the timeout succeeds, under the same id', async () => {
    arrange(kept);

    expect(await update(kept, { ...kept.ResourceProperties, Timeout: 1700, ServiceTimeout: 1880 })).toMatchObject(success(kept));
    if (kept.Service) expect(cloud.versions(kept.PhysicalResourceId)).toEqual({ 1: 'ACTIVE' });
  });

  test('a delete succeeds, under the same id', async () => {
    arrange(kept);

    expect(await remove(kept)).toMatchObject(success(kept));
  });
});

describe.each(ofType(DEPLOYMENT))('the deployment %s', (_, kept) => {
  const containers = kept.ResourceProperties.Containers as Record<string, object>;
  const [[name, container]] = Object.entries(containers);
  const changed = { ...kept.ResourceProperties, Containers: { ...containers, [name]: { ...container, Image: 'example/changed:2' } } };

  test('another image makes one new version', async () => {
    arrange(kept);

    expect(await update(kept, changed)).toMatchObject(success(kept));
    expect(cloud.versions(kept.PhysicalResourceId)).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
    expect(running(kept).containers[name].image).toBe('example/changed:2');
  });

  test('an update back to its properties runs what it ran', async () => {
    arrange(kept);
    const before = running(kept);
    await update(kept, changed);

    expect(await update({ ...kept, ResourceProperties: changed }, kept.ResourceProperties)).toMatchObject(success(kept));
    const { version, state, createdAt, ...content } = running(kept);
    expect({ version, state, createdAt, ...content }).toEqual({ ...before, version: 3, createdAt: expect.any(Number) });
  });

  test('a delete leaves or disables the service, as its removal policy says', async () => {
    arrange(kept);
    await remove(kept);
    settle();

    expect(cloud.emulator.service(kept.PhysicalResourceId)!.state).toBe(kept.ResourceProperties.RemovalPolicy === 'Destroy' ? 'DISABLED' : 'RUNNING');
  });
});

describe.each(ofType(IMAGE))('the image %s', (_, kept) => {
  test('what a create registered is not registered again by an update, and removed by a delete', async () => {
    arrange(kept);
    const { Label: label, ServiceName: serviceName } = kept.ResourceProperties as { Label: string; ServiceName: string };
    const stored = () => cloud.emulator.images(serviceName).map(({ image }) => image).filter((image) => image.startsWith(`:${serviceName}.${label}.`));
    const template = { ...stack, resources: { [kept.LogicalResourceId]: { Type: kept.ResourceType } } };
    expect(await cloud.redeliver(cloud.event(template, 'Create', kept.LogicalResourceId, { ...kept.ResourceProperties }))).toMatchObject(success(kept));
    const [image] = stored();

    expect(await update(kept, { ...kept.ResourceProperties, KeepVersions: 2 })).toMatchObject({ ...success(kept), data: { Image: image } });
    expect(stored()).toEqual([image]);
    expect(await remove(kept)).toMatchObject(success(kept));
    expect(stored()).toEqual([]);
  });
});

/** The same resource in an older version and in the newest, with the same containers: the app takes a newer library and nothing else. */
const UPGRADES = ofType(DEPLOYMENT).flatMap(([title, kept]): Array<[string, KeptResource, KeptResource]> => {
  const newest = keptResources(VERSIONS.at(-1)!).find(({ LogicalResourceId }) => LogicalResourceId === kept.LogicalResourceId);
  const content = ({ ResourceProperties: { Containers, PublicEndpoint } }: KeptResource) => JSON.stringify([Containers, PublicEndpoint]);
  return newest && !title.startsWith(VERSIONS.at(-1)!) && content(kept) === content(newest) ? [[title, kept, newest]] : [];
});

test('some apps take a newer library and nothing else', () => {
  expect(new Set(UPGRADES.map(([title]) => title.split(' ')[0])).size).toBe(VERSIONS.length - 1);
});

test.each(UPGRADES)('%s: an app that takes the newest library and nothing else gets no new version', async (_, kept, newest) => {
  arrange(kept);

  expect(await update(kept, { ...newest.ResourceProperties, Timeout: 1700 })).toMatchObject(success(kept));
  expect(cloud.versions(kept.PhysicalResourceId)).toEqual({ 1: 'ACTIVE' });
});

/** The types and members that the contract has today, read from its source. */
function contract(): { readonly types: string[]; readonly members: string[] } {
  const file = join(KEPT_FOLDER, '..', '..', '..', '..', 'lib', 'private', 'resource-properties.ts');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration).filter(({ name }) => name.text.endsWith('ResourceProperties'));
  const members = interfaces.flatMap(({ members: all }) => all.map((member) => member.name!.getText(source)));
  const [union] = source.statements.filter(ts.isTypeAliasDeclaration).filter(({ name }) => name.text === 'ResourceType').map(({ type }) => type as ts.UnionTypeNode);
  return { types: union.types.map((type) => (type as ts.LiteralTypeNode).literal.getText(source).slice(1, -1)), members: [...new Set(members)] };
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [name, ...namesIn(item)]);
}
