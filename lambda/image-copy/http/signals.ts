import { setMaxListeners } from 'node:events';

/** Many requests listen to one signal; Node would take that for a leak. */
export function controller(): AbortController {
  const made = new AbortController();
  setMaxListeners(0, made.signal);
  return made;
}

/** A signal that is given as soon as one of these is. */
export function anyOf(...signals: AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any(signals);
  setMaxListeners(0, signal);
  return signal;
}
