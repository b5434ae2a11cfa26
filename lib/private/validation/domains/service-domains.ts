import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { validateEnvironment, validateUsedCertificate } from './certificate';
import { validateDomainName } from './domain-name';
import { validateHostedZone } from './hosted-zone';
import { validateUsedDomainNames } from './public-domain-names';
import type { PublicDomainNames } from '../../../container-service-props';
import type { AddDomainOptions, ContainerServiceDomain } from '../../../domains/container-service-domain';
import { referenceOf } from '../../tree/known-text';
import { ADD_DOMAIN, SERVICE_DOMAIN, validatePropertyNames, validateProps } from '../property-names';
import { describeValue, isMap } from '../validation';

/**
 * The errors of the custom domain names of a container service, each by itself.
 *
 * @param byName the domain names whose certificates are given by name
 */
export function validateServiceDomains(
  domains: ContainerServiceDomain[] | undefined, byName: PublicDomainNames[] | undefined, service: IConstruct,
): string[] {
  if (domains === undefined) return [];
  if (!Array.isArray(domains) || Token.isUnresolved(domains)) {
    return [`domains: ${describeValue(domains)} is not a list that is known at synthesis. Use a list of { certificate, domainNames }.`];
  }
  return [
    ...(domains.length === 0 ? [] : validateKnownList(byName)),
    ...domains.flatMap((domain, index) => validateEntry(`domains[${index}]`, domain, service)),
  ];
}

/** The errors of certificates that are given by references to their names. */
export function validateEnvironmentsByName(byName: PublicDomainNames[] | undefined, service: IConstruct): string[] {
  if (!Array.isArray(byName) || Token.isUnresolved(byName)) return [];
  return byName.flatMap((entry, index) => {
    const target = isMap(entry) && !Token.isUnresolved(entry) ? referenceOf(entry.certificateName)?.target : undefined;
    return target === undefined ? [] : validateEnvironment(`publicDomainNames[${index}].certificateName`, { env: Stack.of(target).env }, service);
  });
}

/** The errors of the arguments of addDomain(). */
export function validateAddDomain(
  domainName: string, options: AddDomainOptions, byName: PublicDomainNames[] | undefined, service: IConstruct,
): string[] {
  const errors = [
    ...validateDomainName('domainName', domainName),
    ...validateProps('options', options, '{ hostedZone }'),
    ...validateKnownList(byName),
  ];
  return errors.length > 0 ? errors : [
    ...validatePropertyNames('', options, ADD_DOMAIN),
    ...validateHostedZone('hostedZone', options.hostedZone, [domainName], service),
    ...(options.certificate === undefined ? [] : validateUsedCertificate('certificate', options.certificate, [domainName], service)),
  ];
}

function validateEntry(property: string, domain: ContainerServiceDomain, service: IConstruct): string[] {
  if (!isMap(domain) || Token.isUnresolved(domain)) {
    return [`${property}: ${describeValue(domain)} is not a certificate with its domain names. Use { certificate, domainNames }.`];
  }
  const { certificate, domainNames } = domain;
  const errors = Token.isUnresolved(domainNames)
    ? [`${property}.domainNames: a token given. Use a list of strings whose length is known at synthesis. A string can be a token, for example Fn.select(0, list).`]
    : validateUsedDomainNames(`${property}.domainNames`, domainNames);
  return [
    ...validatePropertyNames(property, domain, SERVICE_DOMAIN),
    ...errors,
    ...validateUsedCertificate(`${property}.certificate`, certificate, errors.length > 0 ? [] : domainNames, service),
  ];
}

/** A list that is known only at deploy time cannot be extended. */
function validateKnownList(byName: PublicDomainNames[] | undefined): string[] {
  return Token.isUnresolved(byName)
    ? ['publicDomainNames: a token given, so no other domain names can be added. Use a list that is known at synthesis, or only publicDomainNames.'] : [];
}
