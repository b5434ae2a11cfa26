import { arnOf, certificateArn, describeCertificate, describeDeployment, describeService } from './describe';
import { ApiError, errors } from './errors';
import { validateInput, validateOutput } from './input-validation';
import { operationModel } from './model';
import { DeploymentRequestShape, epochSeconds, OperationShape, TagShape } from './shapes';
import { CertificateQuery, certificatePage, createCertificate, deleteCertificate, NewCertificate } from '../certificates/certificates';
import { LogQuery } from '../deployments/container-logs';
import { deploy } from '../deployments/deployments';
import { MetricQuery, metricData } from '../services/metrics';
import { createService, deleteService, NewService, ServiceSettings, updateService } from '../services/services';
import { Account, Certificate, findService, Service } from '../services/state';
import { addTags, removeTags } from '../services/tags';

type Named<T = unknown> = T & { readonly serviceName: string };
type Handler = (account: Account, input: never) => object;

/** How long the credentials of a registry login are good for. Documented. */
const REGISTRY_LOGIN_VALIDITY = 12 * 60 * 60 * 1000;

/**
 * Runs one operation on input as it came over the wire, and gives the answer as it goes there. Throws an `ApiError` for
 * what the service would refuse. An answer against the model is a mistake of the emulator's, and no client gets to see it.
 */
export function execute(account: Account, operation: string, input: unknown): object {
  const model = operationModel(operation);
  if (!model) {
    throw errors.unknownOperation();
  }
  const checked = validateInput(model.input, input);
  const answer = HANDLERS[operation](account, checked as never);
  validateOutput(model.output, answer);
  return answer;
}

/** The error for an image that is to be registered and was never pushed. To know it, the registry may have to be asked. */
export async function notPushed({ registry }: Account, operation: string, { digest }: { readonly digest?: unknown }): Promise<ApiError | undefined> {
  if (operation !== 'RegisterContainerImage' || typeof digest !== 'string' || !registry.holds) return undefined;
  return await registry.holds(digest) ? undefined : errors.imageNotPushed(digest);
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  CreateContainerService: (account, { tags = [], ...request }: Omit<NewService, 'tags'> & { readonly tags?: TagShape[] }) => {
    const service = createService(account, { ...request, tags: addTags(new Map(), tags, account.limits.tags) });
    return { containerService: describeService(account, service) };
  },

  CreateContainerServiceDeployment: (account, { serviceName, ...request }: Named<DeploymentRequestShape>) => {
    const service = findService(account, serviceName);
    deploy(account, service, request);
    // As seen in the wild, the answer comes before there is any detail.
    const { stateDetail, ...containerService } = describeService(account, service);
    return { containerService };
  },

  GetContainerServices: (account, { serviceName }: { readonly serviceName?: string }) => {
    const services = serviceName === undefined ? [...account.services.values()] : [findService(account, serviceName)];
    return { containerServices: services.map((service) => describeService(account, service)) };
  },

  GetContainerServiceDeployments: (account, { serviceName }: Named) => ({
    deployments: findService(account, serviceName).deployments.map(describeDeployment).reverse(),
  }),

  UpdateContainerService: (account, { serviceName, ...settings }: Named<ServiceSettings>) => {
    const service = findService(account, serviceName);
    updateService(account, service, settings);
    return { containerService: describeService(account, service) };
  },

  DeleteContainerService: (account, { serviceName }: Named) => {
    deleteService(account, findService(account, serviceName));
    return {};
  },

  GetContainerLog: (account, { serviceName, startTime, endTime, ...query }: Named<LogQuery>) =>
    findService(account, serviceName).logs.read(
      { ...query, startTime: startTime && startTime * 1000, endTime: endTime && endTime * 1000 },
      account.timeline.now(),
    ),

  GetContainerImages: (account, { serviceName }: Named) => ({ containerImages: findService(account, serviceName).images.list() }),

  RegisterContainerImage: (account, input: Named<{ readonly label: string; readonly digest: string }>) => ({
    containerImage: findService(account, input.serviceName).images.register(input.label, input.digest, account.timeline.now()),
  }),

  DeleteContainerImage: (account, { serviceName, image }: Named<{ readonly image: string }>) => {
    const service = findService(account, serviceName);
    const inUse = [service.current, service.next].flatMap((deployment) => [...(deployment?.storedImages ?? [])]);
    service.images.delete(image, new Set(inUse));
    return {};
  },

  CreateContainerServiceRegistryLogin: (account) => {
    if (account.services.size === 0) {
      throw errors.noServiceForLogin();
    }
    return {
      registryLogin: {
        username: account.registry.login?.username ?? 'AWS',
        password: account.registry.login?.password ?? account.ids.hex(`registry-login/${account.timeline.now()}`, 64),
        expiresAt: epochSeconds(account.timeline.now() + REGISTRY_LOGIN_VALIDITY),
        registry: account.registry.host,
      },
    };
  },

  // Documented: the metadata describe the lightsailctl plug-in. Invented: the form of the entries.
  GetContainerAPIMetadata: () => ({ metadata: [{ name: 'lightsailctl', value: '1.0.0' }] }),

  GetContainerServicePowers: (account) => ({ powers: account.powers }),

  GetContainerServiceMetricData: (account, query: MetricQuery) => ({
    metricName: query.metricName,
    metricData: metricData(query, findService(account, query.serviceName).createdAt, account.timeline.now(), account.ids),
  }),

  TagResource: (account, { tags, ...resource }: TaggedResource & { readonly tags: TagShape[] }) => {
    const { tagged, type } = find(account, resource);
    tagged.tags = addTags(tagged.tags, tags, account.limits.tags);
    return { operations: [operationOn(account, tagged, type)] };
  },

  UntagResource: (account, { tagKeys, ...resource }: TaggedResource & { readonly tagKeys: string[] }) => {
    const { tagged, type } = find(account, resource);
    tagged.tags = removeTags(tagged.tags, tagKeys);
    return { operations: [operationOn(account, tagged, type)] };
  },

  CreateCertificate: (account, request: NewCertificate) => {
    const certificate = createCertificate(account, request);
    return { certificate: describeCertificate(account, certificate, false), operations: [operationOn(account, certificate, 'Certificate', 'CreateCertificate')] };
  },

  GetCertificates: (account, { includeCertificateDetails = false, ...query }: CertificateQuery) => {
    const { certificates, nextPageToken } = certificatePage(account, query);
    return {
      certificates: certificates.map((certificate) => describeCertificate(account, certificate, includeCertificateDetails)),
      ...(nextPageToken ? { nextPageToken } : {}),
    };
  },

  DeleteCertificate: (account, { certificateName }: { readonly certificateName: string }) => {
    const certificate = deleteCertificate(account, certificateName);
    return { operations: [operationOn(account, certificate, 'Certificate', 'DeleteCertificate')] };
  },
};

/** The operations that the emulator carries out. */
export const HANDLED_OPERATIONS: readonly string[] = Object.keys(HANDLERS);

interface TaggedResource {
  readonly resourceName: string;
  readonly resourceArn?: string;
}

/** A service, or a certificate where no service has the name. */
function find(account: Account, { resourceName, resourceArn }: TaggedResource) {
  const certificate = account.services.has(resourceName) ? undefined : account.certificates.get(resourceName);
  const service = certificate ?? findService(account, resourceName);
  const arn = certificate ? certificateArn(account, certificate) : arnOf(account, service as Service);
  if (resourceArn !== undefined && resourceArn !== arn) {
    throw errors.resourceArn(resourceArn, resourceName);
  }
  return { tagged: service, type: certificate ? 'Certificate' as const : 'ContainerService' as const };
}

/** The model's enum of operation types has none for tagging, so there is no `operationType`. Its state is an invention. */
function operationOn(
  { ids, region, timeline }: Account, { id, name }: Service | Certificate, resourceType: OperationShape['resourceType'],
  operationType?: OperationShape['operationType'],
): OperationShape {
  return {
    id: ids.uuid(`operation/${id}`),
    resourceName: name,
    resourceType,
    ...(operationType ? { operationType } : {}),
    createdAt: epochSeconds(timeline.now()),
    location: { availabilityZone: 'all', regionName: region },
    isTerminal: true,
    operationDetails: '',
    status: 'Succeeded',
    statusChangedAt: epochSeconds(timeline.now()),
  };
}
