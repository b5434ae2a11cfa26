import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { areInSameEnvironment } from '../tree/environment';
import { serviceIdentityOf } from '../tree/reference-identity';

/** Another copy of the library finds the deployments of this one, and the other way round. */
const SERVICE_NAME = Symbol.for('cdk-lightsail-containers.ContainerServiceDeployment.serviceName');

/** Lets `deploymentsIn` find a deployment. */
export function markDeployment(deployment: IConstruct, serviceName: string): void {
  Object.defineProperty(deployment, SERVICE_NAME, { value: serviceName });
}

/** The deployments below a construct, in all stacks. */
export function deploymentsIn(scope: IConstruct): IConstruct[] {
  return scope.node.findAll().filter((construct) => SERVICE_NAME in construct);
}

/** The errors of a deployment that is not the first to its service. Two deployments to one service would replace each other at every update. */
export function validateOtherDeployment(deployment: IConstruct): string[] {
  const first = deploymentsIn(deployment.node.root).find((other) => other === deployment || useSameService(other, deployment));
  return !first || first === deployment ? []
    : [`service: ${first.node.path} and ${deployment.node.path} deploy to the same container service, which runs only one deployment at a time. `
      + 'Put all containers into one deployment, or create a container service for each.'];
}

function useSameService(a: IConstruct, b: IConstruct): boolean {
  const identityOf = (deployment: IConstruct & { [SERVICE_NAME]?: string }) => serviceIdentityOf(deployment[SERVICE_NAME]!, deployment);
  const [first, second] = [identityOf(a), identityOf(b)];
  return first === second && (Stack.of(a) === Stack.of(b) || (!isStackSpecific(first) && areInSameEnvironment(a, b)));
}

/** Equal in two stacks, but with another value in each. */
function isStackSpecific(identity: string): boolean {
  return /"Ref":"(?!AWS::(?:AccountId|Partition|Region|URLSuffix)")|"Fn::(?:GetAtt|FindInMap|Sub)"/.test(identity);
}
