import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Permissions of a role, in a policy of their own.
 *
 * `iam.Role.customizeRoles()` has roles made elsewhere. The template then has no policies of them: the report of the CDK lists their permissions.
 * The CDK does not do this by itself for a policy that stands apart from its role.
 */
export class RolePolicy extends iam.Policy {
  constructor(scope: Construct, id: string, private readonly role: iam.IRole, statements: iam.PolicyStatement[], document?: iam.PolicyDocument) {
    super(scope, id, { document, roles: isMadeElsewhere(role) ? [] : [role] });
    this.addStatements(...statements);
  }

  public override addStatements(...statements: iam.PolicyStatement[]): void {
    super.addStatements(...statements);
    if (isMadeElsewhere(this.role)) {
      statements.forEach((statement) => this.role.addToPrincipalPolicy(statement.copy()));
    }
  }
}

/** The CDK made the construct of the role, but no resource. */
function isMadeElsewhere(role: iam.IRole): boolean {
  return iam.Role.isRole(role) && role.node.defaultChild === undefined;
}
