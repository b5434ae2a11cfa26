import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { resourceStack, withoutResourcePolicy } from './resource-policies';

/**
 * The role of a container service, as a principal for policies.
 *
 * The role is in an AWS-owned account, so nothing can be added to its own policies. The CDK's grant methods then change the
 * policy of the resource. If there is none, or the app does not own it, they do nothing and report nothing. This class
 * compares the requested permissions with the policies of the app, and warns of missing ones.
 *
 * `aws-lambda` recognises the kind of a principal by its members: a member named `service` would make this a service principal.
 */
export class ContainerServicePrincipal extends iam.ArnPrincipal {
  private readonly requested: iam.PolicyStatement[] = [];

  /**
   * @param containerService the service, or the reference to it
   * @param shownAt the construct of the warnings. It is below the service, because an acknowledgement that comes before the warning
   *   covers only the constructs below its own
   */
  constructor(private readonly containerService: Construct, arn: string, private readonly shownAt: Construct) {
    super(arn);

    containerService.node.addValidation({
      validate: () => {
        this.warnOfMissing();
        return [];
      },
    });
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.requested.push(statement);
    return { statementAdded: false };
  }

  private warnOfMissing(): void {
    for (const statement of withoutResourcePolicy(this.containerService, this.arn, this.requested)) {
      const stack = resourceStack(statement) ?? Stack.of(this.containerService);
      const needed = stack.resolve(statement.copy({ principals: [new iam.ArnPrincipal(this.arn)] }).toStatementJson());
      Annotations.of(this.shownAt).addWarningV2('cdk-lightsail-containers:grantWithoutResourcePolicy',
        'A permission was granted to the container service, but no resource policy of this app contains it. The role of the service is in an AWS-owned account: '
        + 'only the policy of the resource can allow it. If the policy is outside this app, add this statement to it: '
        + `${JSON.stringify(needed)}. If the resource cannot have a policy, create an IAM role with the \`grantPrincipal\` of the service `
        + 'as its `assumedBy`. Grant the permission to that role, and let the containers assume it.');
    }
  }
}

/** The principal of a container service that is known only by its name. */
export class UnknownContainerServicePrincipal extends iam.PrincipalBase {
  constructor(private readonly containerService: Construct) {
    super();
  }

  public get policyFragment(): iam.PrincipalPolicyFragment {
    throw this.unknown();
  }

  public addToPrincipalPolicy(_statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    throw this.unknown();
  }

  public dedupeString(): string {
    return `UnknownContainerServicePrincipal:${this.containerService.node.path}`;
  }

  private unknown(): Error {
    return new Error(`[${this.containerService.node.path}] principalArn: not known. Nothing can be granted to this container service without it. `
      + 'Import the service with ContainerService.fromContainerServiceAttributes(), with its principalArn.');
  }
}
