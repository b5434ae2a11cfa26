import { ResourceFailure } from './reasons/resource-failure';
import type { DescribedDeployment, DescribedService } from '../clients/lightsail';

/** The version that Lightsail is starting. A version that failed or was replaced is not worth waiting for. */
export function activating(service: DescribedService): DescribedDeployment | undefined {
  const { nextDeployment } = service;
  return nextDeployment?.state === 'FAILED' || nextDeployment?.state === 'INACTIVE' ? undefined : nextDeployment;
}

/** Whether Lightsail would refuse a deployment now and accept it later. */
export function isBusy(service: DescribedService): boolean {
  return activating(service) !== undefined || service.state === 'PENDING' || service.state === 'UPDATING' || service.state === 'DEPLOYING';
}

/** The ARN of the role that pulls images from private Amazon ECR repositories, once the service has it. */
export function pullerRoleArn({ privateRegistryAccess }: DescribedService): string | undefined {
  const { isActive, principalArn } = privateRegistryAccess?.ecrImagePullerRole ?? {};
  return isActive && principalArn ? principalArn : undefined;
}

/** Why no service could run the deployment, now or after a while; undefined if one could. */
export function whyNotDeployable(serviceName: string, service: DescribedService | undefined, purpose: string): ResourceFailure | undefined {
  if (!service) {
    return new ResourceFailure(`${purpose}: there is no container service "${serviceName}" in this account and Region. `
      + 'Create it first, or use the name of an existing one.');
  }
  if (service.state === 'DELETING') {
    return new ResourceFailure(`${purpose}: container service "${serviceName}" is DELETING. Wait until it is gone, create it again, then deploy again.`);
  }
  if (service.state === 'DISABLED') {
    return new ResourceFailure(`${purpose}: container service "${serviceName}" is DISABLED. Enable it and deploy again, `
      + `for example with: aws lightsail update-container-service --service-name ${serviceName} --no-is-disabled`);
  }
  return undefined;
}

/** Throws if there is no service that could run the deployment, now or after a while. */
export function requireDeployable(serviceName: string, service: DescribedService | undefined, purpose: string): asserts service is DescribedService {
  const unable = whyNotDeployable(serviceName, service, purpose);
  if (unable) throw unable;
}

/** Which version is still serving, for the reason of a failure. */
export function serving(current: DescribedDeployment | undefined, failedVersion?: number): string {
  return current === undefined || current.version === failedVersion || current.state !== 'ACTIVE'
    ? 'No deployment is active.'
    : `Version ${current.version} is still serving.`;
}
