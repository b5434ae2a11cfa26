import { Aspects, CfnResource, type Stage } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type INagLogger, type NagLoggerNonComplianceData, type NagLoggerSuppressedData } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** What cdk-nag says of an app. */
export interface NagReport {
  /** What it finds, and what it could not check: `<path> <rule>[<finding>]`. */
  readonly findings: string[];
  /** What it would find, were it not for a suppression. */
  readonly suppressed: string[];
  /** Suppressions that suppress nothing, each with the part that does not. */
  readonly unused: string[];
}

interface Suppression {
  readonly id: string;
  readonly applies_to?: ReadonlyArray<string | { readonly regex: string }>;
}

/** Has cdk-nag look at an app when it is synthesized. */
export function watchWithNag(app: Stage): () => NagReport {
  const log = new Log();
  Aspects.of(app).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [log] }));
  return () => ({ findings: log.findings, suppressed: log.suppressed, unused: app.node.findAll().flatMap((construct) => unusedOf(construct, log)) });
}

class Log implements INagLogger {
  public readonly findings: string[] = [];
  public readonly suppressed: string[] = [];

  public onNonCompliance(data: NagLoggerNonComplianceData): void {
    this.findings.push(title(data.resource, data.ruleId, data.findingId));
  }

  public onError({ resource, ruleId }: { resource: CfnResource; ruleId: string }): void {
    this.findings.push(`${title(resource, ruleId)} cannot be checked`);
  }

  public onSuppressed(data: NagLoggerSuppressedData): void {
    this.suppressed.push(title(data.resource, data.ruleId, data.findingId));
  }

  public onSuppressedError({ resource, ruleId }: { resource: CfnResource; ruleId: string }): void {
    this.suppressed.push(title(resource, ruleId));
  }

  public onCompliance(): void {}
  public onNotApplicable(): void {}
}

function title({ node }: IConstruct, rule: string, finding = ''): string {
  return `${node.path} ${rule}${finding && `[${finding}]`}`;
}

function unusedOf(construct: IConstruct, { suppressed }: Log): string[] {
  if (!CfnResource.isCfnResource(construct)) return [];

  const suppressions: Suppression[] = construct.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
  return suppressions.flatMap(({ id, applies_to: parts }) => {
    const rule = title(construct, id);
    if (parts === undefined) return suppressed.includes(rule) ? [] : [rule];

    const findings = suppressed.filter((one) => one.startsWith(`${rule}[`)).map((one) => one.slice(rule.length + 1, -1));
    return parts.filter((part) => !findings.some((finding) => applies(part, finding))).map((part) => `${rule}[${JSON.stringify(part)}]`);
  });
}

function applies(part: string | { readonly regex: string }, finding: string): boolean {
  return typeof part === 'string' ? part === finding : new RegExp(part.regex.slice(1, -1)).test(finding);
}
