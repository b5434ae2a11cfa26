import type { ContainerService } from '@aws-sdk/client-lightsail';
import type {
  DesiredDeployment, ContainerLogPage, DescribedCertificate, DescribedDeployment, DescribedService, Lightsail,
} from '../../lambda/clients/lightsail';

/** Takes note of a call, and throws where the call is to fail. */
export type TakeCall = (method: string, ...args: unknown[]) => void;

/** Lightsail as a test puts it: it answers what stands in its fields, and goes nowhere by itself. */
export class FakeLightsail implements Lightsail {
  public service: DescribedService | undefined = { containerServiceName: 'web', state: 'READY' };

  /** The list of versions, which may lag behind what the service tells. */
  public deployments: DescribedDeployment[] = [];

  public certificate: DescribedCertificate | undefined;

  public logs: ContainerLogPage['events'] = [];

  public readonly created: DesiredDeployment[] = [];

  constructor(private readonly take: TakeCall) {}

  /** What becomes of the answer to a deployment that was created. */
  public answer: (service: DescribedService) => ContainerService | undefined = (service) => service;

  public async getService(serviceName: string): Promise<DescribedService | undefined> {
    this.take('getService', serviceName);
    return this.service;
  }

  public async getDeployments(serviceName: string): Promise<DescribedDeployment[]> {
    this.take('getDeployments', serviceName);
    return this.deployments;
  }

  public async getContainerLog(serviceName: string, containerName: string): Promise<ContainerLogPage> {
    this.take('getContainerLog', serviceName, containerName);
    return { events: this.logs };
  }

  public async getCertificate(certificateName: string): Promise<DescribedCertificate | undefined> {
    this.take('getCertificate', certificateName);
    return this.certificate;
  }

  public async createDeployment(serviceName: string, desired: DesiredDeployment): Promise<ContainerService | undefined> {
    this.take('createDeployment', serviceName);
    this.created.push(desired);
    const version = Math.max(0, ...this.deployments.map((deployment) => deployment.version)) + 1;
    const nextDeployment: DescribedDeployment = { version, state: 'ACTIVATING', ...desired };
    this.deployments = [nextDeployment, ...this.deployments];
    this.service = { ...this.service!, state: 'DEPLOYING', nextDeployment };
    return this.answer(this.service);
  }

  public async setDisabled(serviceName: string, isDisabled: boolean): Promise<void> {
    this.take('setDisabled', serviceName, isDisabled);
  }

  public async setDomainNames(serviceName: string, domainNames: Readonly<Record<string, readonly string[]>>): Promise<void> {
    this.take('setDomainNames', serviceName, JSON.stringify(domainNames));
  }

  public async enableRegistryAccess(serviceName: string): Promise<void> {
    this.take('enableRegistryAccess', serviceName);
  }

  public async tagService(serviceName: string, tags: Record<string, string>): Promise<void> {
    this.take('tagService', serviceName, ...Object.entries(tags).map(([key, value]) => `${key}=${value}`));
    this.service = { ...this.service!, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
  }

  /** As Lightsail does when a deployment is up. */
  public activate(version: number): void {
    const ends = (deployment: DescribedDeployment): DescribedDeployment => deployment.version === version ? { ...deployment, state: 'ACTIVE' }
      : { ...deployment, state: deployment.state === 'ACTIVE' ? 'INACTIVE' : deployment.state };
    this.deployments = this.deployments.map(ends);
    const currentDeployment = this.deployments.find((deployment) => deployment.version === version);
    this.service = { ...this.service!, state: 'RUNNING', currentDeployment, nextDeployment: undefined, stateDetail: undefined };
  }
}
