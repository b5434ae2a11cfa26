import type { DescribedDeployment, DescribedService } from '../clients/lightsail';
import type { StoredImage } from '../clients/lightsail-images';

/** One image that is registered under a label. Its number counts across all labels of the service. */
export interface LabelVersion extends StoredImage {
  readonly number: number;
}

/** The versions of a label, oldest first. */
export function versionsOf(images: readonly StoredImage[], serviceName: string, label: string): LabelVersion[] {
  const prefix = `:${serviceName}.${label}.`;
  return images
    .filter(({ image }) => image.startsWith(prefix) && /^[1-9]\d*$/.test(image.slice(prefix.length)))
    .map((image) => ({ ...image, number: Number(image.image.slice(prefix.length)) }))
    .sort((a, b) => a.number - b.number);
}

/** The version with one of the digests. If two events registered it, both must answer the same one: the oldest. */
export function versionWith(versions: readonly LabelVersion[], digests: readonly string[]): LabelVersion | undefined {
  return versions.find(({ digest }) => digests.includes(digest));
}

/** The version that a deployment runs, if it names one of the label; `latest` is the newest. */
export function versionIn({ containers = {} }: Pick<DescribedDeployment, 'containers'>, versions: readonly LabelVersion[]): LabelVersion | undefined {
  const newest = versions.at(-1);
  const latest = newest?.image.replace(/\d+$/, 'latest');
  const names = Object.values(containers).map(({ image }) => (image === latest ? newest?.image : image));
  return versions.find(({ image }) => names.includes(image));
}

/** The images of the label that run, are about to, or would run again if the service were enabled. */
export function imagesInUse(
  versions: readonly LabelVersion[], service: DescribedService, deployments: readonly DescribedDeployment[],
): ReadonlySet<string> {
  const live = [service.currentDeployment, service.nextDeployment, ...deployments.filter(({ state }) => state === 'ACTIVE' || state === 'ACTIVATING')];
  const used = live.flatMap((deployment) => (deployment ? imagesIn(deployment, versions) : []));
  return new Set(used);
}

/**
 * The versions that can go, oldest first: what is not among the last `keep`, and what has the content of an older version.
 *
 * @param stays images that stay in any case
 */
export function superfluous(versions: readonly LabelVersion[], keep: number, stays: ReadonlySet<string>): LabelVersion[] {
  const originals = versions.filter(({ digest }, index) => versions.findIndex((version) => version.digest === digest) === index);
  const kept = new Set(originals.slice(Math.max(0, originals.length - keep)).map(({ image }) => image));
  return versions.filter(({ image }) => !stays.has(image) && !kept.has(image));
}

function imagesIn({ containers = {} }: Pick<DescribedDeployment, 'containers'>, versions: readonly LabelVersion[]): string[] {
  return Object.values(containers).flatMap((container) => versionIn({ containers: { container } }, versions)?.image ?? []);
}
