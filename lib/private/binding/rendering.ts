import { RemovalPolicy, Token } from 'aws-cdk-lib';
import type { ContainerProps } from '../../container-props';
import type { PublicEndpoint } from '../../public-endpoint';
import type { DeploymentResourceProperties, PublicEndpointResourceProperties } from '../resource-properties';
import { renderKey } from '../validation/map-key';
import { isMap } from '../validation/validation';

/*
 * Validated props as resource properties. The template contains no defaults. A stack that an earlier version
 * deployed therefore sees no change in properties that it does not use.
 */

export function renderPublicEndpoint(endpoint: PublicEndpoint | undefined): PublicEndpointResourceProperties | undefined {
  const healthCheck = endpoint?.healthCheck;
  return endpoint && {
    ContainerName: endpoint.containerName,
    ContainerPort: endpoint.containerPort,
    HealthCheck: healthCheck && {
      HealthyThreshold: healthCheck.healthyThreshold,
      UnhealthyThreshold: healthCheck.unhealthyThreshold,
      TimeoutSeconds: healthCheck.timeout?.toSeconds(),
      IntervalSeconds: healthCheck.interval?.toSeconds(),
      Path: healthCheck.path,
      SuccessCodes: healthCheck.successCodes,
    },
  };
}

export function renderPorts(ports: ContainerProps['ports']): ContainerProps['ports'] {
  return !isMap(ports) || Token.isUnresolved(ports) ? ports
    : Object.fromEntries(Object.entries(ports).map(([port, protocol]) => [renderKey(port), protocol]));
}

export function renderTriggers(triggers: { [name: string]: string } | undefined): DeploymentResourceProperties['Triggers'] {
  return triggers && (Token.isUnresolved(triggers) || Object.keys(triggers).length > 0) ? triggers : undefined;
}

export function renderRemovalPolicy(removalPolicy: RemovalPolicy | undefined): DeploymentResourceProperties['RemovalPolicy'] {
  return removalPolicy === RemovalPolicy.DESTROY ? 'Destroy' : undefined;
}
