import { createHash } from 'node:crypto';
import type { ContainerService } from '@aws-sdk/client-lightsail';
import type { DescribedService } from '../clients/lightsail';
import { activating } from '../shared/service-state';

/**
 * Under DESTROY the service carries a tag that tells whose deployment runs on it, and which version that is. It
 * survives a construct that is renamed (the new one has put its own before the old one is deleted), a service that
 * another stack took over, and a deployment made by hand. See decisions/0008-ownership-by-tag.md.
 */
export const OWNER_TAG = 'cdk-lightsail-containers:owner';

/** What a claim replaced, where it was no other claim: something ran, or the service was disabled. */
const UNOWNED = 'unowned';
const DISABLED = 'disabled';

export interface Claim {
  /** The resource whose deployment runs, as `ownerId` names it. */
  readonly owner: string;
  readonly version: number;
  /**
   * The claim that this one replaced, as the tag had it: another's (where that one had replaced a third's, with `unowned` in its place), or the
   * owner's own on what runs until the version of this one does. Else `unowned` if something ran, or `disabled`.
   */
  readonly replaced?: string;
}

export interface ResourceIdentity {
  readonly stackId: string;
  readonly logicalResourceId: string;
}

/** A resource of a stack, as short as a tag's value has to be. */
export function ownerId({ stackId, logicalResourceId }: ResourceIdentity): string {
  return createHash('sha256').update(`${stackId}/${logicalResourceId}`).digest('hex').slice(0, 32);
}

export function claimOn(service: ContainerService): Claim | undefined {
  const value = service.tags?.find(({ key }) => key === OWNER_TAG)?.value;
  const [, owner, version, replaced] = /^([0-9a-f]{32})\.(\d+)(?:\/(.+))?$/.exec(value ?? '') ?? [];
  return owner === undefined ? undefined : { owner, version: Number(version), ...(replaced === undefined ? {} : { replaced }) };
}

export function claimText({ owner, version, replaced }: Claim): string {
  return `${owner}.${version}${replaced === undefined ? '' : `/${replaced}`}`;
}

/** The request that a claim is made for. */
export interface ClaimingRequest {
  /** The newest version that the service had before. */
  readonly baselineVersion: number;
  readonly isNewToService: boolean;
}

/** The claim of a resource on a version that it is about to create, or that it found to be what it asks for. */
export function newClaim(service: DescribedService, owner: string, version: number, { baselineVersion, isNewToService }: ClaimingRequest): Claim {
  const present = claimOn(service);
  const running = service.currentDeployment?.state === 'ACTIVE' ? service.currentDeployment.version : undefined;
  if (service.state === 'DISABLED') return { owner, version, replaced: DISABLED };

  if (present?.owner === owner) {
    const isOfThisRequest = present.version > baselineVersion;
    const ownRunning = isOfThisRequest ? undefined : [present.version, ...replacedOwn(present)].find((own) => own === running);
    if (ownRunning === version) return { owner, version };
    // What a resource that is new to the service found there is its own only when its creation is over.
    if (ownRunning !== undefined && isNewToService && predecessorOf(present)) return { ...present, version };
    if (ownRunning !== undefined) return { owner, version, replaced: claimText({ owner, version: ownRunning }) };
    // For a resource that is new to the service, it is left of an earlier life.
    if (isOfThisRequest || !isNewToService) return { ...present, version };
  }
  // A claim may be left of a deployment that failed, or was shut down: there is nothing to hand back then.
  if (running === undefined && activating(service) === undefined) return { owner, version };
  return { owner, version, replaced: present && present.owner !== owner ? claimText(dropNestedClaim(present)) : UNOWNED };
}

/** What the claim had replaced stays in it, but not a third's claim: one claim back is enough to know whom to hand the service to, and keeps the tag short. */
function dropNestedClaim(claim: Claim): Claim {
  return predecessorOf(claim)?.claim === undefined ? claim : { ...claim, replaced: UNOWNED };
}

/**
 * What a claim becomes when the service is disabled again that the owner had found so, undefined for any other: what somebody else enables there
 * later must not look like what the owner had enabled.
 */
export function releaseOf({ owner, replaced }: Claim): Claim | undefined {
  return replaced === DISABLED ? { owner, version: 0 } : undefined;
}

/** Whether what runs on the service runs because of the claim, as far as its version tells. */
export function isOwn(claim: Claim, runningVersion: number): boolean {
  return runningVersion === claim.version || replacedOwn(claim).includes(runningVersion) || isFromEnabling(claim, runningVersion);
}

/** A service that the owner enabled runs its last deployment until the owner's takes its place. */
export function isFromEnabling({ version, replaced }: Claim, runningVersion: number): boolean {
  return replaced === DISABLED && runningVersion < version;
}

/** Whether something ran on the service before the owner's first claim, and who had claimed it, as the tag had it. */
export function predecessorOf(claim: Claim): { readonly claim?: string } | undefined {
  const { replaced } = claim;
  if (replaced === undefined || replaced === DISABLED || replacedOwn(claim).length > 0) return undefined;
  return replaced === UNOWNED ? {} : { claim: replaced };
}

/** The version of its own that the owner's claim replaced. */
function replacedOwn({ owner, replaced }: Claim): number[] {
  return replaced?.startsWith(`${owner}.`) ? [Number(replaced.slice(owner.length + 1))] : [];
}
