import { RegistryFailure } from './http/registry-failure';
import { CallFailure, type CallFailureKind } from '../clients/call-failure';

/** A request to a registry that failed, as a failed call: it is retried, or ends the request, by the same rules. */
export class RegistryCall extends CallFailure {
  constructor(kind: CallFailureKind, message: string) {
    super('Copy', kind, message);
    // It says itself which registry was asked for what.
    this.message = this.serviceMessage;
  }
}

/** A layer that took the whole time of a call takes the whole time of the next one. */
const HOPELESS = 'TOO_SLOW';

/**
 * Asks a registry. Every `RegistryFailure` becomes a failed call.
 *
 * @param isByOwnRole whether the source is asked with the credentials of the handler's own role: what is denied may be allowed a moment later
 */
export async function registryCall<T>(isByOwnRole: boolean, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RegistryFailure)) throw error;
    const isFinal = error.code === HOPELESS || (error.kind === 'denied' && !isByOwnRole);
    throw new RegistryCall(isFinal ? 'refused' : error.kind, error.message);
  }
}
