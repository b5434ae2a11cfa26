import { createHash } from 'crypto';
import { Lazy, Names, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * A name for a certificate that changes with its domain names, so that CloudFormation replaces the certificate. It cannot change the
 * domain names of a certificate.
 *
 * @param domainNames the domain names, in the order of the certificate
 */
export function generatedCertificateName(certificate: Construct, domainNames: readonly string[]): string {
  const base = Names.uniqueResourceName(certificate, { maxLength: 63, separator: '-', allowedSpecialCharacters: '-' })
    .toLowerCase().replace(/-+$/, '');
  if (!domainNames.some((name) => Token.isUnresolved(name))) return nameOf(base, domainNames);

  return Lazy.uncachedString({
    produce: () => nameOf(base, domainNames.map((name) => {
      const resolved: unknown = Stack.of(certificate).resolve(name);
      return typeof resolved === 'string' ? resolved : name;
    })),
  });
}

/** A domain name that is known only at deploy time becomes a part of the name: it then changes with its value. */
function nameOf(base: string, domainNames: readonly string[]): string {
  const isKnown = (name: string) => !Token.isUnresolved(name);
  const hash = createHash('sha256').update(JSON.stringify(domainNames.map((name) => isKnown(name) ? name.toLowerCase() : null))).digest('hex').slice(0, 8);
  return [base, hash, ...domainNames.filter((name) => !isKnown(name))].join('-');
}
