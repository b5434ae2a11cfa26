import { CreateContainerServiceDeploymentCommand, GetContainerServiceDeploymentsCommand } from '@aws-sdk/client-lightsail';
import type { WayOfWaiting, World } from './scenario';
import { createHandlers, sdkLightsail } from '../../lambda';

const CONTAINERS = { app: { image: 'nginx:1.27', ports: { 80: 'HTTP' } } } as const;
const ENDPOINT = { containerName: 'app', containerPort: 80 };

async function createDeployment({ client, serviceName }: World): Promise<number> {
  const { containerService } = await client.send(new CreateContainerServiceDeploymentCommand({
    serviceName, containers: CONTAINERS, publicEndpoint: ENDPOINT,
  }));
  return containerService!.nextDeployment!.version!;
}

async function ended({ client, serviceName }: World, version: number): Promise<'ACTIVE' | 'FAILED' | undefined> {
  const { deployments } = await client.send(new GetContainerServiceDeploymentsCommand({ serviceName }));
  const state = deployments!.find((deployment) => deployment.version === version)!.state;
  return state === 'ACTIVE' || state === 'FAILED' ? state : undefined;
}

/** The handler, called as the Provider framework calls it. */
const handler: WayOfWaiting = async ({ serviceName, clock, emulatorUrl }) => {
  const { onEvent, isComplete } = createHandlers({
    clock,
    log: () => undefined,
    lightsail: sdkLightsail({ endpoint: emulatorUrl, region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } }),
    cloudFormation: { beganAt: async () => clock.now(), isRollingBack: async () => false },
  });
  const event = {
    RequestType: 'Create',
    ResourceType: 'Custom::LightsailContainerServiceDeployment',
    ResourceProperties: {
      ServiceName: serviceName,
      Containers: { app: { Image: CONTAINERS.app.image, Ports: CONTAINERS.app.ports } },
      PublicEndpoint: { ContainerName: ENDPOINT.containerName, ContainerPort: String(ENDPOINT.containerPort) },
      Timeout: '3600',
    },
  };
  try {
    const begun = { ...event, ...await onEvent(event) };
    while (!(await isComplete(begun)).IsComplete) await clock.sleep(7000);
    return 'ACTIVE';
  } catch {
    return 'FAILED';
  }
};

/** terraform-provider-aws: the first look after 5 seconds, then at intervals that double from 3 up to 10. */
const terraform: WayOfWaiting = async (world) => {
  const version = await createDeployment(world);
  let interval = 3_000;
  await world.clock.sleep(5_000);
  for (;;) {
    const state = await ended(world, version);
    if (state) return state;
    await world.clock.sleep(Math.min(interval, 10_000));
    interval *= 2;
  }
};

/** The Provider framework's default: isComplete every 5 seconds, each time one look. */
const framework: WayOfWaiting = async (world) => {
  const version = await createDeployment(world);
  for (;;) {
    const state = await ended(world, version);
    if (state) return state;
    await world.clock.sleep(5_000);
  }
};

export const WAYS = {
  'cdk-lightsail-containers': handler,
  'Terraform': terraform,
  'Provider framework, plain': framework,
} satisfies Record<string, WayOfWaiting>;
