import { join } from 'node:path';
import { GetCertificatesCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { LocalCloud } from './local-cloud';
import { Route53 } from './route53';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'custom-domain');
const STACK = 'CustomDomainLightsail';

/** Of Lightsail's container services in the Region of the local cloud. */
const LIGHTSAIL_ZONE = 'Z06246771KYU0IRHI74W4';

/** The first run also installs MiniStack. */
const TIMEOUT = 10 * 60_000;

let cloud: LocalCloud;
let route53: Route53;
let lightsail: LightsailClient;
beforeAll(async () => {
  cloud = await LocalCloud.start();
  route53 = new Route53(cloud.endpoint);
  lightsail = new LightsailClient({ endpoint: cloud.emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const { exitCode, output } = await cloud.bootstrap(EXAMPLE);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
}, TIMEOUT);
afterAll(async () => {
  lightsail?.destroy();
  await cloud?.stop();
}, TIMEOUT);

async function certificates() {
  const { certificates: found = [] } = await lightsail.send(new GetCertificatesCommand({ includeCertificateDetails: true }));
  return found.map(({ certificateName, certificateDetail }) => ({ certificateName, ...certificateDetail }));
}

/** What there is of the domains, in all services. */
async function situation(zoneName: string) {
  const zoneId = (await route53.hostedZones())[`${zoneName}.`];
  const services = cloud.emulator.requests.filter(({ operation }) => operation === 'CreateContainerService').map(({ input }) => (input as { serviceName: string }).serviceName);
  return {
    certificates: await certificates(),
    records: zoneId === undefined ? [] : await route53.records(zoneId),
    services: [...new Set(services)].map((name) => cloud.emulator.service(name)).filter((service) => service !== undefined),
  };
}

describe.each([
  ['that the stack creates', 'example.com', false],
  ['that exists already', 'example.org', true],
])('the example, with a hosted zone %s', (_, zoneName, exists) => {
  const context: string[] = ['-c', `domainName=${zoneName}`];
  beforeAll(async () => {
    if (exists) context.push('-c', `hostedZoneId=${await route53.createHostedZone(zoneName)}`);
  });

  test('one deployment ends with an issued certificate, attached domains, alias records and an active deployment', async () => {
    const { exitCode, output } = await cloud.cdk(EXAMPLE, 'deploy', '--require-approval', 'never', ...context);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });

    const { certificates: [certificate, ...others], records, services: [service] } = await situation(zoneName);
    expect(others).toEqual([]);
    expect(certificate).toMatchObject({ status: 'ISSUED', domainName: zoneName });
    expect(service).toMatchObject({
      state: 'RUNNING',
      currentDeployment: { version: 1, state: 'ACTIVE' },
      publicDomainNames: { [certificate.certificateName!]: [zoneName, `www.${zoneName}`] },
    });
    const host = new URL(service!.url).host;
    const aliases = records.filter(({ type }) => type === 'A');
    expect(aliases.map(({ name }) => name).sort()).toEqual([`${zoneName}.`, `www.${zoneName}.`]);
    aliases.forEach((alias) => expect(alias).toMatchObject({ values: [`${host}.`], aliasHostedZoneId: LIGHTSAIL_ZONE }));
    expect(records.filter(({ type }) => type === 'CNAME').map(({ name, values }) => [name, values[0]].map((text) => text.replace(/\.?$/, '.'))).sort())
      .toEqual(certificate.domainValidationRecords!.map(({ resourceRecord }) => [resourceRecord!.name, resourceRecord!.value]).sort());
    expect(await cloud.cloudFormation.stackStatus(STACK)).toBe('CREATE_COMPLETE');
  }, TIMEOUT);

  test('a deployment without a change changes nothing', async () => {
    const before = await situation(zoneName);
    const { exitCode, output } = await cloud.cdk(EXAMPLE, 'deploy', '--require-approval', 'never', ...context);

    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await situation(zoneName)).toEqual(before);
  }, TIMEOUT);

  test('one destroy leaves none of them', async () => {
    const { exitCode, output } = await cloud.cdk(EXAMPLE, 'destroy', '--force', ...context);

    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await situation(zoneName)).toEqual({ certificates: [], records: [], services: [] });
    expect(Object.keys(await route53.hostedZones()).includes(`${zoneName}.`)).toBe(exists);
    expect(await cloud.cloudFormation.stackStatus(STACK)).toBeUndefined();
  }, TIMEOUT);
});
