import {
  CreateContainerServiceDeploymentCommand, GetCertificatesCommand, GetContainerLogCommand,
  GetContainerServiceDeploymentsCommand, GetContainerServicesCommand,
  LightsailClient, TagResourceCommand, UpdateContainerServiceCommand,
  type CertificateSummary, type ContainerService, type ContainerServiceDeployment, type LightsailClientConfig,
} from '@aws-sdk/client-lightsail';
import type { DescribedCertificate, DescribedDeployment, DescribedService, Lightsail, ValidationRecord } from '../lightsail';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS, undefinedIfNotFound, WRITE_TIMEOUTS, writeCall } from './call';

/** The Lightsail API through the AWS SDK, or through another client for its commands. */
export function sdkLightsail(
  config: LightsailClientConfig = {}, newClient: (config: LightsailClientConfig) => Pick<LightsailClient, 'send'> = (clientConfig) => new LightsailClient(clientConfig),
): Lightsail {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });
  const writer = newClient({ requestHandler: WRITE_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    getService: (serviceName) => undefinedIfNotFound(call('GetContainerServices', async (options) => {
      const { containerServices } = await reader.send(new GetContainerServicesCommand({ serviceName }), options);
      if (!containerServices) throw incompleteResponse('GetContainerServices', 'a list of container services');
      return containerServices.map(describedService).find((service) => service.containerServiceName === serviceName);
    })),

    getDeployments: (serviceName) => call('GetContainerServiceDeployments', async (options) => {
      const { deployments } = await reader.send(new GetContainerServiceDeploymentsCommand({ serviceName }), options);
      if (!deployments) throw incompleteResponse('GetContainerServiceDeployments', 'a list of deployments');
      return deployments.map((deployment) => describedDeployment('GetContainerServiceDeployments', deployment));
    }),

    getContainerLog: (serviceName, containerName, since, pageToken) => call('GetContainerLog', async (options) => {
      const { logEvents = [], nextPageToken } = await reader.send(
        new GetContainerLogCommand({ serviceName, containerName, startTime: since, pageToken }), options);
      return {
        events: logEvents.map(({ createdAt, message = '' }) => ({ createdAt, message })),
        ...(nextPageToken ? { nextPageToken } : {}),
      };
    }),

    getCertificate: (certificateName) => undefinedIfNotFound(call('GetCertificates', async (options) => {
      let pageToken: string | undefined;
      do {
        const { certificates, nextPageToken } = await reader.send(
          new GetCertificatesCommand({ certificateName, includeCertificateDetails: true, pageToken }), options);
        if (!certificates) throw incompleteResponse('GetCertificates', 'a list of certificates');
        const found = certificates.find((certificate) => certificate.certificateName === certificateName);
        if (found) return describedCertificate(found);
        pageToken = nextPageToken;
      } while (pageToken);
      return undefined;
    })),

    createDeployment: (serviceName, desired) => writeCall('CreateContainerServiceDeployment', async (options) => {
      const { containerService } = await writer.send(new CreateContainerServiceDeploymentCommand({ serviceName, ...desired }), options);
      return containerService;
    }),

    setDisabled: (serviceName, isDisabled) => writeCall('UpdateContainerService', async (options) => {
      await writer.send(new UpdateContainerServiceCommand({ serviceName, isDisabled }), options);
    }),

    enableRegistryAccess: (serviceName) => writeCall('UpdateContainerService', async (options) => {
      const privateRegistryAccess = { ecrImagePullerRole: { isActive: true } };
      await writer.send(new UpdateContainerServiceCommand({ serviceName, privateRegistryAccess }), options);
    }),

    tagService: (serviceName, tags) => writeCall('TagResource', async (options) => {
      await writer.send(new TagResourceCommand({
        resourceName: serviceName,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      }), options);
    }),
  };
}

function describedCertificate({ certificateArn, domainName, certificateDetail }: CertificateSummary): DescribedCertificate {
  const { arn = certificateArn, status, domainValidationRecords = [], subjectAlternativeNames = [], requestFailureReason } = certificateDetail ?? {};
  if (arn === undefined || status === undefined) throw incompleteResponse('GetCertificates', 'the ARN or the status of a certificate');
  return {
    arn,
    status,
    domainNames: [...new Set([certificateDetail?.domainName ?? domainName, ...subjectAlternativeNames].filter((name) => name !== undefined))],
    records: domainValidationRecords.flatMap(({ domainName: ofDomain, resourceRecord, validationStatus }): ValidationRecord[] => {
      const { name, value } = resourceRecord ?? {};
      // A record that is not complete is one that Lightsail does not have yet.
      return ofDomain && name && value ? [{ domainName: ofDomain, name, value, ...(validationStatus && { validationStatus }) }] : [];
    }),
    ...(requestFailureReason && { requestFailureReason }),
  };
}

function describedService(service: ContainerService): DescribedService {
  const { containerServiceName, state, currentDeployment, nextDeployment } = service;
  if (containerServiceName === undefined || state === undefined) {
    throw incompleteResponse('GetContainerServices', 'the name or the state of a container service');
  }
  return {
    ...service,
    containerServiceName,
    state,
    currentDeployment: currentDeployment && describedDeployment('GetContainerServices', currentDeployment),
    nextDeployment: nextDeployment && describedDeployment('GetContainerServices', nextDeployment),
  };
}

function describedDeployment(operation: string, deployment: ContainerServiceDeployment): DescribedDeployment {
  const { version, state } = deployment;
  if (version === undefined || state === undefined) throw incompleteResponse(operation, 'the version or the state of a deployment');
  return { ...deployment, version, state };
}
