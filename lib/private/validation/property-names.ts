import { Token } from 'aws-cdk-lib';
import { describeValue, isMap } from './validation';
import type { ContainerImageConfig } from '../../container-image';
import type { ContainerImageAssetOptions, ContainerImageCopyOptions, ContainerImageOptions } from '../../container-image-options';
import type { ContainerProps } from '../../container-props';
import type { ContainerSecretConfig, ContainerSecretVersion } from '../../container-secret';
import type { ContainerServiceAttributes } from '../../container-service';
import type { ContainerServiceDeploymentProps } from '../../container-service-deployment-props';
import type { ContainerServiceProps, PublicDomainNames } from '../../container-service-props';
import type { HealthCheck, PublicEndpoint } from '../../public-endpoint';
import type { RegistryCredentialsConfig, SecretRegistryCredentialsOptions } from '../../registry-credentials';

/*
 * The names of all properties. TypeScript checks them only in literals: JavaScript, imported JSON and `any` can hold other names,
 * for example those of the Lightsail API. An unknown property would be ignored, and something else deployed.
 */

/** What a property means under another name: the name here, or what to do. */
type OtherNames = Readonly<Record<string, string>>;

interface Shape {
  /** Where the properties belong, for an error about one that is in the wrong place. */
  readonly place: string;
  readonly names: readonly string[];
  /** By the name in lower case, letters and digits only. */
  readonly otherNames: OtherNames;
  /** Whether later versions of the CDK can have more properties. Only a name that means another one is an error. */
  readonly isOpen?: boolean;
}

/** The compiler refuses a list that is not complete. */
function shape<T>(place: string, names: Record<keyof T, true>, otherNames: OtherNames = {}): Shape {
  return { place, names: Object.keys(names), otherNames };
}

const UNITS: OtherNames = { milliseconds: 'Duration.millis', minutes: 'Duration.minutes', seconds: 'Duration.seconds' };

export const HEALTH_CHECK = shape<HealthCheck>('publicEndpoint.healthCheck', {
  path: true, interval: true, timeout: true, healthyThreshold: true, unhealthyThreshold: true, successCodes: true,
}, {
  pathpattern: 'path',
  url: 'path',
  uri: 'path',
  endpoint: 'path',
  period: 'interval',
  frequency: 'interval',
  delay: 'interval',
  matcher: 'successCodes',
  httpcode: 'successCodes',
  httpcodes: 'successCodes',
  healthyhttpcodes: 'successCodes',
  statuscodes: 'successCodes',
  codes: 'successCodes',
  retries: 'unhealthyThreshold',
  failurethreshold: 'unhealthyThreshold',
  successthreshold: 'healthyThreshold',
  port: 'Lightsail checks the port of the public endpoint: publicEndpoint.containerPort.',
  protocol: 'Lightsail uses the protocol of the container\'s port: ContainerProps.ports.',
  command: 'Lightsail checks a path over HTTP, not a command.',
});

export const PUBLIC_ENDPOINT = shape<PublicEndpoint>('publicEndpoint', { containerName: true, containerPort: true, healthCheck: true }, {
  container: 'containerName',
  name: 'containerName',
  port: 'containerPort',
  targetport: 'containerPort',
  protocol: 'Set the protocol in the ports of the container.',
});

export const CONTAINER = shape<ContainerProps>('a container in containers', { image: true, command: true, environment: true, secrets: true, ports: true }, {
  env: 'environment',
  envs: 'environment',
  envvars: 'environment',
  environmentvariables: 'environment',
  variables: 'environment',
  cmd: 'command',
  args: 'command',
  arguments: 'command',
  launchcommand: 'command',
  entrypoint: 'Lightsail has no entry point of its own. Set it in the image, or use command.',
  portmappings: 'ports',
  port: 'ports',
  containerport: 'ports',
  exposedports: 'ports',
  openports: 'ports',
  expose: 'ports',
  imagename: 'image',
  imageuri: 'image',
  repository: 'image',
  secretvariables: 'secrets',
  environmentsecrets: 'secrets',
  containername: 'The key in containers is the name of the container.',
  name: 'The key in containers is the name of the container.',
  cpu: 'The power of the container service sets it.',
  memory: 'The power of the container service sets it.',
  memorylimitmib: 'The power of the container service sets it.',
  healthcheck: 'It belongs to the public endpoint: publicEndpoint: { healthCheck: … }.',
});

export const DEPLOYMENT = shape<ContainerServiceDeploymentProps>('the deployment', {
  service: true, containers: true, publicEndpoint: true, timeout: true, triggers: true, removalPolicy: true, waitForUrl: true,
}, {
  servicename: 'service',
  containerservice: 'service',
  containerservicename: 'service',
  container: 'containers',
  endpoint: 'publicEndpoint',
  wait: 'waitForUrl',
  deletionpolicy: 'removalPolicy',
  healthcheck: 'It belongs to the public endpoint: publicEndpoint: { healthCheck: … }.',
});

export const SERVICE = shape<ContainerServiceProps>('the ContainerService', {
  containerServiceName: true, power: true, scale: true, publicDomainNames: true, privateRegistryAccess: true, isDisabled: true, removalPolicy: true,
}, {
  servicename: 'containerServiceName',
  name: 'containerServiceName',
  powername: 'power',
  powerid: 'power',
  size: 'power',
  bundleid: 'power',
  instancetype: 'power',
  nodes: 'scale',
  desiredcount: 'scale',
  count: 'scale',
  replicas: 'scale',
  instances: 'scale',
  domains: 'publicDomainNames',
  domainnames: 'publicDomainNames',
  customdomains: 'publicDomainNames',
  publicdomains: 'publicDomainNames',
  disabled: 'isDisabled',
  deletionpolicy: 'removalPolicy',
  ecrimagepullerrole: 'privateRegistryAccess',
  enabled: 'Use isDisabled, the opposite.',
  isenabled: 'Use isDisabled, the opposite.',
  tags: "Use Tags.of(service).add('key', 'value').",
  containerservicedeployment: 'Use addDeployment().',
  deployment: 'Use addDeployment().',
});

export const DOMAIN_NAMES = shape<PublicDomainNames>('publicDomainNames', { certificateName: true, domainNames: true }, {
  certificate: 'certificateName', name: 'certificateName', certificatearn: 'certificateName', domains: 'domainNames', names: 'domainNames', domainname: 'domainNames',
});

export const SERVICE_ATTRIBUTES = shape<ContainerServiceAttributes>('the attributes', {
  containerServiceName: true, containerServiceArn: true, principalArn: true, ecrImagePullerPrincipalArn: true,
}, {
  servicename: 'containerServiceName',
  name: 'containerServiceName',
  servicearn: 'containerServiceArn',
  containerarn: 'containerServiceArn',
  arn: 'containerServiceArn',
  principal: 'principalArn',
  rolearn: 'principalArn',
  ecrimagepullerrolearn: 'ecrImagePullerPrincipalArn',
});

export const SECRET_VERSION = shape<ContainerSecretVersion>('the version', { versionId: true, versionStage: true }, {
  id: 'versionId', version: 'versionId', stage: 'versionStage', label: 'versionStage', staginglabel: 'versionStage',
});

const COPY_OTHER_NAMES: OtherNames = {
  name: 'label',
  imagelabel: 'label',
  keep: 'keepVersions',
  versions: 'keepVersions',
  maxversions: 'keepVersions',
  retain: 'keepVersions',
  tag: 'Lightsail numbers the images of a label.',
};

export const IMAGE_OPTIONS = shape<ContainerImageOptions>('the options', { label: true, keepVersions: true, timeout: true }, {
  ...COPY_OTHER_NAMES,
  platform: 'Set it in the DockerImageAsset.',
  triggers: 'A change of the files changes the image.',
  credentials: 'The deployment gives itself access to the repository of an asset.',
});

export const COPY = shape<ContainerImageCopyOptions>('the options', { label: true, keepVersions: true, timeout: true, credentials: true, triggers: true }, {
  ...COPY_OTHER_NAMES,
  auth: 'credentials',
  login: 'credentials',
  secret: 'credentials',
  username: 'Use credentials: RegistryCredentials.fromSecretsManager(secret).',
  password: 'Use credentials: RegistryCredentials.fromSecretsManager(secret).',
  platform: 'The image for linux/amd64 is copied.',
});

/** The options of `DockerImageAsset`, as of the lowest version of the CDK, and how the image is stored. */
export const ASSET: Shape = {
  ...shape<ContainerImageAssetOptions>('the options', {
    label: true,
    keepVersions: true,
    timeout: true,
    assetName: true,
    buildArgs: true,
    buildSecrets: true,
    buildSsh: true,
    cacheDisabled: true,
    cacheFrom: true,
    cacheTo: true,
    displayName: true,
    exclude: true,
    extraHash: true,
    file: true,
    followSymlinks: true,
    ignoreMode: true,
    invalidation: true,
    networkMode: true,
    outputs: true,
    platform: true,
    target: true,
  }, {
    ...COPY_OTHER_NAMES,
    dockerfile: 'file',
    args: 'buildArgs',
    buildarguments: 'buildArgs',
    secrets: 'buildSecrets',
    stage: 'target',
    architecture: 'platform',
    arch: 'platform',
    triggers: 'A change of the files changes the image. For anything else, use extraHash.',
  }),
  isOpen: true,
};

export const SECRET_CREDENTIALS = shape<SecretRegistryCredentialsOptions>('the options', { username: true, field: true }, {
  user: 'username', login: 'username', name: 'username', key: 'field', jsonfield: 'field', passwordfield: 'field', password: 'The secret has the password.',
});

export const CREDENTIALS_CONFIG = shape<RegistryCredentialsConfig>('the result of bind()', { username: true, secret: true }, {
  user: 'username', password: 'secret',
});

export const IMAGE_CONFIG = shape<ContainerImageConfig>('the result of bind()', { imageName: true, ecrRepository: true, copy: true }, {
  image: 'imageName', name: 'imageName', repository: 'ecrRepository', repositorycredentials: 'Lightsail pulls without credentials. Use copy: { credentials: … }.',
});

export const SECRET_CONFIG = shape<ContainerSecretConfig>('the result of bind()', {
  secretId: true, field: true, versionId: true, versionStage: true, parameterName: true, parameterVersion: true,
}, { secretarn: 'secretId', arn: 'secretId', secretname: 'secretId', jsonfield: 'field', parameter: 'parameterName' });

/** Shapes that users confuse with each other: what belongs to one of them is often given to another one. */
const DEPLOYED = [DEPLOYMENT, PUBLIC_ENDPOINT, HEALTH_CHECK, CONTAINER, SERVICE];

/** The errors of the names of properties. Values are not validated here. A property that is undefined is ignored. */
export function validatePropertyNames(property: string, value: object, known: Shape): string[] {
  if (Token.isUnresolved(value)) return [];

  return Object.entries(value)
    .filter(([name, item]) => item !== undefined && !known.names.includes(name) && !(known.isOpen && meantBy(name, known) === undefined))
    .map(([name, item]) => `${property === '' ? '' : `${property}.`}${name}: unknown property. ${remedyFor(name, item, known)}`);
}

/**
 * The errors of the props of a construct as a whole.
 *
 * @param example how to write them
 */
export function validateProps(what: string, props: unknown, example: string): string[] {
  if (props !== undefined && props !== null && isMap(props) && !Token.isUnresolved(props)) return [];
  return [`${what}: ${props === undefined ? 'missing' : `${describeTypeOfProps(props)} given`}. Use ${example}.`];
}

function describeTypeOfProps(props: unknown): string {
  if (typeof props === 'string') return 'a string';
  return Array.isArray(props) ? 'a list' : describeValue(props);
}

function remedyFor(name: string, value: unknown, known: Shape): string {
  const meant = meantBy(name, known);
  if (meant !== undefined) return known.names.includes(meant) ? `Use ${meant}${exampleOf(name, meant, value)}.` : meant;

  const place = DEPLOYED.includes(known) ? DEPLOYED.find(({ names }) => names.some((other) => plain(other) === plain(name)))?.place : undefined;
  return place !== undefined ? `It is a property of ${place}.` : `The properties are ${known.names.join(', ')}.`;
}

function meantBy(name: string, { names, otherNames }: Shape): string | undefined {
  const candidates = [plain(name), ...shortened(plain(name))];
  for (const candidate of candidates) {
    const found = names.find((known) => plain(known) === candidate) ?? (Object.hasOwn(otherNames, candidate) ? otherNames[candidate] : undefined);
    if (found !== undefined) return found;
  }
  return closest(plain(name), names);
}

/** Names without the words that other APIs add: `healthCheckIntervalSeconds`, `healthyThresholdCount`, `publicEndpointConfig`. */
function shortened(name: string): string[] {
  const withoutUnit = name.replace(/(?:in)?(?:seconds?|secs?|minutes?|mins?|milliseconds|millis|ms)$/, '');
  const bare = withoutUnit.replace(/(?:count|config(?:uration)?|settings|list|map)$/, '');
  return [withoutUnit, bare, bare.replace(/^(?:healthcheck|containerservice|container|lightsail)/, '')].filter((short) => short !== '');
}

/** A duration is given as a number in most other APIs. */
function exampleOf(name: string, meant: string, value: unknown): string {
  if (meant !== 'interval' && meant !== 'timeout') return '';
  const unit = Object.entries(UNITS).find(([words]) => name.toLowerCase().endsWith(words))?.[1] ?? 'Duration.seconds';
  return `: ${unit}(${typeof value === 'number' && Number.isFinite(value) && !Token.isUnresolved(value) ? value : '…'})`;
}

function closest(name: string, names: readonly string[]): string | undefined {
  const [best] = names.map((known) => ({ known, edits: distance(name, plain(known)) })).sort((a, b) => a.edits - b.edits);
  return best.edits <= Math.max(1, Math.floor(name.length / 4)) ? best.known : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The number of letters to insert, delete, replace or swap. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i].push(Math.min(
        rows[i - 1][j] + 1,
        rows[i][j - 1] + 1,
        rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? rows[i - 2][j - 2] + 1 : Infinity,
      ));
    }
  }
  return rows[a.length][b.length];
}
