import type { LightsailEmulator, SteppedClock } from '../../emulator';
import type { ContainerServiceShape } from '../../emulator/api/shapes';
import { updateService, untilAtRest, type CertificateProperties, type ServiceProperties } from '../cloudformation/service-handler';

type Emulator = LightsailEmulator<SteppedClock>;

interface Made {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What AWS's own handlers do with a type of resource. */
export interface PlainResource {
  /** The properties that make a replacement. */
  readonly replacing: readonly string[];
  create(emulator: Emulator, properties: Record<string, unknown>): Promise<Made>;
  update(emulator: Emulator, properties: Record<string, unknown>, old: Record<string, unknown>): Promise<Made>;
  delete(emulator: Emulator, properties: Record<string, unknown>): Promise<void>;
}

interface RecordProperties {
  readonly Name: string;
  readonly Type: 'CNAME' | 'A';
  readonly ResourceRecords?: readonly string[];
  /** Where an alias leads to. */
  readonly AliasTarget?: { readonly DNSName: string };
}

/** It is complete while the certificate is PENDING_VALIDATION, and does not return the validation records. */
const CERTIFICATE: PlainResource = {
  replacing: ['CertificateName'],
  create: async (emulator, properties) => {
    const given = properties as unknown as CertificateProperties;
    const { CertificateName: certificateName, DomainName: domainName, SubjectAlternativeNames: others } = given;
    emulator.invoke('CreateCertificate', { certificateName, domainName, ...(others && { subjectAlternativeNames: others }) });
    return { physicalId: certificateName, attributes: { CertificateArn: emulator.certificate(certificateName)!.arn, Status: 'PENDING_VALIDATION' } };
  },
  update: async () => {
    throw new Error('Updates of the domains of a certificate are not supported');
  },
  delete: async (emulator, properties) => {
    const { CertificateName: certificateName } = properties as unknown as CertificateProperties;
    if (emulator.certificate(certificateName)) emulator.invoke('DeleteCertificate', { certificateName });
  },
};

/** A CNAME record is in the DNS of the emulator, and cannot be created twice. An alias is refused before the service answers for its name. */
const RECORD_SET: PlainResource = {
  replacing: ['Name', 'Type'],
  create: async (emulator, properties) => {
    const { Name: name, Type: type } = properties as unknown as RecordProperties;
    if (type === 'CNAME' && emulator.dns.knows(name)) throw new Error(`Tried to create resource record set [name='${name}', type='CNAME'] but it already exists`);
    return RECORD_SET.update(emulator, properties, {});
  },
  update: async (emulator, properties) => {
    const { Name: name, ResourceRecords: [value] = [], AliasTarget: alias } = properties as unknown as RecordProperties;
    if (value !== undefined) emulator.dns.publish({ name, value });
    else if (!attachedDomains(emulator).includes(name.replace(/\.$/, ''))) throw new Error(`The alias ${name} leads to ${alias?.DNSName}, which does not answer for it`);
    return { physicalId: name, attributes: {} };
  },
  delete: async (emulator, properties) => {
    const { Name: name, Type: type } = properties as unknown as RecordProperties;
    if (type === 'CNAME') emulator.dns.remove(name);
  },
};

const CONTAINER: PlainResource = {
  replacing: ['ServiceName'],
  create: async (emulator, properties) => {
    const { ServiceName: serviceName, Power: power, Scale: scale, PublicDomainNames: domains = [] } = properties as unknown as ServiceProperties;
    const publicDomainNames = Object.fromEntries(domains.map(({ CertificateName, DomainNames = [] }) => [CertificateName, DomainNames]));
    emulator.invoke('CreateContainerService', { serviceName, power, scale: Number(scale), publicDomainNames });
    await untilAtRest(emulator, serviceName);
    return made(emulator, serviceName);
  },
  update: async (emulator, properties, old) => {
    const service = properties as unknown as ServiceProperties;
    await updateService(emulator, service, old as unknown as ServiceProperties);
    return made(emulator, service.ServiceName);
  },
  delete: async (emulator, properties) => {
    const { ServiceName: serviceName } = properties as unknown as ServiceProperties;
    await untilAtRest(emulator, serviceName);
    emulator.invoke('DeleteContainerService', { serviceName });
    while (emulator.service(serviceName)) await emulator.clock.sleep(5_000);
  },
};

export const PLAIN_TYPES: Readonly<Record<string, PlainResource>> = {
  'AWS::Lightsail::Certificate': CERTIFICATE,
  'AWS::Route53::RecordSet': RECORD_SET,
  'AWS::Lightsail::Container': CONTAINER,
};

function made(emulator: Emulator, serviceName: string): Made {
  return { physicalId: serviceName, attributes: { Url: emulator.service(serviceName)!.url } };
}

function attachedDomains(emulator: Emulator): string[] {
  const { containerServices } = emulator.invoke('GetContainerServices', {}) as { containerServices: ContainerServiceShape[] };
  return containerServices.flatMap(({ publicDomainNames = {} }) => Object.values(publicDomainNames).flat());
}
