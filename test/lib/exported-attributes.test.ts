import { Annotations, CfnOutput, CfnParameter, Fn, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { Annotations as Shown, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { Fixture, messageOf, WEB } from './fixture';
import {
  ContainerImage, ContainerService, ContainerServiceDeployment, ContainerServicePower, type ContainerServiceProps, type IContainerService,
} from '../../lib';

let fixture: Fixture;
let other: Stack;
beforeEach(() => {
  fixture = new Fixture();
  other = new Stack(fixture.app, 'Other');
});

const service = (props: Partial<ContainerServiceProps> = {}, scope: Construct = fixture.stack) =>
  new ContainerService(scope, 'Service', { power: ContainerServicePower.NANO, ...props });
const deploy = (to: IContainerService, image = WEB.image) => to.addDeployment('Deployment', { containers: { web: { ...WEB, image } } });
const imported = () => ContainerService.fromContainerServiceName(fixture.stack, 'Imported', 'web');

/** Another stack uses a value. */
const use = (value: string) => new ssm.StringParameter(other, 'Parameter', { stringValue: value });
const useList = (values: string[]) => use(Fn.join(' ', values));
const output = (value: string, exportName?: string) => new CfnOutput(fixture.stack, 'Output', { value, exportName });

const warnings = () => Shown.fromStack(fixture.stack).findWarning('*', Match.stringLikeRegexp('emptyExport')).map(({ entry }) => entry.data);
const synthesize = () => fixture.app.synth();

describe('an attribute that is known to be empty is not exported', () => {
  test.each<[string, () => void, RegExp]>([
    ['the domain names of a service without any, in another stack', () => useList(deploy(service()).publicDomainNames),
      /\[Stack\/Service\/Deployment\] publicDomainNames: Stack\/Exports\/Output\S+ exports it, for example because another stack uses it\. But the container service does not have a custom domain, so the value is empty, and CloudFormation refuses to export an empty value\. Either give the container service domains, or do not export it\./],
    ['an empty list of domain names', () => useList(deploy(service({ publicDomainNames: [] })).publicDomainNames), /publicDomainNames: .*the value is empty/],
    ['the domain names in an output with a name', () => output(Fn.join(',', deploy(service()).publicDomainNames), 'names'), /publicDomainNames: Stack\/Output exports it/],
    ['the puller role of a service without it, in another stack', () => use(deploy(service()).ecrImagePullerPrincipalArn),
      /ecrImagePullerPrincipalArn: .* does not have access to private registries, .* set privateRegistryAccess of the container service to true/],
    ['the puller role of a service that turns it off', () => use(deploy(service({ privateRegistryAccess: false })).ecrImagePullerPrincipalArn), /ecrImagePullerPrincipalArn: .*is empty/],
    ['the puller role in an output with a name', () => output(deploy(service()).ecrImagePullerPrincipalArn, 'role'), /ecrImagePullerPrincipalArn: Stack\/Output exports it/],
    ['the puller role beside nothing but space', () => output(` ${deploy(service()).ecrImagePullerPrincipalArn} `, 'role'), /ecrImagePullerPrincipalArn: .*is empty/],
    ['the puller role of a CfnContainer', () => use(fixture.deployment({ service: fixture.service() }).ecrImagePullerPrincipalArn), /ecrImagePullerPrincipalArn: .*is empty/],
    ['the puller role from the service itself', () => use(service().ecrImagePullerPrincipalArn), /\[Stack\/Service\] ecrImagePullerPrincipalArn: .*is empty/],
    ['the puller role of a nested stack, in another stack', () => use(deploy(service({}, new NestedStack(fixture.stack, 'Nested'))).ecrImagePullerPrincipalArn),
      /\[Stack\/Nested\/Service\/Deployment\] ecrImagePullerPrincipalArn: Stack\/Exports\/\S+ exports it/],
  ])('%s', (_, define, error) => {
    define();

    expect(messageOf(synthesize)).toMatch(error);
  });
});

describe('an attribute that has a value is exported without a word', () => {
  test.each<[string, () => void]>([
    ['the domain names of a service that has some', () => useList(
      deploy(service({ publicDomainNames: [{ certificateName: 'example', domainNames: ['example.com'] }] })).publicDomainNames)],
    ['the puller role of a service that has it', () => use(deploy(service({ privateRegistryAccess: true })).ecrImagePullerPrincipalArn)],
    ['the puller role of a deployment with a private image', () => use(
      deploy(service(), ContainerImage.fromEcrRepository(new ecr.Repository(fixture.stack, 'Repository'), '1')).ecrImagePullerPrincipalArn)],
    ['the puller role of an imported service with a private image', () => use(
      deploy(imported(), ContainerImage.fromEcrRepository(new ecr.Repository(fixture.stack, 'Repository'), '1')).ecrImagePullerPrincipalArn)],
    ['the puller role as part of a text', () => output(`role: ${deploy(service()).ecrImagePullerPrincipalArn}`, 'role')],
    ['the URL and the host name', () => use(`${deploy(service()).url}`)],
    ['the host name without an endpoint', () => use(deploy(service()).hostName)],
    ['the empty role in an output that is not exported', () => output(deploy(service()).ecrImagePullerPrincipalArn)],
    ['the empty role inside the stack', () => new ssm.StringParameter(fixture.stack, 'Parameter', { stringValue: deploy(service()).ecrImagePullerPrincipalArn })],
  ])('%s', (_, define) => {
    define();

    expect(synthesize).not.toThrow();
    expect(warnings()).toEqual([]);
  });
});

describe('an attribute that only Lightsail knows is exported with a warning', () => {
  test.each<[string, () => void, RegExp]>([
    ['the domain names of an imported service', () => useList(deploy(imported()).publicDomainNames),
      /^publicDomainNames: Stack\/Exports\/\S+ exports it.* It is not known at synthesis whether the container service has a custom domain\. If it does not, the value is empty/],
    ['the puller role of an imported service', () => use(deploy(imported()).ecrImagePullerPrincipalArn), /^ecrImagePullerPrincipalArn: .* has access to private registries\. If it does not/],
    ['the puller role of a service that a parameter decides on', () => {
      const container = fixture.service();
      container.privateRegistryAccess = { ecrImagePullerRole: { isActive: Token.asAny(Fn.ref(new CfnParameter(fixture.stack, 'Switch').logicalId)) } };
      use(new ContainerServiceDeployment(fixture.stack, 'Deployment', { service: container, containers: { web: WEB } }).ecrImagePullerPrincipalArn);
    }, /^ecrImagePullerPrincipalArn: /],
    ['the puller role of a service whose access is a token', () => {
      const container = fixture.service();
      container.privateRegistryAccess = Token.asAny(Fn.ref(new CfnParameter(fixture.stack, 'Switch').logicalId));
      use(new ContainerServiceDeployment(fixture.stack, 'Deployment', { service: container, containers: { web: WEB } }).ecrImagePullerPrincipalArn);
    }, /^ecrImagePullerPrincipalArn: /],
    ['the domain names of a service that are a token', () => {
      const container = fixture.service();
      container.publicDomainNames = Token.asAny(Fn.ref(new CfnParameter(fixture.stack, 'Names').logicalId));
      useList(new ContainerServiceDeployment(fixture.stack, 'Deployment', { service: container, containers: { web: WEB } }).publicDomainNames);
    }, /^publicDomainNames: /],
  ])('%s', (_, define, warning) => {
    define();

    expect(warnings()).toEqual([expect.stringMatching(warning)]);
    expect(JSON.stringify(Template.fromStack(fixture.stack).findOutputs('*'))).toContain('"Export"');
  });

  test('the warning can be acknowledged', () => {
    const deployment = deploy(imported());
    Annotations.of(deployment).acknowledgeWarning('cdk-lightsail-containers:emptyExport');
    use(deployment.ecrImagePullerPrincipalArn);

    expect(warnings()).toEqual([]);
  });
});
