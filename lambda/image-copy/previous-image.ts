import type { ImageDependencies } from './image-dependencies';
import type { ImageRequest } from './image-request';
import { versionIn, versionsOf } from './label-versions';
import { CallFailure } from '../clients/call-failure';
import type { StackOperation } from '../shared/stack-operation';

/**
 * The image that ran before an update that is now rolled back, `:service.label.N`; undefined if the request is no rollback, or if it cannot
 * be told. The source is not asked: its tag may stand for another image by now, and the source may be what failed.
 */
export async function previousImage(
  { images, cloudFormation, log }: ImageDependencies, request: ImageRequest, operation: StackOperation,
): Promise<string | undefined> {
  const { requestId, serviceName, label, stackId, logicalResourceId } = request;
  if (!request.isUpdate || await operation.isRollingBack() !== true) return undefined;

  const began = await updateBegan();
  if (began === undefined) return undefined;
  const versions = versionsOf(await images.getImages(serviceName) ?? [], serviceName, label);
  const ran = (await images.getDeployments(serviceName))
    .filter(({ state, createdAt }) => (state === 'ACTIVE' || state === 'INACTIVE') && createdAt !== undefined && createdAt.getTime() < began)
    .sort((a, b) => b.version - a.version);
  const image = ran.map((deployment) => versionIn(deployment, versions)?.image).find((found) => found !== undefined);
  log('rolling back', { requestId, serviceName, image });
  return image;

  /** When the update of the resource began that is rolled back. What was deployed since is to be undone. */
  async function updateBegan(): Promise<number | undefined> {
    try {
      return (await cloudFormation.operationTimes(stackId, logicalResourceId)).at(-1)?.from;
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind === 'transient' || error.kind === 'throttled') throw error;
      log('CloudFormation cannot be asked, continuing without its answer', { requestId, operation: error.operation, error: error.message });
      return undefined;
    }
  }
}
