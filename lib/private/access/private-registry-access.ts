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

/** Stands in a statement for what only the deployment makes known. */
const UNKNOWN_ARN = '<ARN of the ECR image puller role>';

/**
 * Lets the container service of a deployment pull from private Amazon ECR repositories: the role first, then
 * the policy of the repository, then the deployment.
 */
export class PrivateRegistryAccess {
  /** What has to be there before the deployment. */
  public readonly prerequisites = new DependencyGroup();

  private readonly repositories = new Set<ecr.IRepository>();
  private readonly visibleImages: string[] = [];

  constructor(
    private readonly deployment: Construct,
    private readonly service: lightsail.IContainerRef,
    private readonly timeout: Duration,
    private readonly serviceTimeout: Duration,
  ) {}

  /** The resource properties, of which containers that are still to be added may make another set. */
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

  /** The ARN of the role that the container service pulls with, which is turned on if it is not. */
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

  /** A resource of its own, for its attribute has to be known before the deployment is made. */
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
    resource.node.addDependency(provider.permissionsFor(containerArn).toTurnOnRegistryAccess());
    this.prerequisites.add(resource);
    return resource;
  }

  private allowRole(repository: ecr.IRepository, roleArn: string): void {
    const statement = (arn: string) => new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(arn)], actions: PULL_ACTIONS });
    const obstacle = this.obstacle(repository, roleArn)
      ?? (repository.addToResourcePolicy(statement(roleArn)).statementAdded ? undefined : 'this app does not define the repository');
    if (obstacle === undefined) {
      // The policy is a property of the repository. What else stands below the construct may wait for the deployment.
      if (repository.node.defaultChild) this.prerequisites.add(repository.node.defaultChild);
      return;
    }

    const isKnown = !Token.isUnresolved(roleArn);
    warnAtSynthesis(this.deployment, 'cdk-lightsail-containers:ecrRepositoryPolicy',
      `The policy of the private Amazon ECR repository ${repository.node.path} cannot be written: ${obstacle}. `
      + 'The image is pulled only if that policy holds this statement before the deployment is made: '
      + `${JSON.stringify(statement(isKnown ? roleArn : UNKNOWN_ARN).toStatementJson())}.${isKnown ? '' : ` ${this.howToLearnTheArn()}`}`);
  }

  /** What keeps the app from naming the role in the policy of a repository that it defines. */
  private obstacle(repository: ecr.IRepository, roleArn: string): string | undefined {
    const roleStack = referencedStack(roleArn);
    if (!roleStack || !repository.node.defaultChild) return undefined;

    const [stack, repositoryStack] = [Stack.of(this.deployment), Stack.of(repository)];
    if (differs(environmentOf(repository).account, stack.account)) {
      return 'the repository is in another account, where the role of the container service is not known at synthesis';
    }
    return canDependInOrder(roleStack, repositoryStack, stack) ? undefined
      : `it names the role of the container service, so that the stack ${describeValue(repositoryStack.stackName)} of the repository would have to wait for the stack `
        + `${describeValue(roleStack.stackName)}, which waits for the repository. To have it written, ${cfnContainerOf(this.service)
          ? 'create the container service in a stack of its own'
          : 'give ecrImagePullerPrincipalArn to ContainerService.fromContainerServiceAttributes()'}`;
  }

  private howToLearnTheArn(): string {
    const container = cfnContainerOf(this.service);
    const name = container?.serviceName ?? this.service.containerRef.serviceName;
    const option = `--service-name ${Token.isUnresolved(name) ? '<name of the container service>' : name}`;
    return `The role has an ARN from when it is turned on: ${container
      ? 'deploy the container service with privateRegistryAccess first'
      : `aws lightsail update-container-service ${option} --private-registry-access ecrImagePullerRole={isActive=true}`}. It is told by: `
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
    return [`its bind() returned ${describeValue(repository)} as ecrRepository. It must be an ecr.IRepository, or left out.`];
  }
  const { region } = environmentOf(repository);
  const stack = Stack.of(scope);
  const container = cfnContainerOf(service);
  return [
    ...(!differs(region, stack.region) ? []
      : [`it is in a repository in region ${describeValue(region)}, and the container service in ${describeValue(stack.region)}. Lightsail pulls from private repositories `
        + 'of its own Region only: give a repository of that Region, for example one that ECR replicates the images to.']),
    ...(!container || !isTurnedOff(container) ? []
      : [`it is in a private Amazon ECR repository, and privateRegistryAccess of ${service.node.path} turns the access to those off. `
        + 'Turn it on there, or leave it out.']),
  ];
}

function isTurnedOff(container: lightsail.CfnContainer): boolean {
  return pullerRoleOf(container)?.isActive === false;
}

/** CloudFormation turns off what a template does not turn on. */
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

/** An imported repository may be in another place than its ARN says, as far as its `env` goes. */
function environmentOf({ repositoryArn, env }: ecr.IRepository): { readonly account: string; readonly region: string } {
  const [, , , region = env.region, account = env.account] = repositoryArn.split(':');
  return { account, region };
}

function differs(a: string, b: string): boolean {
  return !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
}
