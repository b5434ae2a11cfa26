import type { Clock, LightsailEmulator } from '../emulator';

const LOOKS_EVERY = 100;

/** Tells each change of a container service, in words, until the returned function is called. */
export function watchService(emulator: LightsailEmulator<Clock>, serviceName: string, tell: (line: string) => void): () => void {
  let last = describe(emulator, serviceName);
  const look = () => {
    const now = describe(emulator, serviceName);
    if (now !== last) {
      tell(now);
      last = now;
    }
  };
  const timer = setInterval(look, LOOKS_EVERY);
  return () => {
    clearInterval(timer);
    look();
  };
}

function describe(emulator: LightsailEmulator<Clock>, serviceName: string): string {
  const service = emulator.service(serviceName);
  if (!service) {
    return `service ${serviceName} is gone`;
  }
  const newest = emulator.deployments(serviceName)[0];
  return [
    `service ${service.state}`,
    ...(service.stateDetail ? [service.stateDetail.code] : []),
    ...(newest ? [`version ${newest.version} ${newest.state}`] : []),
  ].join(' · ');
}
