import type { DomainChangeRequest } from './domain-change-request';
import type { CallFailure } from '../clients/call-failure';
import type { DescribedService } from '../clients/lightsail';
import { ResourceFailure } from '../shared/reasons/resource-failure';

export function changeNotMade({ serviceName, wanted }: DomainChangeRequest, { message, kind }: CallFailure): ResourceFailure {
  const nextStep = kind === 'denied' ? 'Allow the role of the handler the action lightsail:UpdateContainerService on the service, then deploy again.'
    : 'If the message names a domain name, remove it from the other container service. Each certificate must be ISSUED and cover its domain names, '
      + 'and a service has at most four. Then deploy again.';
  return new ResourceFailure(`The domain names of container service "${serviceName}" were not changed: ${message}\nWanted: ${textOf(wanted)}.\n${nextStep}`);
}

export function changeTimedOut(
  { serviceName, timeoutSeconds }: DomainChangeRequest, service: DescribedService | undefined, lastCall: CallFailure | undefined,
): ResourceFailure {
  return new ResourceFailure(`The domain names of container service "${serviceName}" were not changed within ${timeoutSeconds} seconds `
    + `(service state ${service?.state ?? 'unknown'}).${lastCall ? ` Last call: ${lastCall.message}` : ''}\nWait until the service is RUNNING or READY, then deploy again.`);
}

function textOf(wanted: DomainChangeRequest['wanted']): string {
  return Object.entries(wanted).map(([certificateName, domainNames]) => `${domainNames.join(', ')} (certificate "${certificateName}")`).join('; ');
}
