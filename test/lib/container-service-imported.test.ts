import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { messageOf, WEB } from './fixture';
import { ContainerService, ContainerServiceDeployment, type ContainerServiceAttributes } from '../../lib';

const ENV = { region: 'eu-central-1', account: '111111111111' };
const ARN = 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const PRINCIPAL_ARN = 'arn:aws:iam::222222222222:role/amazon/lightsail/eu-central-1/containers/web/0123456789abcdefghijklmnopqrstuv';
const NAME_RULE = 'Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: ENV });
});

/** The statements of the only policy of a type. */
function statements(type: string): any[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources(type));
  return policy?.Properties.PolicyDocument.Statement;
}

describe('fromContainerServiceName()', () => {
  test('has the name of the service', () => {
    const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');

    expect(service.containerServiceName).toBe('web');
    expect(service.containerRef).toEqual({ serviceName: 'web', containerArn: service.containerServiceArn });
    expect(service.env).toEqual(ENV);
  });

  test('has an ARN that matches the container services of the account and Region', () => {
    const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');

    expect(stack.resolve(service.containerServiceArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lightsail:eu-central-1:111111111111:ContainerService/*']],
    });
  });

  test('accepts a token as name', () => {
    const name = new CfnParameter(stack, 'Name').valueAsString;
    const service = ContainerService.fromContainerServiceName(stack, 'Service', name);

    expect(stack.resolve(service.containerRef.serviceName)).toEqual({ Ref: 'Name' });
  });

  test('has the private domain name of the service', () => {
    expect(ContainerService.fromContainerServiceName(stack, 'Service', 'web').privateDomainName).toBe('web.service.local');
  });

  test('creates no resource', () => {
    ContainerService.fromContainerServiceName(stack, 'Service', 'web');

    expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
  });

  test('refuses an invalid name, and defines nothing', () => {
    expect(messageOf(() => ContainerService.fromContainerServiceName(stack, 'Service', 'My_Service')))
      .toBe(`[Stack/Service] containerServiceName: "My_Service" is not a valid name for a container service. ${NAME_RULE}`);
    expect(stack.node.children.map(({ node }) => node.path)).toEqual([]);
  });

  const UNKNOWN = '[Stack/Service] principalArn: not known. Nothing can be granted to this container service without it. '
    + 'Import the service with ContainerService.fromContainerServiceAttributes(), with its principalArn.';

  test('refuses grants', () => {
    const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');

    expect(messageOf(() => new s3.Bucket(stack, 'Bucket').grantRead(service))).toBe(UNKNOWN);
  });

  test('cannot be used as principal of a policy', () => {
    const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');

    expect(messageOf(() => new iam.PolicyStatement({ principals: [service.grantPrincipal] }))).toBe(UNKNOWN);
    expect(messageOf(() => new iam.Role(stack, 'Role', { assumedBy: service.grantPrincipal }))).toBe(UNKNOWN);
  });
});

describe('fromContainerServiceAttributes()', () => {
  function imported(attributes: Partial<ContainerServiceAttributes> = {}) {
    return ContainerService.fromContainerServiceAttributes(stack, 'Service', {
      containerServiceName: 'web', containerServiceArn: ARN, ...attributes,
    });
  }

  test('has the name and ARN of the service', () => {
    expect(imported().containerRef).toEqual({ serviceName: 'web', containerArn: ARN });
    expect(stack.node.children).toMatchObject([{ containerServiceName: 'web', containerServiceArn: ARN }]);
  });

  test('limits the permission to deploy to the service', () => {
    const service = imported();
    new ContainerServiceDeployment(stack, 'Deployment', { service, containers: { web: WEB } });

    const deploys = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'lightsail:CreateContainerServiceDeployment');
    expect(new Set(deploys.map(({ Resource }) => Resource))).toEqual(new Set([ARN]));
  });

  test('is in the account and Region of its ARN', () => {
    const service = imported({ containerServiceArn: ARN.replace('eu-central-1', 'us-east-1') });

    expect(service.env).toEqual({ account: '111111111111', region: 'us-east-1' });
    expect(messageOf(() => new ContainerServiceDeployment(stack, 'Deployment', { service, containers: { web: WEB } })))
      .toContain('service: it is in region "us-east-1", and the stack in "eu-central-1".');
  });

  test('accepts tokens', () => {
    const service = imported({
      containerServiceName: Fn.importValue('Name'), containerServiceArn: Fn.importValue('Arn'), principalArn: Fn.importValue('Principal'),
    });
    new ContainerServiceDeployment(stack, 'Deployment', { service, containers: { web: WEB } });
    new s3.Bucket(stack, 'Bucket').grantRead(service);

    expect(stack.resolve(service.containerRef)).toEqual({ serviceName: { 'Fn::ImportValue': 'Name' }, containerArn: { 'Fn::ImportValue': 'Arn' } });
    expect(statements('AWS::S3::BucketPolicy')).toMatchObject([{ Principal: { AWS: { 'Fn::ImportValue': 'Principal' } } }]);
  });

  test('accepts grants if the principal is known', () => {
    new s3.Bucket(stack, 'Bucket').grantRead(imported({ principalArn: PRINCIPAL_ARN }));

    expect(statements('AWS::S3::BucketPolicy')).toMatchObject([{ Effect: 'Allow', Principal: { AWS: PRINCIPAL_ARN } }]);
  });

  test('refuses grants if the principal is not known', () => {
    const service = imported();

    expect(messageOf(() => new s3.Bucket(stack, 'Bucket').grantRead(service))).toContain('[Stack/Service] principalArn: not known');
  });

  test.each([
    '', 'web', 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService', 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/',
    ARN.replace('lightsail', 'ecs'), ARN.replace('ContainerService', 'Instance'), ARN.replace('111111111111', ''), `${ARN}/x`, `${ARN}\n`,
  ])('fails for the ARN %j', (containerServiceArn) => {
    expect(messageOf(() => imported({ containerServiceArn }))).toBe(
      `[Stack/Service] containerServiceArn: ${JSON.stringify(containerServiceArn)} is not the ARN of a container service. `
      + 'Write it as arn:<partition>:lightsail:<region>:<account>:ContainerService/<id>.');
  });

  test('fails for an ARN made of the name', () => {
    const containerServiceArn = 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/web';

    expect(messageOf(() => imported({ containerServiceArn }))).toBe(
      `[Stack/Service] containerServiceArn: "${containerServiceArn}" ends with the name of the container service, but Lightsail's ARNs end with an id. `
      + 'Copy the ARN from `aws lightsail get-container-services`.');
  });

  test.each(['', 'web', 'arn:aws:iam::222222222222:user/web', PRINCIPAL_ARN.replace('222222222222', '')])('fails for the principal %j', (principalArn) => {
    expect(messageOf(() => imported({ principalArn }))).toBe(
      `[Stack/Service] principalArn: ${JSON.stringify(principalArn)} is not the ARN of a role. `
      + 'Copy it from `aws lightsail get-container-services`, or leave it out.');
  });

  test('fails for an ECR image puller that is no role', () => {
    expect(messageOf(() => imported({ ecrImagePullerPrincipalArn: 'x' }))).toBe(
      '[Stack/Service] ecrImagePullerPrincipalArn: "x" is not the ARN of a role. Copy it from `aws lightsail get-container-services`, or leave it out.');
  });

  test('fails with all errors at once, and defines nothing', () => {
    expect(messageOf(() => imported({ containerServiceName: 'Web', containerServiceArn: 'x', principalArn: 'y' }))).toBe([
      '[Stack/Service]',
      `  - containerServiceName: "Web" is not a valid name for a container service. ${NAME_RULE}`,
      '  - containerServiceArn: "x" is not the ARN of a container service. Write it as arn:<partition>:lightsail:<region>:<account>:ContainerService/<id>.',
      '  - principalArn: "y" is not the ARN of a role. Copy it from `aws lightsail get-container-services`, or leave it out.',
    ].join('\n'));
    expect(stack.node.children).toEqual([]);
  });
});
