import { parameterSelector, sourceOf, type SecretReference } from './secret-reference';
import { CallFailure } from '../../clients/call-failure';
import type { Secrets } from '../../clients/secrets';

/** A failed call for a secret value, with the name of the secret or parameter. */
export class SecretCallFailure extends CallFailure {
  constructor({ operation, kind, serviceMessage }: CallFailure, reference: SecretReference) {
    super(operation, kind, `${serviceMessage} (${sourceOf(reference)})`);
  }
}

/** The text of a secret or parameter; undefined if it is binary. */
export function readSecretText(secrets: Secrets, reference: SecretReference): Promise<string | undefined> {
  return 'parameterName' in reference ? secrets.getParameter(parameterSelector(reference)) : secrets.getSecretText(reference);
}

/** What to do about a secret that could not be read. */
export function secretRemedy({ kind, serviceMessage }: CallFailure, reference: SecretReference): string {
  const what = 'parameterName' in reference ? 'parameter' : 'secret';
  if (kind === 'missing') return `Create the ${what} with a value in the account and Region of the stack, or use an existing one.`;
  if (kind === 'denied') {
    return `If it uses a customer managed KMS key, pass the key as \`encryptionKey\` when importing the ${what} and allow kms:Decrypt in the key policy. `
      + `Also check for a permissions boundary${what === 'secret' ? ' and the resource policy of the secret' : ''}.`;
  }
  return /deletion/i.test(serviceMessage) ? `Restore the ${what}, or use another one.` : `Fix the ${what} or its KMS key, then deploy again.`;
}
