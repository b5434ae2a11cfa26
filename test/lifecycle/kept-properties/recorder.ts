import { OWNER, OWNER_TAG, ownerOf, type KeptResource, type KeptService } from './kept-resource';
import { putSources, registerStored } from './kept-world';
import { asStrings, type SynthesizedStack } from '../apps/template';
import { ImageRegistries } from '../aws/image-registries';
import { CloudFormation } from '../cloudformation/cloudformation';

const DEPLOYMENT = 'Custom::LightsailContainerServiceDeployment';

/** Deploys a stack with its handler, and takes what CloudFormation and the container services keep of it. */
export async function record(stack: SynthesizedStack): Promise<KeptResource[]> {
  const registries = await ImageRegistries.start();
  const cloud = await CloudFormation.start({ registries });
  try {
    putSources(cloud, registries, Object.values(stack.resources).map(({ Properties = {} }) => Properties));
    for (const [, { Type, Properties = {} }] of Object.entries(stack.resources)) {
      if (!(Type === 'AWS::Lightsail::Container' || typeof Properties.ServiceName === 'string')) continue;
      const serviceName = String(Properties.ServiceName);
      if (!cloud.emulator.service(serviceName)) cloud.emulator.createService({ serviceName });
      if (cloud.emulator.images(serviceName).length === 0) registerStored(cloud, serviceName);
    }
    const { status, reason } = await cloud.deploy(stack);
    if (status !== 'CREATE_COMPLETE') throw new Error(`The stack was not created, so there is nothing to record: ${reason}`);

    return [...cloud.assumed].map(([logicalId, { physicalId, properties }]) => ({
      ResourceType: stack.resources[logicalId].Type,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceProperties: asStrings(properties) as Record<string, unknown>,
      ...(stack.resources[logicalId].Type === DEPLOYMENT && { Service: serviceOf(cloud, String(properties.ServiceName), logicalId) }),
    }));
  } finally {
    await cloud.stop();
    await registries.stop();
  }
}

function serviceOf(cloud: CloudFormation, serviceName: string, logicalId: string): KeptService {
  const { tags = [], currentDeployment } = cloud.emulator.service(serviceName)!;
  const { containers, publicEndpoint } = currentDeployment!;
  const ownTags = tags.filter(({ key }) => key === OWNER_TAG)
    .map(({ key, value = '' }) => [key, value.replaceAll(ownerOf(cloud.stackId, logicalId), OWNER)]);
  return { tags: Object.fromEntries(ownTags), deployment: { containers, ...(publicEndpoint && { publicEndpoint }) } };
}
