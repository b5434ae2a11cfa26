import type { OnEventResponse, ProviderEvent } from './event';
import type {
  CertificateRecordsResourceAttributes, CertificateValidationResourceAttributes, DeploymentResourceAttributes, ImageResourceAttributes,
} from '../../../lib/private/resource-properties';

/** What `Fn::GetAtt` can read of a custom resource. */
export type Attributes = Partial<
  & DeploymentResourceAttributes & ImageResourceAttributes & CertificateValidationResourceAttributes
  // Beside these, a pair for each record, which a type of optional members cannot hold.
  & Pick<CertificateRecordsResourceAttributes, 'CertificateArn' | 'Records'>
>;

/** One type of custom resource: what the Provider framework calls. */
export interface CustomResource {
  /** Begins a Create, an Update or a Delete. */
  onEvent(event: ProviderEvent): Promise<OnEventResponse>;

  /**
   * @param endsAt when Lambda ends the function, in milliseconds since the epoch; infinite if it is not known
   * @returns the attributes once the request is at its end, or undefined if it is not: the framework calls again
   */
  isComplete(event: ProviderEvent, endsAt: number): Promise<Attributes | undefined>;
}
