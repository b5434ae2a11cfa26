import {
  CreateContainerServiceDeploymentCommand, GetContainerServiceDeploymentsCommand, GetContainerServicesCommand, LightsailClient,
  type LightsailClientConfig,
} from '@aws-sdk/client-lightsail';
import { LightsailCallFailure, type CallFailureKind, type Lightsail } from './lightsail';

const READ_ATTEMPTS = 3;

/** Short, so that a call that hangs cannot carry the handler past its deadline. */
const READ_TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
const WRITE_TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/** The Lightsail API through the AWS SDK. */
export function sdkLightsail(config: LightsailClientConfig = {}): Lightsail {
  const reader = new LightsailClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: READ_ATTEMPTS });
  // A lost answer does not tell whether the deployment was created, so the SDK must not send the call again.
  const writer = new LightsailClient({ requestHandler: WRITE_TIMEOUTS, ...config, maxAttempts: 1 });

  return {
    async getService(serviceName) {
      try {
        const { containerServices } = await reader.send(new GetContainerServicesCommand({ serviceName }));
        return containerServices?.find((service) => service.containerServiceName === serviceName);
      } catch (error) {
        const failure = callFailure('GetContainerServices', error);
        if (failure.kind === 'missing') return undefined;
        throw failure;
      }
    },

    async getDeployments(serviceName) {
      try {
        const { deployments } = await reader.send(new GetContainerServiceDeploymentsCommand({ serviceName }));
        return deployments ?? [];
      } catch (error) {
        throw callFailure('GetContainerServiceDeployments', error);
      }
    },

    async createDeployment(serviceName, desired) {
      try {
        const { containerService } = await writer.send(new CreateContainerServiceDeploymentCommand({ serviceName, ...desired }));
        return containerService;
      } catch (error) {
        throw callFailure('CreateContainerServiceDeployment', error);
      }
    },
  };
}

function callFailure(operation: string, error: unknown): LightsailCallFailure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const tip = (error as { tip?: unknown }).tip;
  const words = `${name}: ${message}${typeof tip === 'string' && tip !== '' ? ` (${tip})` : ''}`;
  return new LightsailCallFailure(operation, failureKind(name, message), words);
}

/** Goes by the error's name: the sources disagree on the HTTP status. */
function failureKind(name: string, message: string): CallFailureKind {
  switch (name) {
    case 'InvalidInputException':
      if (/is in progress for service|transition state/i.test(message)) return 'busy';
      // A missing service comes as NotFoundException or as InvalidInputException.
      return /does ?n[o']t exist|not found/i.test(message) ? 'missing' : 'refused';
    case 'NotFoundException':
      return 'missing';
    case 'AccessDeniedException':
    case 'UnauthenticatedException':
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
      return 'denied';
    default:
      // Throttling, the service's own faults, the network, an answer that makes no sense.
      return 'transient';
  }
}
