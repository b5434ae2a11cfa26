import { writeDeploymentLog } from './deployment-log';
import { planDeployment } from './deployment-plan';
import { Outcome } from './outcomes';
import { CheckedDeployment, checkDeployment } from './rules';
import { errors } from '../api/errors';
import { DeploymentRequestShape } from '../api/shapes';
import { Account, Deployment, Service } from '../services/state';
import { rest, runSteps } from '../services/state-machine';

/** CreateContainerServiceDeployment: what of it is not the wire. */
export function deploy(account: Account, service: Service, request: DeploymentRequestShape): void {
  const checked = check(account, service, request);
  if (service.state === 'DEPLOYING' && service.next) {
    throw errors.deploymentInProgress(service.next.version, service.name);
  }
  if (service.state !== 'READY' && service.state !== 'RUNNING') {
    throw errors.cannotBeDeployed(service.state);
  }
  startDeployment(account, service, addVersion(account, service, checked));
}

/** Checks a requested deployment against the rules. */
export function check(account: Account, service: Service, request: DeploymentRequestShape): CheckedDeployment {
  return checkDeployment(request, {
    serviceName: service.name,
    storedImages: service.images,
    maxContainers: account.limits.containersPerDeployment,
  });
}

/** Gives a deployment its number. A number is never used again. */
export function addVersion(account: Account, service: Service, { containers, publicEndpoint }: CheckedDeployment): Deployment {
  service.lastVersion += 1;
  const deployment: Deployment = {
    version: service.lastVersion,
    state: 'ACTIVATING',
    containers: normalized(account, service, containers),
    publicEndpoint,
    createdAt: account.timeline.now(),
    storedImages: new Set(Object.values(containers).flatMap(({ image = '' }) => service.images.resolve(image) ?? [])),
  };
  service.deployments.push(deployment);
  service.next = deployment;
  forgetOldest(service, account.limits.keptDeployments);
  return deployment;
}

function normalized({ normalization }: Account, service: Service, containers: CheckedDeployment['containers']): CheckedDeployment['containers'] {
  const { latestImages, trailingLineBreaks, emptyVariables } = normalization;
  return Object.fromEntries(Object.entries(containers).map(([name, { image = '', environment = {}, ...container }]) => [name, {
    ...container,
    image: (latestImages ? service.images.resolve(image) : undefined) ?? image,
    environment: Object.fromEntries(Object.entries(environment)
      .map(([variable, value]): [string, string] => [variable, trailingLineBreaks ? value.replace(/[\r\n]+$/, '') : value])
      .filter(([, value]) => !emptyVariables || value !== '')),
  }]));
}

/** Sends the service on its way with a deployment that has its number; the outcome, unless given, is the scripted one. */
export function startDeployment(account: Account, service: Service, deployment: Deployment, outcome?: Outcome): void {
  const met = outcome ?? account.outcomes.take(service.name, imagesOf(deployment), inherentOutcome(account, service, deployment));
  const plan = planDeployment(met, account.timings);
  writeDeploymentLog(service, deployment, met, plan, account.timeline.now());
  runSteps(account.timeline, service, 'DEPLOYING', plan.steps, () => {
    service.next = undefined;
    if (plan.succeeds) {
      activate(service, deployment);
    } else {
      deployment.state = 'FAILED';
    }
  });
}

/** Ends a running deployment as failed. The one before keeps serving. */
export function cancelDeployment(account: Account, service: Service): void {
  if (service.next) {
    service.next.state = 'FAILED';
    service.next = undefined;
    service.logs.dropAfter(account.timeline.now());
  }
  rest(service);
}

function activate(service: Service, deployment: Deployment): void {
  if (service.current) {
    service.current.state = 'INACTIVE';
  }
  deployment.state = 'ACTIVE';
  service.current = deployment;
}

/**
 * An image in a private repository cannot be pulled without the role, with another Region's role, or right after the role's
 * activation. That such a deployment ends like any other whose image cannot be pulled is an inference.
 */
function inherentOutcome(account: Account, service: Service, deployment: Deployment): Outcome | undefined {
  for (const [containerName, image] of imagesOf(deployment)) {
    const region = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\//.exec(image)?.[1];
    if (region !== undefined) {
      const usable = service.pullerRole.isActive && account.timeline.now() >= service.pullerRole.usableAt;
      if (!usable || region !== account.region) {
        return Outcome.imageCannotBePulled({ containerName });
      }
    }
  }
  return undefined;
}

function imagesOf(deployment: Deployment): Map<string, string> {
  return new Map(Object.entries(deployment.containers).map(([name, { image = '' }]) => [name, image]));
}

function forgetOldest(service: Service, kept: number): void {
  while (service.deployments.length > kept) {
    const oldest = service.deployments.findIndex((deployment) => deployment !== service.current && deployment !== service.next);
    service.deployments.splice(oldest, 1);
  }
}
