import { Account, Service } from './state';
import { Step, runSteps } from './state-machine';
import { StoredImages } from './stored-images';
import { errors } from '../api/errors';
import { DeploymentRequestShape, Power, PrivateRegistryAccessShape, ServiceState } from '../api/shapes';
import { attached } from '../certificates/attachments';
import { ContainerLogs } from '../deployments/container-logs';
import { addVersion, cancelDeployment, check, startDeployment } from '../deployments/deployments';
import { Outcome } from '../deployments/outcomes';

export interface ServiceSettings {
  readonly power?: Power;
  readonly scale?: number;
  readonly isDisabled?: boolean;
  readonly publicDomainNames?: Record<string, string[]>;
  readonly privateRegistryAccess?: PrivateRegistryAccessShape;
}

export interface NewService extends ServiceSettings {
  readonly serviceName: string;
  readonly power: Power;
  readonly scale: number;
  readonly tags?: Map<string, string>;
  readonly deployment?: DeploymentRequestShape;
}

/** The account that Lightsail's roles live in. */
const LIGHTSAIL_ACCOUNT = '210987654321';

/** CreateContainerService. With `immediately` the service is READY at once. */
export function createService(account: Account, request: NewService, immediately = false): Service {
  if (account.services.has(request.serviceName)) {
    throw errors.duplicateService(request.serviceName);
  }
  if (account.services.size >= account.limits.services) {
    throw errors.serviceLimit();
  }
  checkSettings(account, request);
  const service = newService(account, request);
  const checked = request.deployment && check(account, service, request.deployment);
  account.services.set(service.name, service);

  const next = checked && addVersion(account, service, checked);
  const asksForRole = request.privateRegistryAccess?.ecrImagePullerRole?.isActive === true;
  service.pullerRole.isActive = asksForRole;
  runSteps(account.timeline, service, 'PENDING', immediately ? [] : creationSteps(account), () => {
    service.principalArn = roleArn(account, service, 'service');
    if (asksForRole) {
      grantPullerRole(account, service);
    }
    if (next) {
      startDeployment(account, service, next);
    }
  });
  return service;
}

/** UpdateContainerService. Equal settings take no time; the others change one after the other. */
export function updateService(account: Account, service: Service, settings: ServiceSettings): void {
  checkSettings(account, settings);
  if (!['READY', 'RUNNING', 'DISABLED'].includes(service.state)) {
    throw errors.cannotBeUpdated(service.state);
  }
  const publicDomainNames = attached(account, service, settings.publicDomainNames);
  const { timings } = account;
  const steps: Step[] = [];
  const effects: Array<() => void> = [];

  if (differs(settings.power, service.power) || differs(settings.scale, service.scale)) {
    service.power = settings.power ?? service.power;
    service.scale = settings.scale ?? service.scale;
    steps.push(...capacitySteps(service, timings.capacityChange));
  }
  if (differs(publicDomainNames ?? {}, service.publicDomainNames ?? {})) {
    service.publicDomainNames = publicDomainNames;
    steps.push({ detail: 'PROVISIONING_CERTIFICATE', ms: timings.domainChange });
  }
  const role = settings.privateRegistryAccess?.ecrImagePullerRole?.isActive;
  if (differs(role, service.pullerRole.isActive)) {
    service.pullerRole = { isActive: role!, principalArn: '', usableAt: Infinity };
    steps.push({ detail: 'PROVISIONING_SERVICE', ms: timings.ecrRoleActivation });
    effects.push(() => role && grantPullerRole(account, service));
  }
  if (differs(settings.isDisabled, service.isDisabled)) {
    service.isDisabled = settings.isDisabled!;
    steps.push({ detail: 'PROVISIONING_SERVICE', ms: settings.isDisabled ? timings.disable : timings.enable });
    effects.push(() => switchCurrent(service));
  }
  if (steps.length > 0) {
    runSteps(account.timeline, service, 'UPDATING', steps, () => effects.forEach((effect) => effect()));
  }
}

/** DeleteContainerService. */
export function deleteService(account: Account, service: Service): void {
  if (!['READY', 'RUNNING', 'DISABLED'].includes(service.state)) {
    throw errors.cannotBeDeleted(service.state);
  }
  runSteps(account.timeline, service, 'DELETING', [{ ms: account.timings.delete }], () => account.services.delete(service.name));
}

/** For tests: makes a service busy, as if someone else changed it, for good or for a time. */
export function forceState(account: Account, service: Service, state: ServiceState, ms = Infinity): void {
  cancelDeployment(account, service);
  switch (state) {
    case 'READY':
    case 'RUNNING':
      return undefined;
    case 'PENDING':
    case 'UPDATING':
      return runSteps(account.timeline, service, state, [{ detail: 'PROVISIONING_SERVICE', ms }], () => {});
    case 'DELETING':
      return runSteps(account.timeline, service, state, [{ ms }], () => account.services.delete(service.name));
    case 'DISABLED':
      service.isDisabled = true;
      switchCurrent(service);
      return runSteps(account.timeline, service, state, [{ ms }], () => {
        service.isDisabled = false;
        switchCurrent(service);
      });
    case 'DEPLOYING': {
      const containers = service.current?.containers ?? { 'someone-else': { image: 'nginx:latest', command: [], environment: {} } };
      const next = addVersion(account, service, { containers, publicEndpoint: service.current?.publicEndpoint });
      return startDeployment(account, service, next, Outcome.succeeds({ phases: { creating: ms, evaluating: 0, activating: 0 } }));
    }
  }
}

function checkSettings(account: Account, settings: ServiceSettings): void {
  if (settings.power !== undefined && !account.powers.some(({ name, isActive }) => name === settings.power && isActive)) {
    throw errors.inactivePower(settings.power);
  }
}

function newService(account: Account, request: NewService): Service {
  const { ids, limits, timings, region } = account;
  const { serviceName: name } = request;
  const id = ids.uuid(name);
  return {
    name,
    id,
    createdAt: account.timeline.now(),
    url: `https://${name}.${ids.urlPart(id)}.${region}.cs.amazonlightsail.com/`,
    logs: new ContainerLogs({ lag: timings.logLag, retention: limits.logRetention, pageSize: limits.logPageSize }),
    images: new StoredImages(name, limits.storedImages),
    power: request.power,
    scale: request.scale,
    tags: request.tags ?? new Map(),
    publicDomainNames: attached(account, undefined, request.publicDomainNames),
    state: 'PENDING',
    isDisabled: false,
    principalArn: '',
    pullerRole: { isActive: false, principalArn: '', usableAt: Infinity },
    deployments: [],
    lastVersion: 0,
  };
}

function creationSteps({ timings }: Account): Step[] {
  return [
    { detail: 'CREATING_SYSTEM_RESOURCES', ms: timings.service.creatingSystemResources },
    { detail: 'CREATING_NETWORK_INFRASTRUCTURE', ms: timings.service.creatingNetworkInfrastructure },
    { detail: 'PROVISIONING_CERTIFICATE', ms: timings.service.provisioningCertificate },
    { detail: 'PROVISIONING_SERVICE', ms: timings.service.provisioningService },
  ];
}

/** A deployment that serves is deployed again on the new capacity; that it keeps its version is an inference. */
function capacitySteps(service: Service, ms: number): Step[] {
  if (!service.current || service.isDisabled) {
    return [{ detail: 'PROVISIONING_SERVICE', ms }];
  }
  return [
    { detail: 'CREATING_DEPLOYMENT', ms: ms / 2 },
    { detail: 'EVALUATING_HEALTH_CHECK', ms: ms / 4 },
    { detail: 'ACTIVATING_DEPLOYMENT', ms: ms / 4 },
  ];
}

/** A disabled service has no deployment that runs, which is what INACTIVE says; which one it was stays. An inference. */
function switchCurrent(service: Service): void {
  if (service.current) {
    service.current.state = service.isDisabled ? 'INACTIVE' : 'ACTIVE';
  }
}

function grantPullerRole(account: Account, service: Service): void {
  service.pullerRole.principalArn = roleArn(account, service, 'ecr-image-puller');
  service.pullerRole.usableAt = account.timeline.now() + account.timings.ecrRolePropagation;
}

function roleArn({ ids, region }: Account, service: Service, purpose: string): string {
  return `arn:aws:iam::${LIGHTSAIL_ACCOUNT}:role/amazon/lightsail/${region}/containers/${service.name}/${ids.rolePart(`${service.id}/${purpose}`)}`;
}

function differs<T>(wanted: T | undefined, present: T): boolean {
  return wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(present);
}
