import type { Clock } from './clock';
import type { Ecr } from './ecr';
import type { Lightsail } from './lightsail';
import type { Log } from './log';
import type { PublicUrl } from './public-url';
import type { Secrets } from './secrets/secrets';
import type { StackOperation } from './stack-operation';

/** All that the handler knows of the world outside. */
export interface Dependencies {
  readonly lightsail: Lightsail;
  readonly ecr: Ecr;
  readonly stackOperation: StackOperation;
  readonly secrets: Secrets;
  readonly publicUrl: PublicUrl;
  readonly clock: Clock;
  readonly log: Log;
}
