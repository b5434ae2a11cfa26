/**
 * Every error that the emulator answers, and the words it uses.
 *
 * Marks: W - word for word as the real service was seen to answer. D - documented by AWS. I - an invention: what the real
 * service says there is not known, so nothing may depend on these words.
 */
export class ApiError extends Error {
  constructor(
    /** The bare exception name: what clients key on, and what goes into `__type`. */
    public readonly errorName: string,
    public readonly status: number,
    message: string,
    /** `code`, `docs` and `tip`, which Lightsail's exceptions carry beside the message. */
    public readonly details: { readonly code?: string; readonly docs?: string; readonly tip?: string } = {},
  ) {
    super(message);
  }
}

const DOCS = 'https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/';

function invalidInput(message: string): ApiError {
  return new ApiError('InvalidInputException', 400, message, { code: 'InvalidInput', docs: DOCS });
}

function quoted(value: unknown): string {
  return `"${String(value)}"`;
}

/** As the model has it, with the group that the model's own pattern lacks and the service enforces. W */
export const NAME_PATTERN = '^(?:[a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$';

export const errors = {
  // ---- deployments
  /** W */
  deploymentInProgress: (version: number, serviceName: string) =>
    invalidInput(
      `Sorry, deployment ${version} is in progress for service ${quoted(serviceName)}. Please wait for it to complete before trying again.`,
    ),
  /** W */
  containerName: (name: string) => invalidInput(`Container name ${quoted(name)} does not match pattern: ${NAME_PATTERN}`),
  /** W */
  invalidImage: (containerName: string, image: string, serviceName: string) =>
    invalidInput(
      `Container ${quoted(containerName)} has invalid image ${quoted(image)}. Example of valid image: ":${serviceName}.${containerName}.123".`,
    ),
  /** W */
  endpointPort: () =>
    invalidInput('Invalid port specified. You must specify a port that is in the list of ports of the specified container.'),
  /** I */
  endpointContainer: (name: string) =>
    invalidInput(`Invalid container specified for the public endpoint. The deployment has no container ${quoted(name)}.`),
  /** I */
  endpointProtocol: (port: number, protocol: string) =>
    invalidInput(`Invalid port specified. The public endpoint needs an HTTP or HTTPS port, but port ${port} is open as ${protocol}.`),
  /** I */
  noContainers: () => invalidInput('You must specify at least one container.'),
  /** I */
  tooManyContainers: (count: number, limit: number) =>
    invalidInput(`A deployment can have at most ${limit} containers, but ${count} were specified.`),
  /** I */
  containerPort: (containerName: string, port: string) =>
    invalidInput(`Container ${quoted(containerName)} has invalid port ${quoted(port)}. A port is a number from 1 to 65535.`),
  /** I */
  storedImageMissing: (containerName: string, image: string) =>
    invalidInput(`Container ${quoted(containerName)} has image ${quoted(image)}, which is not registered on the container service.`),
  /** I */
  healthCheckRange: (member: string, value: number, min: number, max: number) =>
    invalidInput(`Health check ${member} must be between ${min} and ${max}, but is ${value}.`),
  /** I */
  healthCheckCodes: (codes: string) =>
    invalidInput(`Health check successCodes ${quoted(codes)} are invalid. Specify codes from 200 to 499, such as "200,202" or "200-299".`),
  /** I: another project's fixture has this sentence for deleting; the rest is its analogue. */
  cannotBeDeployed: (state: string) =>
    state === 'DISABLED'
      ? invalidInput(`The specified service is in the state ${quoted(state)}: it is disabled and cannot be deployed to.`)
      : invalidInput(`The specified service is in a transition state (${quoted(state)}) and cannot be deployed to.`),

  // ---- services
  /** W, in another project's fixture. */
  cannotBeDeleted: (state: string) => invalidInput(`The specified service is in a transition state (${quoted(state)}) and cannot be deleted.`),
  /** I: the analogue of the one before. */
  cannotBeUpdated: (state: string) => invalidInput(`The specified service is in a transition state (${quoted(state)}) and cannot be updated.`),
  /** W */
  serviceLimit: () => invalidInput("Sorry, you've either reached or will exceed your maximum limit of Lightsail Container Services."),
  /** I */
  duplicateService: (name: string) => invalidInput(`A container service with the name ${quoted(name)} exists already.`),
  /** I: the words are the container name's, which are known. */
  serviceName: (name: string) => invalidInput(`Container service name ${quoted(name)} does not match pattern: ${NAME_PATTERN}`),
  /** I: of the sources that there are, some have it as NotFoundException and some as InvalidInputException. */
  serviceNotFound: (name: string, as: 'NotFoundException' | 'InvalidInputException') =>
    as === 'InvalidInputException'
      ? invalidInput(`The container service ${quoted(name)} does not exist.`)
      : new ApiError(as, 404, `The container service ${quoted(name)} does not exist.`, { code: 'NotFound', docs: DOCS }),
  /** I */
  inactivePower: (power: string) => invalidInput(`The power ${quoted(power)} is not available.`),
  /** I */
  tooManyDomains: (count: number, limit: number) =>
    invalidInput(`A container service can have at most ${limit} public domain names, but ${count} were specified.`),
  /** I */
  tooManyCertificates: (count: number, limit: number) =>
    invalidInput(`A container service can have at most ${limit} certificates, but ${count} were specified.`),

  // ---- certificates
  /** W: "do not exist". I: the rest of the sentence. */
  unknownCertificate: (name: string) => invalidInput(`The following certificates do not exist: ${name}`),
  /** I: that it is refused is seen in the wild. */
  certificateNotIssued: (name: string, status: string) =>
    invalidInput(`The certificate ${quoted(name)} is in the state ${quoted(status)}. You can attach only certificates that are ISSUED.`),
  /** I */
  domainNotCertified: (domainName: string, name: string) => invalidInput(`The certificate ${quoted(name)} is not for the domain name ${quoted(domainName)}.`),
  /** I: that a domain leads to one service only is documented. */
  domainTaken: (domainName: string, service: string) =>
    invalidInput(`The domain name ${quoted(domainName)} is in use by the container service ${quoted(service)}.`),
  /** I */
  certificateName: (name: string) => invalidInput(`The certificate name ${quoted(name)} is invalid.`),
  /** I */
  certificateDomain: (domainName: string) =>
    invalidInput(`The domain name ${quoted(domainName)} is invalid.${domainName.includes('*') ? ' Wildcards are not supported.' : ''}`),
  /** I */
  tooManyCertificateDomains: (count: number, limit: number) =>
    invalidInput(`A certificate can have at most ${limit} domain names, but ${count} were specified.`),
  /** I */
  duplicateCertificate: (name: string) => invalidInput(`A certificate with the name ${quoted(name)} exists already.`),
  /** I: the words are the services', which are known. */
  certificateQuota: () => invalidInput("Sorry, you've either reached or will exceed your maximum limit of Lightsail Certificates."),
  /** I */
  certificateNotFound: (name: string) =>
    new ApiError('NotFoundException', 404, `The certificate ${quoted(name)} does not exist.`, { code: 'NotFound', docs: DOCS }),
  /** I */
  certificateInUse: (name: string, services: readonly string[]) =>
    invalidInput(`The certificate ${quoted(name)} is in use by ${services.join(', ')} and cannot be deleted.`),

  // ---- images and registries
  /** I: the words are the container name's, which are known. */
  imageLabel: (label: string) => invalidInput(`Container label ${quoted(label)} does not match pattern: ${NAME_PATTERN}`),
  /** I */
  imageDigest: (digest: string) => invalidInput(`The digest ${quoted(digest)} is invalid. Example of valid digest: "sha256:" and 64 hexadecimal digits.`),
  /** I */
  imageNotPushed: (digest: string) => invalidInput(`There is no image with the digest ${quoted(digest)} in the registry.`),
  /** I */
  imageLimit: (limit: number) => invalidInput(`The container service has reached its maximum of ${limit} container images.`),
  /** I */
  imageNotFound: (image: string) =>
    new ApiError('NotFoundException', 404, `The container image ${quoted(image)} does not exist.`, { code: 'NotFound', docs: DOCS }),
  /** I */
  imageInUse: (image: string) => invalidInput(`The container image ${quoted(image)} is in use by a deployment and cannot be deleted.`),
  /** W */
  noServiceForLogin: () => invalidInput('You must create a container service before retrieving container registry login credentials'),

  // ---- logs, metrics and tags: all I
  pageToken: () => invalidInput('The page token is invalid.'),
  timeRange: () => invalidInput('The start time must be earlier than the end time.'),
  metricPeriod: (period: number) => invalidInput(`The period must be a multiple of 60 seconds, but is ${period}.`),
  tag: (member: string, value: string) => invalidInput(`The tag ${member} ${quoted(value)} is invalid.`),
  tooManyTags: (limit: number) => invalidInput(`A resource can have at most ${limit} tags.`),
  resourceArn: (arn: string, name: string) => invalidInput(`The resource ARN ${quoted(arn)} is not that of ${quoted(name)}.`),

  // ---- input that the model forbids
  /** I: the sentence is the one of many AWS services; whether Lightsail uses it is not known. */
  constraint: (path: string, value: string, constraint: string) =>
    invalidInput(`1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`),
  /** I: as AWS's JSON services answer to what is not the right type at all. */
  serialization: (message: string) => new ApiError('SerializationException', 400, message),

  // ---- the service as a whole
  /** D: name and status. */
  unknownOperation: () => new ApiError('UnknownOperationException', 400, ''),
  /** D: name; the sources disagree on the status. */
  unauthenticated: () => new ApiError('UnauthenticatedException', 401, 'The request is not signed for Lightsail.', { code: 'Unauthenticated', docs: DOCS }),
  /** D: name; the sources disagree on the status. */
  accessDenied: (operation: string) =>
    new ApiError('AccessDeniedException', 403, `The caller is not authorized to perform: lightsail:${operation}`, { code: 'AccessDenied', docs: DOCS }),
  /** D: name and status, and that there is no Retry-After. */
  throttled: () => new ApiError('ThrottlingException', 400, 'Rate exceeded'),
  /** D: name and status. */
  serverError: () => new ApiError('ServiceException', 500, 'An internal error occurred. Please try again later.', { code: 'ServiceFault', docs: DOCS }),
};
