import type { EcrLogin } from '../../ecr-login';
import type * as adapter from '../ecr-login';
import { onDemand } from './on-demand';

/** The login of Amazon ECR, whose client is loaded when it is needed. */
export const sdkEcrLogin = (...given: Parameters<typeof adapter.sdkEcrLogin>): EcrLogin =>
  onDemand(['logIn'], async () => (await import('../ecr-login.js')).sdkEcrLogin(...given));
