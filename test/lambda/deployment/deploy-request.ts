import type { DeployRequest } from '../../../lambda/deployment/request/request';

/** A Create for the service `web`, as it is after it was parsed, but for what is given. */
export function deployRequest(given: Partial<DeployRequest> & Pick<DeployRequest, 'desired'>): DeployRequest {
  return {
    requestId: 'r-1',
    stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/1',
    logicalResourceId: 'Deployment',
    serviceName: 'web',
    timeoutSeconds: 1800,
    disablesOnDelete: false,
    isNewToService: true,
    triggersChanged: false,
    isUnchanged: false,
    propertiesBytes: 1_000,
    waitForUrl: false,
    secrets: {},
    ...given,
  };
}
