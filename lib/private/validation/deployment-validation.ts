import { RemovalPolicy, Stack, Token, type Duration } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { IConstruct } from 'constructs';
import { validateEndpointTarget } from './endpoint-validation';
import type { ContainerResourceProperties } from '../resource-properties';
import { validateKnownKey } from './map-key';
import { validateRegion } from './region';
import { validateNoSecretReference, validatePlainValue } from './secret-reference';
import {
  validateBoolean, validateContainerServiceName, validateDuration, describeValue, isMap, isStringOrToken, validateKey, validateString, describeType,
} from './validation';
import type { ContainerProps } from '../../container-props';
import type { PublicEndpoint } from '../../public-endpoint';
import { cfnContainerOf } from '../tree/cfn-container';
import { resolveKnown } from '../tree/known-value';

const MAX_CONTAINERS = 10;

/**
 * The errors of the container service of a deployment.
 *
 * @param scope the deployment
 */
export function validateService(service: lightsail.IContainerRef, scope: IConstruct): string[] {
  const { serviceName, containerArn }: Partial<lightsail.ContainerReference> = service?.containerRef ?? {};
  if (typeof service === 'string') {
    return [`service: ${describeValue(service)} is a string. Write it as ContainerService.fromContainerServiceName(this, 'Service', ${describeValue(service)}).`];
  }
  if (!isStringOrToken(serviceName) || !isStringOrToken(containerArn)) {
    return [`service: ${service === undefined ? 'missing' : `${describeValue(service)} is not a container service`}. `
      + "Use a ContainerService, ContainerService.fromContainerServiceName(this, 'Service', 'name') or a CfnContainer."];
  }
  return [
    ...validateContainerServiceName('service', serviceName), ...validatePlainValue('service', serviceName),
    ...validateRegion(Stack.of(scope).region, scope), ...validateEnvironment(service, Stack.of(scope)),
  ];
}

/** Whether the value is a map. If not, the error shows only its type: it may contain an environment. */
export function validateContainers(containers: { [name: string]: ContainerProps }): string[] {
  const remedy = "Use a map of names to containers, for example { web: { image: ContainerImage.fromRegistry('nginx:1.27') } }";

  if (containers === undefined) return [`containers: missing. ${remedy}. Use {} if addContainer() adds all containers.`];
  if (Token.isUnresolved(containers) || !isMap(containers)) return [`containers: ${describeType(containers)} is not a map that is known at synthesis. ${remedy}.`];
  return [];
}

export function validateTimeout(timeout: Duration | undefined): string[] {
  return validateDuration('timeout', timeout, 60, 3600, 'CloudFormation waits at most one hour for a custom resource');
}

export function validateTriggers(triggers: { [name: string]: string } | undefined): string[] {
  if (triggers === undefined || Token.isUnresolved(triggers)) return [];
  if (!isMap(triggers)) return [`triggers: ${describeValue(triggers)} is not a map. Use names and values, for example { build: '42' }.`];

  return Object.entries(triggers).flatMap(([name, value]) => [
    ...validateKey('triggers', name),
    ...validateKnownKey('triggers', name, 'the name of a trigger'),
    ...validateString(`triggers.${name}`, value),
    ...validateTriggerSecret(`triggers.${name}`, value),
  ]);
}

function validateTriggerSecret(property: string, value: unknown): string[] {
  return validateNoSecretReference(property, value, () => 'The text of the reference never changes, so it starts no deployment. Use a value that changes with the secret, for example the date of its rotation.');
}

export function validateRemovalPolicy(removalPolicy: RemovalPolicy | undefined): string[] {
  if (removalPolicy === undefined || removalPolicy === RemovalPolicy.RETAIN || removalPolicy === RemovalPolicy.DESTROY) return [];

  return [`removalPolicy: ${describeValue(removalPolicy)} given. Use RemovalPolicy.RETAIN, which keeps the containers running, `
    + 'or RemovalPolicy.DESTROY, which disables the container service.'];
}

export function validateWaitForUrl(waitForUrl: boolean | undefined, publicEndpoint: PublicEndpoint | undefined): string[] {
  return waitForUrl !== true || publicEndpoint !== undefined ? validateBoolean('waitForUrl', waitForUrl)
    : ['waitForUrl: true given, but there is no publicEndpoint. So the URL would always answer 404. Add a publicEndpoint, or remove waitForUrl.'];
}

/** The errors that can be found only when all containers are known. */
export function validateDeployment(
  containers: ReadonlyMap<string, Pick<ContainerResourceProperties, 'Ports'>>, endpoint: PublicEndpoint | undefined,
): string[] {
  const errors = [];
  if (containers.size === 0) {
    errors.push('containers: none given. A deployment needs at least one. Add it to containers, or call addContainer().');
  }
  if (containers.size > MAX_CONTAINERS) {
    errors.push(`containers: ${containers.size} given (${[...containers.keys()].join(', ')}), but a deployment has at most ${MAX_CONTAINERS}. `
      + 'Move some to another container service.');
  }
  if (endpoint) {
    errors.push(...validateEndpointTarget(containers, endpoint));
  }
  return errors;
}

/** A service runs one deployment: two owners would replace each other's at every update. */
export function validateInlineDeployment(service: lightsail.IContainerRef): string[] {
  const container = cfnContainerOf(service);
  return container?.containerServiceDeployment === undefined ? []
    : [`service: ${container.node.path} has a containerServiceDeployment of its own. Remove it there, or remove this deployment: a service runs only one.`];
}

/** A disabled service refuses deployments. Under RemovalPolicy.DESTROY the deployment would enable the service, against its own template. */
export function validateEnabled(service: lightsail.IContainerRef, scope: IConstruct): string[] {
  const container = cfnContainerOf(service);
  return container === undefined || resolveKnown(container.isDisabled, scope) !== true ? []
    : [`service: ${service.node.path} has isDisabled: true, and a disabled container service refuses deployments. Set isDisabled to false, or remove this deployment: `
      + 'under RemovalPolicy.RETAIN, the service keeps its containers, and runs them again when you enable it.'];
}

/** The handler calls Lightsail in its own account and Region. */
function validateEnvironment(service: lightsail.IContainerRef, stack: Stack): string[] {
  const differs = (a: string, b: string) => !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
  return (['account', 'region'] as const).filter((part) => differs(service.env[part], stack[part])).map((part) =>
    `service: it is in ${part} ${JSON.stringify(service.env[part])}, and the stack in ${JSON.stringify(stack[part])}. `
    + `Put the deployment into a stack in the ${part} of the service.`);
}
