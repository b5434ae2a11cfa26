import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import {
  ContainerImage, ContainerProtocol, ContainerService, ContainerServiceDeployment,
  type ContainerProps, type ContainerServiceDeploymentProps, type HealthCheck, type PublicEndpoint,
} from '../../lib';

export const RESOURCE_TYPE = 'Custom::LightsailContainerServiceDeployment';

export const IMAGE = ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27');

export function container(props: Partial<ContainerProps> = {}): ContainerProps {
  return { image: IMAGE, ...props };
}

export const WEB = container({ ports: { 80: ContainerProtocol.HTTP } });

/** An app with one stack, and helpers to define constructs in it. */
export class Fixture {
  public readonly app = new App();
  public readonly stack: Stack;

  constructor(props: StackProps = {}) {
    this.stack = new Stack(this.app, 'Stack', props);
  }

  public service(id = 'Service', scope = this.stack, serviceName = id.toLowerCase()): lightsail.CfnContainer {
    return new lightsail.CfnContainer(scope, id, { serviceName, power: 'nano', scale: 1 });
  }

  /** A valid deployment, with the given props. */
  public deployment(props: Partial<ContainerServiceDeploymentProps> = {}, id = 'Deployment'): ContainerServiceDeployment {
    return new ContainerServiceDeployment(this.stack, id, {
      service: props.service ?? ContainerService.fromContainerServiceName(this.stack, `${id}Service`, 'web'),
      containers: { web: WEB },
      ...props,
    });
  }

  /** A deployment with one valid container, with the given props. */
  public withContainer(props: Partial<ContainerProps>): ContainerServiceDeployment {
    return this.deployment({ containers: { web: container(props) } });
  }

  public withEndpoint(props: Partial<PublicEndpoint>, containers = { web: WEB },
    others: Partial<ContainerServiceDeploymentProps> = {}): ContainerServiceDeployment {
    return this.deployment({ containers, publicEndpoint: { containerName: 'web', containerPort: 80, ...props }, ...others });
  }

  public withHealthCheck(healthCheck: HealthCheck): ContainerServiceDeployment {
    return this.withEndpoint({ healthCheck });
  }

  public template(): Template {
    return Template.fromStack(this.stack);
  }

  /** The properties of the only custom resource in the template. */
  public properties(): Record<string, any> {
    const [resource, ...others] = Object.values(this.template().findResources(RESOURCE_TYPE));
    if (!resource || others.length > 0) throw new Error(`one custom resource expected, found ${resource ? others.length + 1 : 0}`);
    return resource.Properties;
  }
}

/** The message of the error that is thrown. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
