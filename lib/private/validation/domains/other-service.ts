import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { areInSameEnvironment } from '../../tree/environment';
import { oncePerValidation } from '../../tree/once-per-validation';
import { describeValue } from '../validation';
import { comparable } from './domain-name';

/** Another copy of the library finds the services of this one, and the other way round. */
const DOMAIN_NAMES = Symbol.for('cdk-lightsail-containers.ContainerService.domainNames');

type Service = IConstruct & { readonly [DOMAIN_NAMES]?: () => readonly string[] };

/** Lets the services of the app find the domain names of a service. Call it before synthesis; the names are read at synthesis. */
export function markDomainNames(service: IConstruct, domainNames: () => readonly string[]): void {
  Object.defineProperty(service, DOMAIN_NAMES, { value: domainNames });
}

function findServices(root: IConstruct): Service[] {
  return root.node.findAll().filter((construct): construct is Service => DOMAIN_NAMES in construct);
}

/**
 * The errors of domain names that a service before this one in the app also has. Lightsail attaches a domain name to one service only.
 * Call it during the validation.
 */
export function validateOtherService(service: IConstruct): string[] {
  const names = namesOf(service);
  if (names.length === 0) return [];

  const services = oncePerValidation(service, findServices);
  return services.slice(0, services.indexOf(service)).filter((other) => areInSameEnvironment(other, service)).flatMap((other) =>
    namesOf(other).filter((name) => names.includes(name) && canBeCompared(name, other, service)).map((name) =>
      `domains: domain name ${describeValue(name)} is also on ${other.node.path}. A domain name can be on one container service only. Remove it from one of them.`));
}

function namesOf(service: Service): string[] {
  return (service[DOMAIN_NAMES]?.() ?? []).filter((name) => typeof name === 'string').map(comparable);
}

/** A token can have another value in another stack. */
function canBeCompared(name: string, a: IConstruct, b: IConstruct): boolean {
  return !Token.isUnresolved(name) || Stack.of(a) === Stack.of(b);
}
