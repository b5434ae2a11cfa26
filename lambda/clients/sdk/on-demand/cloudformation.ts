import type { CloudFormation } from '../../cloudformation';
import type * as adapter from '../cloudformation';
import { onDemand } from './on-demand';

/** CloudFormation, whose client is loaded when it is needed. */
export const sdkCloudFormation = (...given: Parameters<typeof adapter.sdkCloudFormation>): CloudFormation =>
  onDemand(['beganAt', 'isRollingBack', 'operationTimes'], async () => (await import('../cloudformation.js')).sdkCloudFormation(...given));
