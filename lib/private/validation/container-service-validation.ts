import { PhysicalName, Token } from 'aws-cdk-lib';
import { validatePublicDomainNames } from './domains/public-domain-names';
import { validateRemovalPolicy } from './removal-policy';
import { validateBoolean, validateContainerServiceName, describeValue, validateWholeNumber } from './validation';
import type { ContainerServicePower } from '../../container-service-power';
import type { ContainerServiceProps } from '../../container-service-props';

/*
 * The rules for a container service. See deployment-validation.ts for its deployments.
 */

const POWER_NAME = /^[a-z0-9]+$/;
const MAX_SCALE = 20;

const SERVICE_ARN = /^arn:[a-z-]+:lightsail:[a-z0-9-]+:\d{12}:ContainerService\/([^/:\s]+)$/;
const HOST_NAME = /^[a-z0-9-]+\.[a-z0-9]+\.([a-z0-9-]+)\.cs\.amazonlightsail\.com$/;
const ROLE_ARN = /^arn:[a-z-]+:iam::\d{12}:role\/\S+$/;

export function validateContainerService(props: ContainerServiceProps): string[] {
  return [
    ...validateOwnName(props.containerServiceName),
    ...validatePower(props.power),
    ...validateWholeNumber('scale', props.scale, 1, MAX_SCALE),
    ...validatePublicDomainNames(props.publicDomainNames),
    ...validateBoolean('privateRegistryAccess', props.privateRegistryAccess),
    ...validateBoolean('isDisabled', props.isDisabled),
    ...validateRemovalPolicy(props.removalPolicy, 'container services'),
  ];
}

export function validateContainerServiceArn(arn: string, containerServiceName: string): string[] {
  if (Token.isUnresolved(arn)) return [];

  const id = SERVICE_ARN.exec(arn)?.[1];
  if (id === undefined) {
    return [`containerServiceArn: ${describeValue(arn)} is not the ARN of a container service. `
      + 'Write it as arn:<partition>:lightsail:<region>:<account>:ContainerService/<id>.'];
  }
  return id !== containerServiceName ? []
    : [`containerServiceArn: ${describeValue(arn)} ends with the name of the container service, but Lightsail's ARNs end with an id. `
      + 'Copy the ARN from `aws lightsail get-container-services`.'];
}

/** The errors of the host name of a container service that exists. */
export function validateHostName(hostName: string | undefined, arn: string): string[] {
  if (hostName === undefined || Token.isUnresolved(hostName)) return [];

  const region = typeof hostName === 'string' ? HOST_NAME.exec(hostName)?.[1] : undefined;
  if (region === undefined) {
    return [`hostName: ${describeValue(hostName)} is not the host name of a container service. `
      + 'Write it as <name>.<id>.<region>.cs.amazonlightsail.com, without scheme and slashes. It is in the URL of the service.'];
  }
  const regionOfArn = Token.isUnresolved(arn) ? undefined : arn.split(':')[3];
  return regionOfArn === undefined || regionOfArn === region ? []
    : [`hostName: ${describeValue(hostName)} is in Region ${describeValue(region)}, and the containerServiceArn in ${describeValue(regionOfArn)}. Use both of one service.`];
}

export function validatePrincipalArn(property: string, arn: string | undefined): string[] {
  if (arn === undefined || Token.isUnresolved(arn) || ROLE_ARN.test(arn)) return [];

  return [`${property}: ${describeValue(arn)} is not the ARN of a role. Copy it from \`aws lightsail get-container-services\`, or leave it out.`];
}

function validateOwnName(name: string | undefined): string[] {
  if (name === undefined) return [];
  if (name === PhysicalName.GENERATE_IF_NEEDED) {
    return ['containerServiceName: PhysicalName.GENERATE_IF_NEEDED is not supported. Leave the name out to generate one. '
      + 'To use the service in another account or Region, write a name.'];
  }
  return validateContainerServiceName('containerServiceName', name);
}

function validatePower(power: ContainerServicePower): string[] {
  const name: string | undefined = power?.name;
  if (Token.isUnresolved(name) || (typeof name === 'string' && POWER_NAME.test(name))) return [];

  return [typeof name === 'string'
    ? `power: ${describeValue(name)} is not the name of a power. Use lower-case letters and digits, for example ContainerServicePower.of('nano'). `
      + "Use the power's name (nano), not its id (nano-1)."
    : `power: ${describeValue(power)} is not a ContainerServicePower. Use one of its constants, for example ContainerServicePower.NANO.`];
}
