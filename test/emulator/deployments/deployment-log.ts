import { DeploymentPlan } from './deployment-plan';
import { Outcome } from './outcomes';
import { DEFAULT_HEALTH_CHECK } from './rules';
import { Deployment, Service } from '../services/state';

/** How often Lightsail tries to bring nodes up before it gives a deployment up. Seen in the wild. */
const NODE_ATTEMPTS = 3;

/** The time of a line that comes never. */
const FOREVER = 10 * 60 * 1000;

/** Few enough to read, many enough to push other lines out of a short tail. */
const MAX_PROBES = 20;

/**
 * Writes, ahead of time, what a deployment will leave in the logs of its containers. The sentences are known; when they come,
 * and that `Started 1 new node` and `Canceled` carry the deployment's number as the others do, are inventions.
 */
export function writeDeploymentLog(service: Service, deployment: Deployment, outcome: Outcome, plan: DeploymentPlan, start: number): void {
  const creatingEnds = start + Math.min(plan.steps[0].ms, FOREVER);
  const ends = start + Math.min(plan.steps.reduce((sum, { ms }) => sum + ms, 0), FOREVER);
  const blamed = blamedContainer(deployment, outcome);
  const own = (at: number, message: string) => service.logs.write(at, blamed, message);
  const lightsail = (at: number, message: string) => {
    for (const containerName of Object.keys(deployment.containers)) {
      service.logs.write(at, containerName, `[deployment:${deployment.version}] ${message}`);
    }
  };
  const attempts = (each: (at: number) => void) => {
    for (let attempt = 0; attempt < NODE_ATTEMPTS; attempt++) {
      const at = start + ((creatingEnds - start) * (attempt + 1)) / (NODE_ATTEMPTS + 1);
      lightsail(at, 'Started 1 new node');
      each(at);
    }
  };
  const giveUp = () => {
    lightsail(ends, 'Took too long');
    lightsail(ends, 'Canceled');
  };

  lightsail(start, 'Creating your deployment');
  switch (outcome.kind) {
    case 'image-cannot-be-pulled':
      attempts(() => {});
      return giveUp();
    case 'wrong-architecture':
      attempts((at) => own(at, 'exec /docker-entrypoint.sh: exec format error'));
      return giveUp();
    case 'process-exits':
      attempts((at) => (outcome.logLines ?? [`exit status ${outcome.exitCode}`]).forEach((line) => own(at, line)));
      return giveUp();
    case 'succeeds':
    case 'health-check-fails':
    case 'never-ends': {
      const started = start + (creatingEnds - start) / 2;
      lightsail(started, 'Started 1 new node');
      outcome.logLines?.forEach((line) => own(started, line));
      if (plan.steps.length > 1) {
        writeProbes(service, deployment, creatingEnds, ends, outcome.kind === 'health-check-fails' ? outcome.statusCode : 200, plan.succeeds);
      }
      return outcome.kind === 'health-check-fails' ? giveUp() : undefined;
    }
  }
}

function writeProbes(service: Service, deployment: Deployment, from: number, to: number, status: number, succeeds: boolean): void {
  const endpoint = deployment.publicEndpoint;
  if (!endpoint) {
    return;
  }
  const { path, intervalSeconds, healthyThreshold } = { ...DEFAULT_HEALTH_CHECK, ...endpoint.healthCheck };
  const count = succeeds ? Math.min(healthyThreshold, MAX_PROBES) : MAX_PROBES;
  for (let probe = 1; probe <= count; probe++) {
    const at = from + probe * intervalSeconds * 1000;
    if (at >= to) {
      return;
    }
    service.logs.write(at, endpoint.containerName, `"GET ${path} HTTP/1.1" ${status} 54 "-" "ELB-HealthChecker/2.0" "-"`);
  }
}

function blamedContainer(deployment: Deployment, outcome: Outcome): string {
  return outcome.containerName ?? deployment.publicEndpoint?.containerName ?? Object.keys(deployment.containers)[0];
}
