import type { Answered, Delivery, Effect, Entry } from './recorder';
import type { Event } from '../cloudformation/provider-framework';

export function deliveries(chronicle: readonly Entry[]): Delivery[] {
  return chronicle.flatMap((entry) => (entry.kind === 'delivered' ? [entry.delivery] : []));
}

export function answers(chronicle: readonly Entry[]): Answered[] {
  return chronicle.filter((entry) => entry.kind === 'answered');
}

export function effects(chronicle: readonly Entry[]): Effect[] {
  return chronicle.filter((entry) => entry.kind === 'effect');
}

export function describeDelivery({ event }: { readonly event: Event }): string {
  return `the ${event.RequestType} ${event.RequestId} of ${event.LogicalResourceId} in ${event.StackId.split('/')[1]}`;
}
