import type { LightsailEmulator, SteppedClock } from '../../emulator';

type Block = Record<string, any>;

/** The resources of a Terraform configuration by type: only the syntax that the guide uses. A block that may repeat is a list. */
export function resourcesIn(configuration: string): Record<string, Block> {
  const root: Record<string, Block> = {};
  const open: Block[] = [];
  for (const line of configuration.split('\n').map((text) => text.trim()).filter((text) => text !== '')) {
    const [, type] = /^resource "(\w+)" "\w+" \{$/.exec(line) ?? [];
    const [, block, equals] = /^(\w+)( =)? \{$/.exec(line) ?? [];
    const [, argument, value] = /^(\w+) += (.+)$/.exec(line) ?? [];
    if (type !== undefined) {
      open.push(root[type] = {});
    } else if (block !== undefined) {
      const inner = {};
      const outer = open.at(-1)!;
      outer[block] = equals ? inner : [...outer[block] ?? [], inner];
      open.push(inner);
    } else if (line === '}') {
      open.pop();
    } else if (argument !== undefined) {
      const [, of, attribute] = /^(aws_\w+)\.\w+\.(\w+)$/.exec(value) ?? [];
      open.at(-1)![argument] = of === undefined ? JSON.parse(value) : root[of][attribute];
    } else {
      throw new Error(`Not known of Terraform's syntax: ${line}`);
    }
  }
  return root;
}

const PAUSE_MS = 5_000;

/**
 * What Terraform's AWS provider does with the resources of container services (container_service.go, container_service_deployment_version.go).
 * It knows what is in its state, and looks at nothing else.
 */
export class Terraform {
  private state: Record<string, Block> = {};

  constructor(private readonly emulator: LightsailEmulator<SteppedClock>) {}

  /** terraform apply: creates, updates and deletes until the state is as the configuration. */
  public async apply(configuration: string): Promise<void> {
    const wanted = resourcesIn(configuration);
    for (const [type, block] of Object.entries(wanted)) {
      if (JSON.stringify(this.state[type]) === JSON.stringify(block)) continue;
      await this.change(type, block);
      this.state[type] = block;
    }
    for (const type of Object.keys(this.state).filter((name) => !(name in wanted)).reverse()) {
      await this.destroy(type);
      delete this.state[type];
    }
  }

  /** terraform state rm: Terraform forgets it, and calls nothing. */
  public forget(address: string): void {
    const [type] = address.split('.');
    if (!(type in this.state)) throw new Error(`No matching objects found: ${address}`);
    delete this.state[type];
  }

  private async change(type: string, block: Block): Promise<void> {
    switch (type) {
      case SERVICE: {
        const { name: serviceName, power, scale, private_registry_access: access, tags } = block;
        const isActive: boolean | undefined = access?.[0].ecr_image_puller_role[0].is_active;
        this.emulator.invoke(this.state[type] ? 'UpdateContainerService' : 'CreateContainerService', {
          serviceName,
          power,
          scale,
          ...(isActive !== undefined && { privateRegistryAccess: { ecrImagePullerRole: { isActive } } }),
          ...(tags && !this.state[type] && { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) }),
        });
        return this.untilAtRest(serviceName);
      }
      case DEPLOYMENT: {
        const { service_name: serviceName, container: containers, public_endpoint: [endpoint] = [] } = block;
        this.emulator.invoke('CreateContainerServiceDeployment', {
          serviceName,
          containers: Object.fromEntries(containers.map(({ container_name: containerName, ...container }: Block) => [containerName, container])),
          ...(endpoint && {
            publicEndpoint: {
              containerName: endpoint.container_name,
              containerPort: endpoint.container_port,
              healthCheck: healthCheckOf(endpoint.health_check[0]),
            },
          }),
        });
        return this.untilAtRest(serviceName);
      }
      default:
        throw new Error(`Not known: ${type}`);
    }
  }

  private async destroy(type: string): Promise<void> {
    // A deployment cannot be destroyed: it only leaves the state.
    if (type !== SERVICE) return;
    this.emulator.invoke('DeleteContainerService', { serviceName: this.state[type].name });
  }

  private async untilAtRest(serviceName: string): Promise<void> {
    for (let pauses = 0; !['READY', 'RUNNING', 'DISABLED'].includes(this.emulator.service(serviceName)!.state); pauses++) {
      if (pauses > 360) throw new Error('timeout while waiting for state');
      await this.emulator.clock.sleep(PAUSE_MS);
    }
  }
}

const SERVICE = 'aws_lightsail_container_service';
const DEPLOYMENT = 'aws_lightsail_container_service_deployment_version';

/** The provider sends every setting, with its own defaults. */
function healthCheckOf(block: Block): object {
  return {
    healthyThreshold: block.healthy_threshold ?? 2,
    unhealthyThreshold: block.unhealthy_threshold ?? 2,
    timeoutSeconds: block.timeout_seconds ?? 2,
    intervalSeconds: block.interval_seconds ?? 5,
    path: block.path ?? '/',
    successCodes: block.success_codes ?? '200-499',
  };
}
