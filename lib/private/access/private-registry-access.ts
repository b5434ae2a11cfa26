import { CustomResource, Lazy, Stack, Token, type Duration } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { DependencyGroup, type Construct, type IConstruct } from 'constructs';
import { referencedStack } from './resource-policies';
import { DeploymentProvider } from '../provider/deployment-provider';
import type {
  DeploymentResourceProperties, RegistryAccessResourceAttributes, RegistryAccessResourceProperties, ResourceType,
} from '../resource-properties';
import { canDependInOrder } from './stack-order';
import { cfnContainerOf } from '../tree/cfn-container';
import { describeValue } from '../validation/validation';
import { warnAtSynthesis } from '../warnings/synthesis-warning';

const PULL_ACTIONS = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** Placeholder in a statement for an ARN that is known only at deploy time. */
const UNKNOWN_ARN = '<ARN of the ECR image puller role>';

/**
 * Lets the container service of a deployment pull from private Amazon ECR repositories. The order is: the role,
 * the policy of the repository, the deployment.
 */
export class PrivateRegistryAccess {
  /** The resources that must exist before the deployment. */
  public readonly prerequisites = new DependencyGroup();

  private readonly repositories = new Set<ecr.IRepository>();
  private readonly visibleImages: string[] = [];

  constructor(
    private readonly deployment: Construct,
    private readonly service: lightsail.IContainerRef,
    private readonly timeout: Duration,
    private readonly serviceTimeout: Duration,
  ) {}

  /** The resource properties. They are lazy, because containers can still be added. */
  public render(): Pick<DeploymentResourceProperties, 'PrivateRegistryAccess' | 'EcrImages'> {
    return {
      PrivateRegistryAccess: Lazy.any({ produce: () => this.repositories.size > 0 || undefined }) as unknown as boolean,
      EcrImages: Lazy.list({ produce: () => this.visibleImages }, { omitEmpty: true }),
    };
  }

  public allowPull(repository: ecr.IRepository, imageName: string): void {
    const isVisible = !differs(environmentOf(repository).account, Stack.of(this.deployment).account);
    if (isVisible) this.visibleImages.push(imageName);
    if (this.repositories.has(repository)) return;

    this.repositories.add(repository);
    this.allowRole(repository, this.roleArn());
    if (isVisible) {
      this.prerequisites.add(DeploymentProvider.of(this.deployment).describeImagesPolicy(repository.repositoryArn));
    }
  }

  /** Activates the role that pulls images for the container service, and returns its ARN. */
  private roleArn(): string {
    const container = cfnContainerOf(this.service);
    if (container) {
      turnOn(container);
      return container.getAtt('PrivateRegistryAccess.EcrImagePullerRole.PrincipalArn').toString();
    }
    const resource = this.turnedOnAtDeployTime();
    const { ecrImagePullerPrincipalArn } = this.service as { ecrImagePullerPrincipalArn?: string };
    return ecrImagePullerPrincipalArn ?? resource.getAttString('EcrImagePullerPrincipalArn' satisfies keyof RegistryAccessResourceAttributes);
  }

  /** A resource of its own, because its attribute must be known before the deployment is made. */
  private turnedOnAtDeployTime(): CustomResource {
    const id = 'PrivateRegistryAccess';
    const present = this.deployment.node.tryFindChild(id) as CustomResource | undefined;
    if (present) return present;

    const { serviceName, containerArn } = this.service.containerRef;
    const provider = DeploymentProvider.of(this.deployment);
    const properties: RegistryAccessResourceProperties = { ServiceName: serviceName, Timeout: this.timeout.toSeconds() };
    const resource = new CustomResource(this.deployment, id, {
      resourceType: 'Custom::LightsailPrivateRegistryAccess' satisfies ResourceType,
      serviceToken: provider.serviceToken,
      serviceTimeout: this.serviceTimeout,
      properties,
    });
    resource.node.addDependency(provider.prerequisites, provider.permissionsFor(containerArn).toTurnOnRegistryAccess());
    this.prerequisites.add(resource);
    return resource;
  }

  private allowRole(repository: ecr.IRepository, roleArn: string): void {
    const statement = (arn: string) => new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(arn)], actions: PULL_ACTIONS });
    const obstacle = this.obstacle(repository, roleArn)
      ?? (repository.addToResourcePolicy(statement(roleArn)).statementAdded ? undefined : 'this app does not define the repository');
    if (obstacle === undefined) {
      // The policy is a property of the repository. Other resources below the construct may depend on the deployment.
      if (repository.node.defaultChild) this.prerequisites.add(repository.node.defaultChild);
      return;
    }

    const isKnown = !Token.isUnresolved(roleArn);
    warnAtSynthesis(this.deployment, 'cdk-lightsail-containers:ecrRepositoryPolicy',
      `The policy of the private Amazon ECR repository ${repository.node.path} cannot be changed: ${obstacle}. `
      + 'The deployment needs this statement in that policy, before the deployment is made: '
      + `${JSON.stringify(statement(isKnown ? roleArn : UNKNOWN_ARN).toStatementJson())}.${isKnown ? '' : ` ${this.howToLearnTheArn()}`}`);
  }

  /** Why the app cannot use the role in the policy of a repository that it defines. */
  private obstacle(repository: ecr.IRepository, roleArn: string): string | undefined {
    const roleStack = referencedStack(roleArn);
    if (!roleStack || !repository.node.defaultChild) return undefined;

    const [stack, repositoryStack] = [Stack.of(this.deployment), Stack.of(repository)];
    if (differs(environmentOf(repository).account, stack.account)) {
      return 'the repository is in another account, where the role of the container service is not known at synthesis';
    }
    return canDependInOrder(roleStack, repositoryStack, stack) ? undefined
      : `it names the role of the container service, so the stack ${describeValue(repositoryStack.stackName)} of the repository would depend on the stack `
        + `${describeValue(roleStack.stackName)}, which depends on the repository. To resolve this, ${cfnContainerOf(this.service)
          ? 'create the container service in a stack of its own'
          : 'pass ecrImagePullerPrincipalArn to ContainerService.fromContainerServiceAttributes()'}`;
  }

  private howToLearnTheArn(): string {
    const container = cfnContainerOf(this.service);
    const name = container?.serviceName ?? this.service.containerRef.serviceName;
    const option = `--service-name ${Token.isUnresolved(name) ? '<name of the container service>' : name}`;
    return `The role gets its ARN when it is activated: ${container
      ? 'deploy the container service with privateRegistryAccess first'
      : `aws lightsail update-container-service ${option} --private-registry-access ecrImagePullerRole={isActive=true}`}. To show the ARN: `
      + `aws lightsail get-container-services ${option} --query containerServices[0].privateRegistryAccess.ecrImagePullerRole.principalArn`;
  }
}

/**
 * The errors of the repository that an image comes from.
 *
 * @param scope the deployment
 */
export function validateRepository(repository: ecr.IRepository, service: lightsail.IContainerRef, scope: IConstruct): string[] {
  if (typeof repository?.addToResourcePolicy !== 'function') {
    return [`its bind() returned ${describeValue(repository)} as ecrRepository. It must be an ecr.IRepository or undefined.`];
  }
  const { region } = environmentOf(repository);
  const stack = Stack.of(scope);
  const container = cfnContainerOf(service);
  return [
    ...(!differs(region, stack.region) ? []
      : [`it is in a repository in region ${describeValue(region)}, and the container service in ${describeValue(stack.region)}. Lightsail pulls from private repositories `
        + 'in its own Region only. Use a repository in that Region, for example one that ECR replicates the images to.']),
    ...(!container || !isTurnedOff(container) ? []
      : [`it is in a private Amazon ECR repository, but privateRegistryAccess of ${service.node.path} turns off access to such repositories. `
        + 'Set it to true, or leave it out.']),
  ];
}

function isTurnedOff(container: lightsail.CfnContainer): boolean {
  return pullerRoleOf(container)?.isActive === false;
}

/** CloudFormation turns the role off unless the template turns it on. */
function turnOn(container: lightsail.CfnContainer): void {
  const access = container.privateRegistryAccess;
  const role = pullerRoleOf(container);
  if (Token.isUnresolved(access) || Token.isUnresolved(role) || role?.isActive !== undefined) return;

  container.privateRegistryAccess = { ecrImagePullerRole: { isActive: true } };
}

function pullerRoleOf({ privateRegistryAccess }: lightsail.CfnContainer): lightsail.CfnContainer.EcrImagePullerRoleProperty | undefined {
  return (privateRegistryAccess as lightsail.CfnContainer.PrivateRegistryAccessProperty | undefined)
    ?.ecrImagePullerRole as lightsail.CfnContainer.EcrImagePullerRoleProperty | undefined;
}

/** The `env` of an imported repository can differ from its ARN. The ARN is right. */
function environmentOf({ repositoryArn, env }: ecr.IRepository): { readonly account: string; readonly region: string } {
  const [, , , region = env.region, account = env.account] = repositoryArn.split(':');
  return { account, region };
}

function differs(a: string, b: string): boolean {
  return !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
}
