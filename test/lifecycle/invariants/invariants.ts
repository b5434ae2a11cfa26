import { answers, deliveries, describeDelivery, effects } from './chronicle';
import { imageViolations, isOfImage, storesImage } from './image-invariants';
import { intentOf, isOvertakenUnderWay, resourceOf, serviceNameOf, type Answered, type Delivery, type Effect, type Entry, type Recorder } from './recorder';
import type { ContainerServiceShape, DeploymentShape, HealthCheckShape } from '../../emulator';
import type { ValueReference } from '../aws/fake-secret-sources';
import type { CloudFormation } from '../cloudformation/cloudformation';
import type { Event } from '../cloudformation/provider-framework';

/*
 * What must always hold, derived from the recorder's chronicle alone: nothing here uses the handler's code.
 */

/** Part of every secret value. */
export const SECRET_MARKER = 'hush-';

/** A response to CloudFormation holds at most so many bytes. */
const MAX_ANSWER_BYTES = 4_096;
const MAX_REASON_LENGTH = 2_000;
const MAX_INVOCATION_MS = 900_000;

/** By so much the clocks of Lightsail and CloudFormation may differ. */
const CLOCK_TOLERANCE_MS = 5_000;

/** What the Provider framework adds, with the longest name that a function can have. */
const LOGS_LINE = '\n\nLogs: /aws/lambda/handler';
const LONGEST_LOGS_LINE = `\n\nLogs: /aws/lambda/${'f'.repeat(64)}\n`;

const DEFAULT_HEALTH_CHECK: HealthCheckShape = {
  healthyThreshold: 2, unhealthyThreshold: 2, timeoutSeconds: 2, intervalSeconds: 5, path: '/', successCodes: '200-499',
};

interface AskedContainer {
  readonly Image: string;
  readonly Command?: string[];
  readonly Environment?: Record<string, string>;
  readonly Secrets?: Record<string, ValueReference>;
  readonly Ports?: Record<string, string>;
}

/** The values that there were to read since then. */
type Values = (reference: ValueReference, since: number) => readonly string[];

/** In place of a value that was to be read. */
const READ = '<read>';

/** One sentence for each broken promise. */
export function violations({ chronicle, lines, unhandled, values }: Recorder): string[] {
  return [
    ...moreThanOneVersion(chronicle),
    ...needlessVersions(chronicle, values),
    ...falseSuccesses(chronicle, values),
    ...lateAnswers(chronicle),
    ...unexpectedWrites(chronicle),
    ...wrongfulRemovals(chronicle.filter(isOfDeployment), values),
    ...imageViolations(chronicle),
    ...unfitReasons(chronicle),
    ...leaks(chronicle, lines),
    ...unhandled.map((error) => `a rejection was not handled: ${String(error)}`),
  ];
}

/** What CloudFormation believes to run and does not. */
export function staleStackState(stack: CloudFormation): string[] {
  const stale = [...stack.assumed].filter(([, deployed]) => !runs(stack, deployed.properties) || !storesImage(stack, deployed));
  return stale.map(([logicalId, { properties }]) => {
    const { currentDeployment, state } = stack.emulator.service(String(properties.ServiceName)) ?? {};
    return `${logicalId} is assumed to run on ${String(properties.ServiceName)}, which is ${state} with ${JSON.stringify(currentDeployment)}`;
  });
}

/** Whether a service runs the containers that a resource requests, or has the role that it requests. */
export function runs({ emulator, sources }: CloudFormation, properties: Record<string, unknown>): boolean {
  const service = emulator.service(String(properties.ServiceName));
  if (properties.Source !== undefined) return service !== undefined;
  if (properties.Containers === undefined) return service?.privateRegistryAccess.ecrImagePullerRole.isActive === true;
  const current = service?.currentDeployment;
  return current?.state === 'ACTIVE' && holdsWhatIsAsked(current, properties, (reference) => sources.valuesSince(reference, 0));
}

/** Whether a deployment has the properties that a resource requests, with defaults filled in and one of the secret values. */
export function holdsWhatIsAsked(
  deployment: DeploymentShape, properties: Record<string, unknown>, valuesOf: (reference: ValueReference) => readonly string[],
): boolean {
  const { Containers = {}, PublicEndpoint } = properties as {
    Containers?: Record<string, AskedContainer>;
    PublicEndpoint?: { ContainerName: string; ContainerPort: string | number; HealthCheck?: Record<string, string | number> };
  };
  const asked = {
    containers: mapped(Containers, ({
      Image: image, Command: command = [], Environment: environment = {}, Secrets: secrets = {}, Ports: ports = {},
    }) => ({ image, command, environment: { ...environment, ...mapped(secrets, () => READ) }, ports })),
    publicEndpoint: PublicEndpoint && {
      containerName: PublicEndpoint.ContainerName,
      containerPort: Number(PublicEndpoint.ContainerPort),
      healthCheck: {
        ...DEFAULT_HEALTH_CHECK,
        ...Object.fromEntries(Object.entries(PublicEndpoint.HealthCheck ?? {}).map(([name, value]) => [
          `${name[0].toLowerCase()}${name.slice(1)}`, /^\d+$/.test(String(value)) && name !== 'SuccessCodes' ? Number(value) : value,
        ])),
      },
    },
  };
  const held = {
    containers: mapped(deployment.containers, ({ image, command = [], environment = {}, ports = {} }, name) => ({
      image, command, environment: withoutValuesOf(Containers[name]?.Secrets ?? {}, environment), ports,
    })),
    publicEndpoint: deployment.publicEndpoint && {
      ...deployment.publicEndpoint, healthCheck: { ...DEFAULT_HEALTH_CHECK, ...deployment.publicEndpoint.healthCheck },
    },
  };
  return same(asked, held);

  function withoutValuesOf(secrets: Record<string, ValueReference>, environment: Record<string, string>): Record<string, string> {
    return mapped(environment, (value, name) => (name in secrets && valuesOf(secrets[name]).includes(value) ? READ : value));
  }
}

/** An intent makes at most one version, for any number of deliveries and crashes. */
function moreThanOneVersion(chronicle: readonly Entry[]): string[] {
  const made = new Map<string, Effect[]>();
  for (const effect of deploymentsMade(chronicle)) made.set(intentOf(effect.by.event), [...made.get(intentOf(effect.by.event)) ?? [], effect]);
  return [...made.values()].filter(({ length }) => length > 1).map((all) =>
    `${describeDelivery(all[0].by)} made the versions ${all.map(madeVersion).join(', ')} of ${serviceNameOf(all[0].by.event)}`);
}

/** An equal active version is not deployed again, unless triggers changed or an earlier owner must lose it. */
function needlessVersions(chronicle: readonly Entry[], values: Values): string[] {
  return deploymentsMade(chronicle).filter(({ by: { event, at, before }, service }) => {
    const { Triggers: triggers, RemovalPolicy: removalPolicy } = event.ResourceProperties;
    const old = event.OldResourceProperties;
    const isNewToService = old?.ServiceName !== event.ResourceProperties.ServiceName;
    // The tag of the earlier owner may be lost after the handler saw it.
    const takesOver = isNewToService && removalPolicy !== 'Destroy' && [before, service].some((seen) => (seen?.tags ?? []).length > 0);
    const isForced = takesOver || (!isNewToService && !same(triggers, old?.Triggers));
    const ran = service!.currentDeployment;
    // Of several values any may be the one that was read.
    const onlyValue = (reference: ValueReference) => (values(reference, at).length === 1 ? values(reference, at) : []);
    return !isForced && ran?.state === 'ACTIVE' && holdsWhatIsAsked(ran, event.ResourceProperties, onlyValue);
  }).map((effect) => `${describeDelivery(effect.by)} made version ${madeVersion(effect)}, although version ${effect.service!.currentDeployment!.version} serves and is equal`);
}

/** Whether CloudFormation has sent a later event of the resource: it takes no answer to the earlier one. */
function isGoneOnFrom(event: Event, at: number, chronicle: readonly Entry[]): boolean {
  const intents = deliveries(chronicle).filter((delivery) => resourceOf(delivery.event) === resourceOf(event) && delivery.at <= at)
    .map((delivery) => intentOf(delivery.event));
  // Each at its first delivery: an earlier one may be delivered again.
  return [...new Set(intents)].at(-1) !== intentOf(event);
}

/** SUCCESS is said only while the version that it names is ACTIVE and holds what is asked, or the role is active that it names. */
function falseSuccesses(chronicle: readonly Entry[], values: Values): string[] {
  return answers(chronicle).flatMap(({ delivery, answer, at, service, deployments }) => {
    const { RequestType, ResourceProperties, PhysicalResourceId } = delivery.event;
    if (answer.status === 'FAILED') return [];
    if (RequestType === 'Delete') {
      return answer.physicalResourceId === PhysicalResourceId ? [] : [`${describeDelivery(delivery)} was answered under another physical id`];
    }
    if (isOfImage(delivery) || isGoneOnFrom(delivery.event, at, chronicle)) return [];
    if (isOfRegistryAccess(delivery)) {
      const { isActive, principalArn } = service?.privateRegistryAccess.ecrImagePullerRole ?? {};
      return isActive && principalArn && answer.data?.EcrImagePullerPrincipalArn === principalArn ? []
        : [`${describeDelivery(delivery)} was a SUCCESS, but its data were ${JSON.stringify(answer.data)}, and the role is ${JSON.stringify({ isActive, principalArn })}`];
    }
    if (delivery.isRollBack && (!service || service.state === 'DISABLED' || service.state === 'DELETING')) {
      // Nothing can be rolled back there, and nothing need be, unless the update had deployed something else.
      const [last] = deployments.filter(({ state }) => state !== 'FAILED').sort((a, b) => b.version - a.version);
      return !last || holdsWhatIsAsked(last, ResourceProperties, (reference) => values(reference, 0)) ? []
        : [`${describeDelivery(delivery)} was a SUCCESS, but the service runs nothing, and version ${last.version} holds something else`];
    }
    const { DeploymentVersion, DeploymentId, DeploymentState } = answer.data ?? {};
    const deployment = deployments.find(({ version }) => String(version) === DeploymentVersion);
    const serviceName = serviceNameOf(delivery.event);
    const begunAt = deliveries(chronicle).find(({ event }) => intentOf(event) === intentOf(delivery.event))!.at;
    // A rollback that cannot read the values does not compare them. Someone else's deployment may have any value, see decisions/0010.
    const since = delivery.isRollBack || (deployment && isMadeByHand(serviceName, deployment, begunAt, chronicle)) ? 0 : begunAt;
    return [
      deployment?.state !== 'ACTIVE' && `version ${String(DeploymentVersion)} was ${deployment?.state}`,
      service?.currentDeployment?.version !== deployment?.version && `version ${service?.currentDeployment?.version} is the current one`,
      deployment && !holdsWhatIsAsked(deployment, ResourceProperties, (reference) => values(reference, since)) && `version ${deployment.version} holds something else: ${JSON.stringify(deployment)}`,
      answer.physicalResourceId !== serviceName && 'the physical id is not the name of the service',
      (DeploymentState !== 'ACTIVE' || DeploymentId !== `${serviceName}/${String(DeploymentVersion)}`) && `its data were ${JSON.stringify(answer.data)}`,
    ].filter((fault) => typeof fault === 'string').map((fault) => `${describeDelivery(delivery)} was a SUCCESS, but ${fault}`);
  });
}

/**
 * An answer comes within the resource's timeout. Where a function crashed, there is no answer before Lambda's own limit; and what
 * Lambda invokes again begins anew.
 */
function lateAnswers(chronicle: readonly Entry[]): string[] {
  const late = answers(chronicle).flatMap(({ delivery, at }) => {
    const begunAt = delivery.invocations.filter((invocation) => invocation.function === 'onEvent').pop()?.at ?? delivery.at;
    const limits = delivery.invocations.filter(({ crashed }) => crashed).map((invocation) => invocation.at + MAX_INVOCATION_MS);
    const timeoutMs = Number(delivery.event.ResourceProperties.Timeout) * 1000;
    const limit = Math.max(begunAt + timeoutMs, ...limits);
    return at <= limit ? [] : [`${describeDelivery(delivery)} was answered after ${(at - begunAt) / 1000} seconds, of ${timeoutMs / 1000}`];
  });
  const long = deliveries(chronicle).flatMap((delivery) => delivery.invocations
    .filter(({ at, endedAt = at }) => endedAt - at > MAX_INVOCATION_MS)
    .map((invocation) => `${describeDelivery(delivery)} kept ${invocation.function} busy for ${(invocation.endedAt! - invocation.at) / 1000} seconds`));
  return [...late, ...long];
}

/** Only what the event and the removal policy allow is changed. */
function unexpectedWrites(chronicle: readonly Entry[]): string[] {
  return effects(chronicle).flatMap(({ operation, input, by }) => {
    const { RequestType, ResourceProperties, OldResourceProperties } = by.event;
    const { ServiceName: serviceName, RemovalPolicy: removalPolicy } = ResourceProperties;
    if (isOfRegistryAccess(by)) {
      const isAllowed = RequestType !== 'Delete' && operation === 'UpdateContainerService'
        && same(input, { serviceName, privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
      return isAllowed ? [] : [`${describeDelivery(by)} had ${operation} ${JSON.stringify(input)} done`];
    }
    if (isOfImage(by)) return [];
    const isOwner = removalPolicy === 'Destroy';
    const isNewToService = RequestType === 'Create' || (RequestType === 'Update' && OldResourceProperties?.ServiceName !== serviceName);
    const isAllowed = (input.serviceName ?? input.resourceName) === serviceName && {
      CreateContainerServiceDeployment: RequestType !== 'Delete',
      TagResource: isOwner,
      UpdateContainerService: isOwner && same(input, { serviceName, isDisabled: RequestType === 'Delete' })
        && (RequestType === 'Delete' || isNewToService),
    }[operation];
    return isAllowed ? [] : [`${describeDelivery(by)} had ${operation} ${JSON.stringify(input)} done`];
  });
}

/** A service is disabled if what runs on it is the resource's own, and only then. */
function wrongfulRemovals(chronicle: readonly Entry[], values: Values): string[] {
  const found: string[] = [];
  /** For each version of a service, the resources that deployed it or succeeded with it; the last one owns it. */
  const claims = new Map<string, string[]>();
  /** Versions of another policy or of a late effect that no resource succeeded with. No resource owns them. */
  const retained = new Set<string>();
  /** The resource that deployed each version of a service, active or not. */
  const makers = new Map<string, string>();
  /** The resource that enabled a service, until another one deploys: its earlier version runs until the new one does. */
  const enabledBy = new Map<string, string>();
  /** The last intent of each resource. */
  const latest = new Map<string, string>();
  const claimsOn = (serviceName: string, version: number | string | undefined) => claims.get(`${serviceName}/${version}`) ?? [];
  const claim = (serviceName: string, version: number | string | undefined, resource: string) =>
    claims.set(`${serviceName}/${version}`, [...claimsOn(serviceName, version), resource]);

  for (const entry of chronicle) {
    if (entry.kind === 'delivered') {
      latest.set(resourceOf(entry.delivery.event), intentOf(entry.delivery.event));
      continue;
    }
    const delivery = entry.kind === 'effect' ? entry.by : entry.delivery;
    const resource = resourceOf(delivery.event);
    const serviceName = serviceNameOf(delivery.event);
    const disablesOnDelete = delivery.event.ResourceProperties.RemovalPolicy === 'Destroy';

    if (entry.kind === 'effect' && entry.operation === 'CreateContainerServiceDeployment') {
      claim(serviceName, madeVersion(entry), resource);
      makers.set(`${serviceName}/${madeVersion(entry)}`, resource);
      const isStray = entry.isOutrun || isOvertakenUnderWay(entry, chronicle);
      if (!disablesOnDelete || isStray) retained.add(`${serviceName}/${madeVersion(entry)}`);
      if (enabledBy.get(serviceName) !== resource) enabledBy.delete(serviceName);
    }
    if (entry.kind === 'effect' && entry.operation === 'TagResource' && isEnabledMeanwhile(entry)) enabledBy.set(serviceName, resource);
    if (entry.kind === 'effect' && entry.operation === 'UpdateContainerService') {
      if (!entry.input.isDisabled) enabledBy.set(serviceName, resource);
      const running = entry.service?.currentDeployment?.version;
      const owners = claimsOn(serviceName, running);
      // A service that it left disabled, and someone enabled again, has no other owner.
      const isAbandoned = owners.length === 0 && makers.get(`${serviceName}/${running}`) === resource;
      const isOwner = owners[owners.length - 1] === resource || enabledBy.get(serviceName) === resource || isAbandoned;
      const isExcused = isTakenForOwn(entry, chronicle, values);
      if (entry.input.isDisabled && !isOwner && !isExcused) {
        found.push(`${describeDelivery(delivery)} shut down version ${running} of ${serviceName}, which is ${owners.length > 0 ? `of ${owners.join(', ')}` : 'of no resource'}`);
      }
      const before = creationOf(delivery.event, chronicle)?.before?.currentDeployment;
      // A Delete of the resource that failed has left its own version there.
      const isLeftOver = makers.get(`${serviceName}/${before?.version}`) === resource && !retained.has(`${serviceName}/${before?.version}`);
      const served = before?.state === 'ACTIVE' && !isLeftOver;
      const isUndone = delivery.isRollBack && served && enabledBy.get(serviceName) !== resource;
      if (entry.input.isDisabled && isOwner && isUndone && !(isExcused && makers.get(`${serviceName}/${running}`) !== resource)) {
        found.push(`${describeDelivery(delivery)} shut down ${serviceName}, on which something ran before`);
      }
      if (entry.input.isDisabled) enabledBy.delete(serviceName);
    }
    if (entry.kind === 'answered' && entry.answer.status === 'SUCCESS') {
      if (delivery.event.RequestType === 'Delete') {
        const running = entry.service?.currentDeployment?.version;
        const isTakenOver = (enabledBy.get(serviceName) ?? resource) !== resource;
        if (!isTakenOver && !retained.has(`${serviceName}/${running}`) && leftRunning(entry, claimsOn(serviceName, running), chronicle, values)) {
          found.push(`${describeDelivery(delivery)} left version ${running} of ${serviceName} running, which is its own`);
        }
        for (const [version, owners] of claims) {
          if (version.startsWith(`${serviceName}/`)) claims.set(version, owners.filter((owner) => owner !== resource));
        }
      } else if (latest.get(resource) === intentOf(delivery.event)) {
        // CloudFormation takes no answer to an event that it has gone on from.
        claim(serviceName, String(entry.answer.data?.DeploymentVersion), resource);
        if (disablesOnDelete) retained.delete(`${serviceName}/${String(entry.answer.data?.DeploymentVersion)}`);
      }
    }
  }
  return found;
}

/** Whether someone else deployed it, after that time. */
function isMadeByHand(serviceName: string, { version, createdAt }: DeploymentShape, since: number, chronicle: readonly Entry[]): boolean {
  const made = deploymentsMade(chronicle).filter(({ by }) => serviceNameOf(by.event) === serviceName).map(madeVersion);
  return !made.includes(version) && createdAt * 1000 >= since - CLOCK_TOLERANCE_MS;
}

/** Whether someone else enabled a service between the check that found it disabled and the claim on it. */
function isEnabledMeanwhile({ by: { event }, input, lastReportedState, service }: Effect): boolean {
  const tags = (input.tags ?? []) as Array<{ readonly value?: string }>;
  const isClaimedAsDisabled = event.RequestType !== 'Delete' && tags.some(({ value }) => /^[0-9a-f]+\.\d+\/disabled$/.test(value ?? ''));
  return isClaimedAsDisabled && lastReportedState === 'DISABLED' && service?.state !== 'DISABLED';
}

/** An equal deployment of someone else during a resource's own try cannot be distinguished from its own, see decisions/0001. */
function isTakenForOwn({ by: { event }, service }: Effect, chronicle: readonly Entry[], values: Values): boolean {
  const running = service?.currentDeployment;
  const tried = deliveries(chronicle)
    .filter((delivery) => resourceOf(delivery.event) === resourceOf(event) && serviceNameOf(delivery.event) === serviceNameOf(event))
    .filter((delivery) => delivery.event.RequestType !== 'Delete')
    .pop();
  if (!running || !tried) return false;
  const madeAt = running.createdAt * 1000;
  const isOver = answers(chronicle)
    .some(({ delivery, at }) => intentOf(delivery.event) === intentOf(tried.event) && at + CLOCK_TOLERANCE_MS < madeAt);
  return madeAt >= tried.at && !isOver && holdsWhatIsAsked(running, tried.event.ResourceProperties, (reference) => values(reference, tried.at));
}

/** What was created over something else is not shut down when that is rolled back: what ran before is to go on. */
function leftRunning({ delivery, answer, service }: Answered, owners: readonly string[], chronicle: readonly Entry[], values: Values): boolean {
  const { event, isRollBack } = delivery;
  const isOwn = owners.length > 0 && owners.every((owner) => owner === resourceOf(event));
  if (event.ResourceProperties.RemovalPolicy !== 'Destroy' || !isOwn || service?.state !== 'RUNNING') return false;
  // After an update that could not be rolled back, CloudFormation may believe in something else than what runs.
  if (!holdsWhatIsAsked(service.currentDeployment!, event.ResourceProperties, (reference) => values(reference, 0))) return false;
  if (cannotTell(service, event, chronicle)) return false;
  // A resource that claimed the service and could not be deleted has not returned it.
  if (isHeldByAnother(event, chronicle)) return false;
  // The framework does not even ask the handler about what it knows to have failed.
  if (answer.physicalResourceId?.endsWith('CREATE_FAILED')) return false;
  return !(isRollBack && ranBefore(event, chronicle));
}

/** Without its tag, a version is known as the resource's own only if the resource made it, and not at the very end of an operation. */
function cannotTell({ tags, currentDeployment }: ContainerServiceShape, event: Event, chronicle: readonly Entry[]): boolean {
  if (tags.length > 0) return false;

  const isOfResource = (other: Event) => resourceOf(other) === resourceOf(event) && serviceNameOf(other) === serviceNameOf(event);
  const making = deploymentsMade(chronicle).find((effect) => isOfResource(effect.by.event) && madeVersion(effect) === currentDeployment?.version);
  const endsAfter = making && deliveries(chronicle).map((delivery) => (resourceOf(delivery.event) === resourceOf(event)
    && intentOf(delivery.event) !== intentOf(making.by.event) ? delivery.at - making.at : -1));
  // The time of creation is in whole seconds.
  return endsAfter === undefined || endsAfter.some((afterMs) => afterMs >= 0 && afterMs <= CLOCK_TOLERANCE_MS + 1_000);
}

/** Whether the last Delete of another resource on the same service failed. */
function isHeldByAnother(event: Event, chronicle: readonly Entry[]): boolean {
  const last = new Map(answers(chronicle)
    .filter(({ delivery }) => delivery.event.RequestType === 'Delete' && serviceNameOf(delivery.event) === serviceNameOf(event))
    .map(({ delivery, answer }) => [resourceOf(delivery.event), answer.status]));
  return [...last].some(([resource, status]) => resource !== resourceOf(event) && status === 'FAILED');
}

/** The first delivery of what brought a resource to the service. */
function creationOf(event: Event, chronicle: readonly Entry[]): Delivery | undefined {
  const all = deliveries(chronicle);
  const ofEvent = all.findIndex((delivery) => intentOf(delivery.event) === intentOf(event));
  // A resource that was deleted may be created again after that.
  const creating = all.slice(0, ofEvent + 1)
    .filter((delivery) => resourceOf(delivery.event) === resourceOf(event) && serviceNameOf(delivery.event) === serviceNameOf(event))
    .filter(({ event: { RequestType, OldResourceProperties } }) => RequestType !== 'Delete' && OldResourceProperties?.ServiceName !== serviceNameOf(event));
  const last = creating[creating.length - 1];
  return creating.find((delivery) => intentOf(delivery.event) === intentOf(last.event));
}

/** Whether something ran on the service when a resource deployed to it for the first time. */
function ranBefore(event: Event, chronicle: readonly Entry[]): boolean {
  const created = creationOf(event, chronicle);
  if (!created) return false;
  const done = effects(chronicle).filter(({ by }) => intentOf(by.event) === intentOf(created.event));
  if (done.some(({ operation }) => operation === 'UpdateContainerService')) return false;
  // What was on its way then came before it as well.
  return created.before?.nextDeployment?.state === 'ACTIVATING'
    || [created.before, ...done.map(({ service }) => service)].some((service) => service?.currentDeployment?.state === 'ACTIVE');
}

/** A failure says why, in words for people, and CloudFormation can take them. */
function unfitReasons(chronicle: readonly Entry[]): string[] {
  return answers(chronicle).flatMap(({ delivery, answer }) => {
    const { StackId, RequestId, LogicalResourceId } = delivery.event;
    const { status, reason = status, physicalResourceId, data } = answer;
    const own = reason.replace(LOGS_LINE, '');
    const response = JSON.stringify({
      Status: status,
      Reason: status === 'FAILED' ? `${own}${LONGEST_LOGS_LINE}` : status,
      StackId,
      RequestId: `${RequestId}-0000-0000-0000-000000000000`,
      PhysicalResourceId: physicalResourceId,
      LogicalResourceId,
      Data: data,
    });
    return [
      status === 'FAILED' && own.trim() === '' && 'for no reason',
      own.length > MAX_REASON_LENGTH && `for a reason of ${own.length} characters`,
      Buffer.byteLength(response) > MAX_ANSWER_BYTES && `in ${Buffer.byteLength(response)} bytes`,
      /TypeError|ReferenceError|is not a function|Cannot read|undefined|\[object|NaN/.test(own) && `for a reason without meaning for people: ${own}`,
    ].filter((fault) => typeof fault === 'string').map((fault) => `${describeDelivery(delivery)} was answered ${status} ${fault}`);
  });
}

/** The handler passes on no secret. The framework itself passes on the event. */
function leaks(chronicle: readonly Entry[], lines: readonly string[]): string[] {
  const passedOn = answers(chronicle).flatMap(({ delivery, answer }) => [JSON.stringify(answer), JSON.stringify(delivery.begun ?? {})]);
  return [...passedOn, ...lines].filter((text) => [SECRET_MARKER, 'ResponseURL', 'X-Amz-Signature'].some((secret) => text.includes(secret))).map((text) => `leaked: ${text}`);
}

/** What turns on the access to private repositories, beside the deployments. */
function isOfRegistryAccess({ event }: Delivery): boolean {
  return event.ResourceType === 'Custom::LightsailPrivateRegistryAccess';
}

function isOfDeployment(entry: Entry): boolean {
  const delivery = entry.kind === 'effect' ? entry.by : entry.delivery;
  return !isOfRegistryAccess(delivery) && !isOfImage(delivery);
}

function deploymentsMade(chronicle: readonly Entry[]): Effect[] {
  return effects(chronicle).filter(({ operation }) => operation === 'CreateContainerServiceDeployment');
}

function madeVersion({ service }: Effect): number {
  return service!.nextDeployment!.version;
}

/** Whether two values are equal in JSON, in any order of keys. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mapped<V, W>(values: Readonly<Record<string, V>>, change: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
