import { deploymentRequest, isDeploymentRequired, type InlineDeployment } from './inline-deployment';
import type { LightsailEmulator, Power, SteppedClock } from '../../emulator';

/** The properties of AWS::Lightsail::Container that tests use, references resolved. */
export interface ServiceProperties {
  readonly ServiceName: string;
  readonly Power?: Power;
  readonly Scale?: number | string;
  readonly IsDisabled?: boolean;
  readonly PrivateRegistryAccess?: { readonly EcrImagePullerRole: { readonly IsActive: boolean } };
  readonly PublicDomainNames?: ReadonlyArray<{ readonly CertificateName: string; readonly DomainNames?: readonly string[] }>;
  readonly ContainerServiceDeployment?: InlineDeployment;
  readonly Tags?: ReadonlyArray<{ readonly Key: string; readonly Value?: string }>;
}

export interface CertificateProperties {
  readonly CertificateName: string;
  readonly DomainName: string;
  readonly SubjectAlternativeNames?: readonly string[];
}

const PAUSE_MS = 5_000;
const MAX_PAUSES = 240;

/**
 * Creates a service as AWS's own handler of AWS::Lightsail::Container does, by its published source: it waits for READY, and the rest is an update
 * (CreateHandler.java). CloudFormation refuses a name that is taken.
 */
export async function createService(emulator: LightsailEmulator<SteppedClock>, properties: ServiceProperties): Promise<void> {
  const { ServiceName: serviceName, Power: power, Scale: scale } = properties;
  if (emulator.service(serviceName)) throw new Error(`Resource of type 'AWS::Lightsail::Container' with identifier '${serviceName}' already exists.`);
  emulator.invoke('CreateContainerService', { serviceName, power, scale: Number(scale) });
  await untilAtRest(emulator, serviceName);
  await updateService(emulator, properties);
}

/**
 * Updates a service as AWS's own handler of AWS::Lightsail::Container does, by its published source: it deploys the inline deployment if that differs from
 * what runs, changes the settings, waits until the service is at rest, and then removes every live tag that the template lacks (Tags.java), tags of others
 * too. It does not look whether the deployment failed. A certificate that another one replaces stays
 * attached.
 */
export async function updateService(
  emulator: LightsailEmulator<SteppedClock>, properties: ServiceProperties, old?: ServiceProperties,
): Promise<void> {
  const { ServiceName: serviceName, Power: power, Scale: scale, IsDisabled: isDisabled, PrivateRegistryAccess: access, Tags: tags = [] } = properties;
  const domains = properties.PublicDomainNames === undefined ? detached(old) : domainsOf(properties);
  await untilAtRest(emulator, serviceName);
  if (isDeploymentRequired(properties.ContainerServiceDeployment, emulator.service(serviceName)!.currentDeployment)) {
    emulator.invoke('CreateContainerServiceDeployment', { serviceName, ...deploymentRequest(properties.ContainerServiceDeployment!) });
    await untilAtRest(emulator, serviceName);
  }
  emulator.invoke('UpdateContainerService', {
    serviceName,
    ...(power && { power }),
    ...(scale !== undefined && { scale: Number(scale) }),
    ...(Object.keys(domains).length > 0 && { publicDomainNames: domains }),
    ...(isDisabled !== undefined && { isDisabled }),
    // What the template lacks is sent as false.
    privateRegistryAccess: { ecrImagePullerRole: { isActive: access?.EcrImagePullerRole.IsActive ?? false } },
  });
  await untilAtRest(emulator, serviceName);

  const kept = tags.map(({ Key }) => Key);
  const tagKeys = emulator.service(serviceName)!.tags.map(({ key }) => key!).filter((key) => !kept.includes(key));
  if (tagKeys.length > 0) emulator.invoke('UntagResource', { resourceName: serviceName, tagKeys });
  if (tags.length > 0) emulator.invoke('TagResource', { resourceName: serviceName, tags: tags.map(({ Key: key, Value: value }) => ({ key, value })) });
}

/** Translator.java names the certificates that were there before only if the template has none any more. */
function detached(old?: ServiceProperties): Record<string, readonly string[]> {
  return Object.fromEntries((old?.PublicDomainNames ?? []).map(({ CertificateName }) => [CertificateName, []]));
}

function domainsOf({ PublicDomainNames = [] }: ServiceProperties): Record<string, readonly string[]> {
  return Object.fromEntries(PublicDomainNames.map(({ CertificateName, DomainNames = [] }) => [CertificateName, DomainNames]));
}

export async function untilAtRest(emulator: LightsailEmulator<SteppedClock>, serviceName: string): Promise<void> {
  for (let pauses = 0; !['READY', 'RUNNING', 'DISABLED'].includes(emulator.service(serviceName)!.state); pauses++) {
    if (pauses >= MAX_PAUSES) throw new Error(`Container service ${serviceName} is still ${emulator.service(serviceName)!.state}`);
    await emulator.clock.sleep(PAUSE_MS);
  }
}
