import { Token } from 'aws-cdk-lib';
import { comparable } from '../validation/domains/domain-name';

/** Domain names in an order that does not change with the order of the code. Names that are known only at deploy time come last, in the order given. */
export function sorted(domainNames: readonly string[]): string[] {
  const known = domainNames.filter((name) => !Token.isUnresolved(name)).map(comparable);
  const labels = (name: string) => name.split('.').length;
  // The names are ASCII: the order must be the same on every computer.
  known.sort((a, b) => labels(a) - labels(b) || (a < b ? -1 : 1));
  return [...known, ...domainNames.filter((name) => Token.isUnresolved(name))];
}
