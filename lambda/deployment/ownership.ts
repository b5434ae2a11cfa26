import { createHash } from 'node:crypto';
import type { ContainerService } from '@aws-sdk/client-lightsail';
import type { DescribedService } from '../clients/lightsail';
import { activating } from '../shared/service-state';

/**
 * Under DESTROY the service carries a tag: whose deployment runs on it, and which version that is. It survives a construct that is renamed
 * (the new one claims before the old one is deleted), a takeover by another stack, and a deployment made by hand. See
 * decisions/0008-ownership-by-tag.md.
 */
export const OWNER_TAG = 'cdk-lightsail-containers:owner';

export interface Claim {
  /** The resource whose deployment runs, as `ownerId` names it. */
  readonly owner: string;
  readonly version: number;
  readonly replaced: Replaced;
}

/** What a claim replaced on the service. */
export type Replaced =
  /** Nothing ran there. */
  | { readonly kind: 'nothing' }
  /** Something ran that no one had claimed. */
  | { readonly kind: 'unowned' }
  /** The service was disabled. */
  | { readonly kind: 'disabled' }
  /** Another resource's claim, or the owner's own on the version that runs until the new one does. */
  | { readonly kind: 'claim'; readonly claim: Claim };

export interface ResourceIdentity {
  readonly stackId: string;
  readonly logicalResourceId: string;
}

/** A resource of a stack, as short as the value of a tag must be. */
export function ownerId({ stackId, logicalResourceId }: ResourceIdentity): string {
  return createHash('sha256').update(`${stackId}/${logicalResourceId}`).digest('hex').slice(0, 32);
}

export function claimOn(service: ContainerService): Claim | undefined {
  return parseClaim(service.tags?.find(({ key }) => key === OWNER_TAG)?.value ?? '');
}

/** The text of a claim: `<owner>.<version>`, and `/` with what it replaced. */
export function claimText({ owner, version, replaced }: Claim): string {
  const claim = `${owner}.${version}`;
  if (replaced.kind === 'nothing') return claim;
  return `${claim}/${replaced.kind === 'claim' ? claimText(replaced.claim) : replaced.kind}`;
}

function parseClaim(value: string): Claim | undefined {
  const [, owner, version, replaced] = /^([0-9a-f]{32})\.(\d+)(?:\/(.+))?$/.exec(value) ?? [];
  return owner === undefined ? undefined : { owner, version: Number(version), replaced: parseReplaced(replaced) };
}

function parseReplaced(text: string | undefined): Replaced {
  if (text === undefined) return { kind: 'nothing' };
  if (text === 'disabled') return { kind: 'disabled' };

  const claim = parseClaim(text);
  return claim ? { kind: 'claim', claim } : { kind: 'unowned' };
}

/** The request that a claim is made for. */
export interface ClaimingRequest {
  /** The newest version that the service had before. */
  readonly baselineVersion: number;
  readonly isNewToService: boolean;
}

/** The claim of a resource on a version that it is about to create, or that it found to match. */
export function newClaim(service: DescribedService, owner: string, version: number, { baselineVersion, isNewToService }: ClaimingRequest): Claim {
  if (service.state === 'DISABLED') return { owner, version, replaced: { kind: 'disabled' } };

  const present = claimOn(service);
  const running = service.currentDeployment?.state === 'ACTIVE' ? service.currentDeployment.version : undefined;
  if (present?.owner === owner) {
    const isOfThisRequest = present.version > baselineVersion;
    const ownRunning = isOfThisRequest ? undefined : [present.version, ...replacedOwn(present)].find((own) => own === running);
    if (ownRunning === version) return { owner, version, replaced: { kind: 'nothing' } };
    // What a new resource found on the service becomes its own only when its creation is over.
    if (ownRunning !== undefined && isNewToService && predecessorOf(present)) return { ...present, version };
    if (ownRunning !== undefined) return { owner, version, replaced: { kind: 'claim', claim: { owner, version: ownRunning, replaced: { kind: 'nothing' } } } };
    // For a new resource, the claim is left of an earlier life.
    if (isOfThisRequest || !isNewToService) return { ...present, version };
  }
  // A claim may be left of a deployment that failed or was shut down. Then there is nothing to hand back.
  if (running === undefined && activating(service) === undefined) return { owner, version, replaced: { kind: 'nothing' } };
  return { owner, version, replaced: present && present.owner !== owner ? { kind: 'claim', claim: dropNestedClaim(present) } : { kind: 'unowned' } };
}

/** Keeps what the claim had replaced, but not a third resource's claim: one claim back is enough to hand the service back, and the tag stays short. */
function dropNestedClaim(claim: Claim): Claim {
  const predecessor = predecessorOf(claim);
  return predecessor?.kind === 'claim' ? { ...claim, replaced: { kind: 'unowned' } } : claim;
}

/**
 * What a claim becomes when a service is disabled again that its owner had found disabled; undefined for any other claim. What someone else
 * enables there later must not look like what the owner had enabled.
 */
export function releaseOf({ owner, replaced }: Claim): Claim | undefined {
  return replaced.kind === 'disabled' ? { owner, version: 0, replaced: { kind: 'nothing' } } : undefined;
}

/** Whether the running version runs because of the claim, by its number. */
export function isOwn(claim: Claim, runningVersion: number): boolean {
  return runningVersion === claim.version || replacedOwn(claim).includes(runningVersion) || isFromEnabling(claim, runningVersion);
}

/** A service that the owner enabled runs its last deployment until the owner's takes its place. */
export function isFromEnabling({ version, replaced }: Claim, runningVersion: number): boolean {
  return replaced.kind === 'disabled' && runningVersion < version;
}

/** What ran on the service before the owner's first claim, claimed by another resource or by none; undefined if nothing did. */
export function predecessorOf(claim: Claim): Extract<Replaced, { kind: 'unowned' | 'claim' }> | undefined {
  const { replaced } = claim;
  return replaced.kind === 'unowned' || (replaced.kind === 'claim' && replaced.claim.owner !== claim.owner) ? replaced : undefined;
}

/** The owner's own version that its claim replaced. */
function replacedOwn({ owner, replaced }: Claim): number[] {
  return replaced.kind === 'claim' && replaced.claim.owner === owner ? [replaced.claim.version] : [];
}
