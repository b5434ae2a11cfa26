import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { resourceStack, withoutResourcePolicy } from './resource-policies';

/**
 * The role of a container service, as a principal for policies.
 *
 * The role is in an AWS-owned account, so nothing can be added to its own policies. The CDK's grant methods then turn to the
 * policy of the resource; where there is none, or none that the app owns, they go on without a word. This class
 * compares what was asked for with what the policies of the app say, and warns of the difference.
 *
 * `aws-lambda` tells the kinds of principals by their members: one named `service` would make a service principal of this.
 */
export class ContainerServicePrincipal extends iam.ArnPrincipal {
  private readonly requested: iam.PolicyStatement[] = [];

  /**
   * @param containerService the service, or the reference to it
   * @param shownAt where warnings are shown. It stands below the service, because an acknowledgement that was given before the warning
   *   counts for what is below its construct, and not for the construct itself
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
        'A permission was granted to the container service that no resource policy of this app holds. Its role is in an AWS-owned account, so that '
        + 'only the policy of the resource can allow it. Where the resource has a policy outside of this app, add to it: '
        + `${JSON.stringify(needed)}. Where it cannot have one, grant the permission to an IAM role that has the \`grantPrincipal\` of the service `
        + 'as its `assumedBy`, and let the containers assume that role.');
    }
  }
}

/** The principal of a container service of which only the name is known. */
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
    return new Error(`[${this.containerService.node.path}] principalArn: not known, so that nothing can be granted to this container service. `
      + 'Refer to it with ContainerService.fromContainerServiceAttributes() and give its principalArn.');
  }
}
