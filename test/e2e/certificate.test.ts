import {
  CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStacksCommand, UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { LocalCloud } from './local-cloud';

/*
 * The types that MiniStack learns here, without the constructs: a certificate is issued once its records are in MiniStack's Route 53, a service
 * takes it only then, and both can be deleted.
 */
const TIMEOUT = 10 * 60_000;
const NAME = 'certificate-test';

let cloud: LocalCloud;
let client: CloudFormationClient;
beforeAll(async () => {
  cloud = await LocalCloud.start();
  client = new CloudFormationClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
}, TIMEOUT);
afterAll(async () => {
  client?.destroy();
  await cloud?.stop();
}, TIMEOUT);

const ZONE = { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'example.com' } };
const certificate = (name: string, domainName: string) => ({
  Type: 'AWS::Lightsail::Certificate', Properties: { CertificateName: name, DomainName: domainName, Tags: [{ Key: 'team', Value: 'a' }] },
});

/** Looks every 200 ms, for a minute, until there is a value. */
async function eventually<T>(look: () => T | undefined): Promise<T | undefined> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = look();
    if (found !== undefined || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A CNAME record as the constructs publish it. It can be known later than the certificate. */
async function recordOf(certificateName: string) {
  const resourceRecord = (await eventually(() => cloud.emulator.certificate(certificateName)!.domainValidationRecords?.[0]?.resourceRecord))!;
  return {
    Type: 'AWS::Route53::RecordSet',
    Properties: { HostedZoneId: { Ref: 'Zone' }, Name: resourceRecord.name, Type: 'CNAME', TTL: '300', ResourceRecords: [resourceRecord.value] },
  };
}

const service = (certificateName: string, domainName: string, replaced: readonly string[] = []) => ({
  Type: 'AWS::Lightsail::Container',
  Properties: {
    ServiceName: 'web',
    Power: 'nano',
    Scale: 1,
    PublicDomainNames: [
      { CertificateName: certificateName, DomainNames: [domainName] },
      ...replaced.map((name) => ({ CertificateName: name, DomainNames: [] })),
    ],
  },
});

async function untilEnded(): Promise<{ status: string; outputs: Record<string, string> }> {
  for (;;) {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: NAME }))
      .catch(() => ({ Stacks: [{ StackStatus: 'DELETE_COMPLETE', Outputs: undefined }] }));
    if (!stack.StackStatus!.endsWith('_IN_PROGRESS')) {
      const outputs = (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
      return { status: stack.StackStatus!, outputs: Object.fromEntries(outputs) };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function deploy(Resources: object, Outputs: object = {}, isNew = false) {
  const stack = { StackName: NAME, TemplateBody: JSON.stringify({ Resources, Outputs }) };
  await (isNew ? client.send(new CreateStackCommand(stack)) : client.send(new UpdateStackCommand(stack)));
  return untilEnded();
}

test('a certificate of a stack is issued once its record is in Route 53, attached, replaced and deleted', async () => {
  const outputs = { Name: { Value: { Ref: 'Certificate' } }, Status: { Value: { 'Fn::GetAtt': ['Certificate', 'Status'] } } };
  const created = await deploy({ Zone: ZONE, Certificate: certificate('first', 'www.example.com') }, outputs, true);
  expect(created).toEqual({ status: 'CREATE_COMPLETE', outputs: { Name: 'first', Status: 'PENDING_VALIDATION' } });
  expect(cloud.emulator.certificate('first')).toMatchObject({ status: 'PENDING_VALIDATION', tags: [{ key: 'team', value: 'a' }] });

  // Attached too early, the stack rolls back, and the certificate stays.
  const early = await deploy({ Zone: ZONE, Certificate: certificate('first', 'www.example.com'), Service: service('first', 'www.example.com') });
  expect(early.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(cloud.emulator.service('web')).toBeUndefined();
  expect(cloud.emulator.certificate('first')!.status).toBe('PENDING_VALIDATION');

  const first = { Zone: ZONE, Certificate: certificate('first', 'www.example.com'), Record: await recordOf('first') };
  expect((await deploy(first)).status).toBe('UPDATE_COMPLETE');
  expect(await eventually(() => cloud.emulator.certificate('first')!.status === 'ISSUED' || undefined)).toBe(true);
  expect((await deploy({ ...first, Service: service('first', 'www.example.com') })).status).toBe('UPDATE_COMPLETE');
  expect(cloud.emulator.service('web')).toMatchObject({ publicDomainNames: { first: ['www.example.com'] } });

  // Another domain without another name is refused; a second certificate takes the place of the first one, which must be detached by name.
  expect((await deploy({ ...first, Certificate: certificate('first', 'api.example.com'), Service: service('first', 'www.example.com') })).status)
    .toBe('UPDATE_ROLLBACK_COMPLETE');
  cloud.emulator.createCertificate('second', 'www.example.com');
  expect((await deploy({ Zone: ZONE, Service: service('second', 'www.example.com', ['first']) })).status).toBe('UPDATE_COMPLETE');
  expect(cloud.emulator.service('web')).toMatchObject({ publicDomainNames: { second: ['www.example.com'] } });
  expect(cloud.emulator.certificate('first')).toBeUndefined();

  await client.send(new DeleteStackCommand({ StackName: NAME }));
  expect((await untilEnded()).status).toBe('DELETE_COMPLETE');
  expect(cloud.emulator.service('web')).toBeUndefined();
}, TIMEOUT);
