import type { DescribedService } from '../clients/lightsail';

/** What one call of the handler saw last. A failure that ends the request explains itself with it. */
export class LastSeen {
  public service?: DescribedService;
  /** The last code that there was: the service has none any more once a deployment has failed. */
  public stateDetail?: string;
  /** What the public URL answered instead of a success code. */
  public urlAnswer?: string;
  /** Since when the looks find what should pass at once, in milliseconds since the epoch. */
  public strangeSince?: number;

  public saw(service: DescribedService): void {
    this.service = service;
    this.stateDetail = service.stateDetail?.code ?? this.stateDetail;
  }
}
