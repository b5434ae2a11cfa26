import { Lazy, Stack, type IResolveContext } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { HandlerProvider } from '../provider/handler-provider';

/** Finds or creates a provider in the stack of a construct. */
export interface ProviderOfStack {
  readonly name: string;
  of(scope: Construct): HandlerProvider;
}

/**
 * The role of a handler, as grantee for the secrets of one deployment.
 *
 * The granted statements go into a policy of the deployment. In the policy of the role, they would make every
 * deployment of the stack wait for the secrets of this one.
 */
export class SecretReader extends iam.PrincipalBase {
  public override readonly principalAccount: string;

  /** The granted statements. */
  public readonly statements: iam.PolicyStatement[] = [];

  constructor(private readonly deployment: Construct, private readonly provider: ProviderOfStack) {
    super();
    this.principalAccount = Stack.of(deployment).account;
  }

  /**
   * The role in the policy of a resource of the same stack. Elsewhere the account, so that the policies of the role
   * decide: the stack of the resource cannot depend on the stack of the role, which depends on it.
   */
  public get policyFragment(): iam.PrincipalPolicyFragment {
    const account = new iam.AccountPrincipal(this.principalAccount).arn;
    const principal = Lazy.uncachedString({
      produce: (context: IResolveContext) => Stack.of(context.scope) === Stack.of(this.deployment)
        ? this.provider.of(this.deployment).handlerRole.roleArn : account,
    });
    return new iam.PrincipalPolicyFragment({ AWS: [principal] });
  }

  public override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.statements.push(statement);
    return { statementAdded: true, policyDependable: this.deployment };
  }

  public dedupeString(): string {
    return `SecretReader:${this.provider.name}:${this.deployment.node.path}`;
  }
}
