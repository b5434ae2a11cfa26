import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { suppressWildcardService } from './nag-suppressions';
import { RolePolicy } from './role-policy';

/**
 * What the handler may change of one container service: a policy for each purpose, made when it is first asked for.
 *
 * These permissions stand apart from the handler's functions, because every deployment of the stack
 * waits for the functions: a permission that names a service would make all of them wait for that
 * service, also the deployment that the service itself waits for.
 */
export class ServicePermissions extends Construct {
  constructor(scope: Construct, id: string, private readonly containerServiceArn: string, private readonly role: iam.IRole) {
    super(scope, id);
  }

  public toDeploy(): iam.Policy {
    return this.policy('Deploy', ['lightsail:CreateContainerServiceDeployment']);
  }

  /**
   * To disable the service and to enable it again, and to mark on it whose deployment it runs.
   *
   * A service that gets another name is replaced, and the deployment on the old one is deleted last. So the policy goes by the name: what
   * allows to disable the old service is there until then.
   */
  public toDisable(serviceName: string | undefined): iam.Policy {
    return this.policy(`Disable${knownName(serviceName)}`, ['lightsail:UpdateContainerService', 'lightsail:TagResource']);
  }

  /** To register images and to remove old ones. It goes by the name for the same reason: the images of a replaced service are deleted last. */
  public toStoreImages(serviceName: string | undefined): iam.Policy {
    return this.policy(`StoreImages${knownName(serviceName)}`, ['lightsail:RegisterContainerImage', 'lightsail:DeleteContainerImage']);
  }

  public toTurnOnRegistryAccess(): iam.Policy {
    return this.policy('PrivateRegistryAccess', ['lightsail:UpdateContainerService']);
  }

  private policy(id: string, actions: string[]): iam.Policy {
    return this.node.tryFindChild(id) as iam.Policy | undefined ?? this.createPolicy(id, actions);
  }

  private createPolicy(id: string, actions: string[]): iam.Policy {
    const policy = new RolePolicy(this, id, this.role, [new iam.PolicyStatement({ actions, resources: [this.containerServiceArn] })]);
    if (this.containerServiceArn.endsWith('*')) {
      suppressWildcardService(policy);
    }
    return policy;
  }
}

function knownName(serviceName: string | undefined): string {
  return serviceName === undefined || Token.isUnresolved(serviceName) ? '' : serviceName;
}
