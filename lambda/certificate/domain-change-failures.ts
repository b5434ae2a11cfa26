import type { DomainChangeRequest } from './domain-change-request';
import type { CallFailure } from '../clients/call-failure';
import type { DescribedService } from '../clients/lightsail';
import { ResourceFailure } from '../shared/resource-failure';

export function changeNotMade({ serviceName, wanted }: DomainChangeRequest, { message, kind }: CallFailure): ResourceFailure {
  const nextStep = kind === 'denied' ? 'Allow the role of the handler the action lightsail:UpdateContainerService on the service, then deploy again.'
    : 'A service has at most four domain names, and a domain name can be on one service only: remove it from the other one, then deploy again. '
      + 'Each certificate must be ISSUED and cover its domain names.';
  return new ResourceFailure(`The domain names of container service "${serviceName}" were not changed: ${message}\nWanted: ${textOf(wanted)}.\n${nextStep}`);
}

export function changeTimedOut(
  { serviceName, timeoutSeconds }: DomainChangeRequest, service: DescribedService | undefined, lastCall: CallFailure | undefined,
): ResourceFailure {
  return new ResourceFailure(`The domain names of container service "${serviceName}" were not changed within ${timeoutSeconds} seconds `
    + `(service state ${service?.state ?? 'unknown'}).${lastCall ? ` Last call: ${lastCall.message}` : ''}\nFind out what keeps the service busy, then deploy again.`);
}

function textOf(wanted: DomainChangeRequest['wanted']): string {
  return Object.entries(wanted).map(([certificateName, domainNames]) => `${domainNames.join(', ')} (certificate "${certificateName}")`).join('; ');
}
