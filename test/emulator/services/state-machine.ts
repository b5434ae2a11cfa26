import { restingState, Service } from './state';
import { ServiceState, StateDetailCode } from '../api/shapes';
import { Timeline } from '../time/timeline';

export interface Step {
  readonly detail?: StateDetailCode;
  /** How long it takes; `Infinity` for good. */
  readonly ms: number;
}

/**
 * Takes a service through one step after the other, in `state` all the while; `end` settles what has come of it, and then
 * the service rests, unless `end` sent it on another walk. Whatever the service was going through before is called off.
 */
export function runSteps(timeline: Timeline, service: Service, state: ServiceState, steps: readonly Step[], end: () => void): void {
  halt(service);
  service.state = state;
  const enter = (index: number) => {
    service.stateDetail = steps[index]?.detail;
    if (index < steps.length) {
      service.pendingStep = timeline.after(steps[index].ms, () => enter(index + 1));
      return;
    }
    rest(service);
    end();
    if (!service.pendingStep) {
      rest(service);
    }
  };
  enter(0);
}

/** Ends what the service is doing. */
export function rest(service: Service): void {
  halt(service);
  service.stateDetail = undefined;
  service.state = restingState(service);
}

function halt(service: Service): void {
  service.pendingStep?.cancel();
  service.pendingStep = undefined;
}
