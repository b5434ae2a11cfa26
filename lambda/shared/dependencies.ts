import type { Clock } from './clock';
import type { Log } from './log';
import type { CloudFormation } from '../clients/cloudformation';
import type { Ecr } from '../clients/ecr';
import type { Lightsail } from '../clients/lightsail';
import type { PublicUrl } from '../clients/public-url';
import type { Secrets } from '../clients/secrets';

/** All that the handler knows of the world outside. */
export interface Dependencies {
  readonly lightsail: Lightsail;
  readonly ecr: Ecr;
  readonly cloudFormation: CloudFormation;
  readonly secrets: Secrets;
  readonly publicUrl: PublicUrl;
  readonly clock: Clock;
  readonly log: Log;
}
