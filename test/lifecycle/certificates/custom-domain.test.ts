import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackDriver, type DriverOutcome } from './stack-driver';
import { playableApp } from './synthesized-template';
import { APPS, synthesize } from '../../apps/apps';
import { CertificateFate, Outcome, type DeploymentShape } from '../../emulator';

/*
 * examples/custom-domain as it is synthesized, in the order that its template asks for: of example.com, and of another domain after that.
 */
const EXAMPLE = APPS.find((app) => app.endsWith('custom-domain'))!;
const IMAGE = 'public.ecr.aws/nginx/nginx:1.27';

const folders: string[] = [];
const apps: Record<string, ReturnType<typeof playableApp>> = {};
let driver: StackDriver;

beforeAll(async () => {
  for (const domainName of ['example.com', 'example.org']) {
    const outdir = mkdtempSync(join(tmpdir(), 'custom-domain-'));
    folders.push(outdir);
    await synthesize(EXAMPLE, { outdir, context: { domainName } });
    apps[domainName] = playableApp(outdir);
  }
});

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

beforeEach(async () => {
  driver = await StackDriver.start(apps['example.com'].stack);
});

afterEach(() => driver.stop());

const deploy = (domainName: string) => driver.deploy(apps[domainName].template);
const typesOf = ({ events }: DriverOutcome, action: string) => events.filter((event) => event.action === action)
  .map(({ logicalId }) => apps['example.com'].template[logicalId]?.Type ?? apps['example.org'].template[logicalId].Type);
const service = () => {
  const { Properties } = Object.values(apps['example.com'].template).find(({ Type }) => Type === 'AWS::Lightsail::Container')!;
  return driver.emulator.service(String(Properties!.ServiceName));
};
const attached = () => Object.entries(service()?.publicDomainNames ?? {});
const certificates = () => (driver.emulator.invoke('GetCertificates', {}) as { certificates: { certificateName: string }[] }).certificates;
const active = (): DeploymentShape | undefined => service()?.currentDeployment;

test('one deployment: records, ISSUED, the service with its domains, and then its aliases and its containers; one delete leaves nothing', async () => {
  const created = await deploy('example.com');

  expect(created).toMatchObject({ status: 'CREATE_COMPLETE' });
  const types = typesOf(created, 'Create');
  expect(types.slice(0, 7)).toEqual([
    'AWS::Lightsail::Certificate', 'Custom::LightsailCertificateRecords', 'AWS::Route53::RecordSet', 'AWS::Route53::RecordSet',
    'Custom::LightsailCertificateValidation', 'Custom::LightsailDomainChange', 'AWS::Lightsail::Container',
  ]);
  expect(types.slice(7).sort()).toEqual(['AWS::Route53::RecordSet', 'AWS::Route53::RecordSet', 'Custom::LightsailContainerServiceDeployment']);
  expect(attached()).toEqual([[expect.any(String), ['example.com', 'www.example.com']]]);
  expect(driver.emulator.certificate(attached()[0][0])).toMatchObject({ status: 'ISSUED' });
  expect(active()).toMatchObject({ version: 1, state: 'ACTIVE' });

  expect(await deploy('example.com')).toMatchObject({ status: 'UPDATE_COMPLETE', events: [] });

  expect(await driver.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(service()).toBeUndefined();
  expect(certificates()).toEqual([]);
});

test('another domain: its certificate is issued and attached before the old one is deleted, and nothing is deployed again', async () => {
  await deploy('example.com');
  const [[oldName]] = attached();

  const updated = await deploy('example.org');

  expect(updated).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(attached()).toEqual([[expect.not.stringContaining(oldName), ['example.org', 'www.example.org']]]);
  expect(certificates().map(({ certificateName }) => certificateName)).toEqual([attached()[0][0]]);
  const serviceChanged = updated.events.findIndex(({ logicalId, action }) => action === 'Update' && driver.resources.get(logicalId)?.type === 'AWS::Lightsail::Container');
  const oldDeleted = updated.events.findIndex(({ physicalId, action }) => action === 'Delete' && physicalId === oldName);
  expect(serviceChanged).toBeGreaterThan(-1);
  expect(oldDeleted).toBeGreaterThan(serviceChanged);
  expect(active()).toMatchObject({ version: 1, state: 'ACTIVE' });
});

test('another domain whose validation fails: the old one stays attached, with the cause, and nothing is left of the new one', async () => {
  await deploy('example.com');
  const before = attached();
  driver.emulator.certificateFates.forDomain('example.org', CertificateFate.fails('DOMAIN_NOT_ALLOWED'));

  const updated = await deploy('example.org');

  expect(updated.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(updated.reason).toContain('DOMAIN_NOT_ALLOWED');
  expect(attached()).toEqual(before);
  expect(certificates().map(({ certificateName }) => certificateName)).toEqual([before[0][0]]);
  expect(active()).toMatchObject({ version: 1, state: 'ACTIVE' });
});

test('a deployment that fails takes the domain and the certificate of a new stack with it', async () => {
  driver.emulator.outcomes.forImage(IMAGE, Outcome.healthCheckFails());

  expect(await deploy('example.com')).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
  expect(service()).toBeUndefined();
  expect(certificates()).toEqual([]);
});
