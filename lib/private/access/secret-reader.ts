import { Lazy, Stack, type IResolveContext } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DeploymentProvider } from '../provider/deployment-provider';

/**
 * The role of the handler, as a principal that is granted to read the secrets of a deployment.
 *
 * Its grants are kept apart: in the role's own policy they would make every deployment of the stack wait for
 * the secrets of this one.
 */
export class SecretReader extends iam.PrincipalBase {
  public override readonly principalAccount: string;

  /** What was granted. */
  public readonly statements: iam.PolicyStatement[] = [];

  constructor(private readonly deployment: Construct) {
    super();
    this.principalAccount = Stack.of(deployment).account;
  }

  /**
   * In the policy of a resource of the same stack, the role. Elsewhere the account, which lets the role's own policies
   * decide: the stack of a resource cannot wait for the stack of the role, which waits for it.
   */
  public get policyFragment(): iam.PrincipalPolicyFragment {
    const account = new iam.AccountPrincipal(this.principalAccount).arn;
    const principal = Lazy.uncachedString({
      produce: (context: IResolveContext) => Stack.of(context.scope) === Stack.of(this.deployment)
        ? DeploymentProvider.of(this.deployment).handlerRole.roleArn : account,
    });
    return new iam.PrincipalPolicyFragment({ AWS: [principal] });
  }

  public override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.statements.push(statement);
    return { statementAdded: true, policyDependable: this.deployment };
  }

  public dedupeString(): string {
    return `SecretReader:${this.deployment.node.path}`;
  }
}
