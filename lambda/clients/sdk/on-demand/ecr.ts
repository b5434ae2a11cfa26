import type { Ecr } from '../../ecr';
import type * as adapter from '../ecr';
import { onDemand } from './on-demand';

/** Amazon ECR, whose client is loaded when it is needed. */
export const sdkEcr = (...given: Parameters<typeof adapter.sdkEcr>): Ecr =>
  onDemand(['hasImage'], async () => (await import('../ecr.js')).sdkEcr(...given));
