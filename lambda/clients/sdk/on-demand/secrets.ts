import type { Secrets } from '../../secrets';
import type * as adapter from '../secrets';
import { onDemand } from './on-demand';

/** Secrets Manager and Parameter Store, whose clients are loaded when they are needed. */
export const sdkSecrets = (...given: Parameters<typeof adapter.sdkSecrets>): Secrets =>
  onDemand(['getSecretText', 'getParameter'], async () => (await import('../secrets.js')).sdkSecrets(...given));
