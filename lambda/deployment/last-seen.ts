import type { DescribedService } from '../clients/lightsail';

/** What one call of the handler saw last. A failure that ends the request explains itself with it. */
export class LastSeen {
  public service?: DescribedService;
  /** The last code that there was: the service has none any more once a deployment has failed. */
  public stateDetail?: string;
  /** Since when the looks find ACTIVATING_DEPLOYMENT, in milliseconds since the epoch, and how many did. */
  public activating?: { readonly since: number; readonly looks: number };
  /** What the public URL answered instead of a success code. */
  public urlAnswer?: string;
  /** Since when the looks find what should pass at once, in milliseconds since the epoch. */
  public strangeSince?: number;

  public saw(service: DescribedService, now: number): void {
    this.service = service;
    this.stateDetail = service.stateDetail?.code ?? this.stateDetail;
    this.activating = this.stateDetail !== 'ACTIVATING_DEPLOYMENT' ? undefined
      : { since: this.activating?.since ?? now, looks: (this.activating?.looks ?? 0) + 1 };
  }
}
