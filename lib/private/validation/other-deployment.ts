import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { areInSameEnvironment } from '../tree/environment';
import { oncePerValidation } from '../tree/once-per-validation';
import { serviceIdentityOf } from '../tree/reference-identity';

/** Another copy of the library finds the deployments of this one, and the other way round. */
const SERVICE_NAME = Symbol.for('cdk-lightsail-containers.ContainerServiceDeployment.serviceName');

/** Lets the validation find a deployment. */
export function markDeployment(deployment: IConstruct, serviceName: string): void {
  Object.defineProperty(deployment, SERVICE_NAME, { value: serviceName });
}

interface Deployments {
  readonly all: readonly IConstruct[];
  readonly identities: ReadonlyMap<IConstruct, string>;
  readonly byIdentity: ReadonlyMap<string, readonly IConstruct[]>;
}

/** The deployments to the same services. Equal identities are in one list, in the order of the tree. */
function findDeployments(root: IConstruct): Deployments {
  const all = root.node.findAll().filter((construct): construct is IConstruct & { [SERVICE_NAME]: string } => SERVICE_NAME in construct);
  const identities = new Map<IConstruct, string>();
  const byIdentity = new Map<string, IConstruct[]>();
  for (const deployment of all) {
    const identity = serviceIdentityOf(deployment[SERVICE_NAME], deployment);
    identities.set(deployment, identity);
    byIdentity.set(identity, [...byIdentity.get(identity) ?? [], deployment]);
  }
  return { all, identities, byIdentity };
}

/** The deployments of a stack, without those of its nested stacks. Call it during the validation. */
export function deploymentsOf(stack: Stack): IConstruct[] {
  return oncePerValidation(stack, findDeployments).all.filter((deployment) => Stack.of(deployment) === stack);
}

/**
 * The errors of a deployment that is not the first to its service. Two deployments to one service would replace each other at every update.
 * Call it during the validation.
 */
export function validateOtherDeployment(deployment: IConstruct): string[] {
  const { identities, byIdentity } = oncePerValidation(deployment, findDeployments);
  const identity = identities.get(deployment)!;
  const first = byIdentity.get(identity)!.find((other) => other === deployment || useSameService(identity, other, deployment));
  return !first || first === deployment ? []
    : [`service: ${first.node.path} and ${deployment.node.path} deploy to the same container service, which runs only one deployment at a time. `
      + 'Put all containers into one deployment, or create a container service for each.'];
}

/** Whether two deployments whose services have the same identity deploy to the same service. */
function useSameService(identity: string, a: IConstruct, b: IConstruct): boolean {
  return Stack.of(a) === Stack.of(b) || (!isStackSpecific(identity) && areInSameEnvironment(a, b));
}

/** Equal in two stacks, but with another value in each. */
function isStackSpecific(identity: string): boolean {
  return /"Ref":"(?!AWS::(?:AccountId|Partition|Region|URLSuffix)")|"Fn::(?:GetAtt|FindInMap|Sub)"/.test(identity);
}
