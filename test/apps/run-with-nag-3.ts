/**
 * Runs an app with cdk-nag 3, which needs a newer aws-cdk-lib than the lowest, and writes what it finds to a file:
 * REPORT=<file> tsx run-with-nag-3.ts <app>
 */
import { writeFileSync } from 'node:fs';
import './newest-cdk';
import type * as cdk from 'aws-cdk-lib';

interface Report {
  readonly success: boolean;
  readonly violations: ReadonlyArray<{ readonly ruleName: string; readonly violatingResources: ReadonlyArray<{ readonly constructPath: string }> }>;
}

interface NewerCdk {
  readonly App: typeof cdk.App;
  readonly Validations: { of(scope: cdk.App): { addPlugins(plugin: { readonly name: string; validate(context: unknown): Report }): void } };
}

/* eslint-disable @typescript-eslint/no-require-imports -- an import would come before the change of the loader */
const { App, Validations } = require('aws-cdk-lib') as NewerCdk;
const { AwsSolutionsChecks } = require('cdk-nag-3') as { readonly AwsSolutionsChecks: new (scope: cdk.App) => { validate(context: unknown): Report } };
/* eslint-enable @typescript-eslint/no-require-imports */

const { REPORT: file = '' } = process.env;
const [, , app] = process.argv;

const synth = App.prototype.synth;
App.prototype.synth = function (this: cdk.App, options?: cdk.StageSynthesisOptions) {
  const checks = new AwsSolutionsChecks(this);
  let report: Report | undefined;
  Validations.of(this).addPlugins({
    name: 'AwsSolutions',
    validate: (context) => {
      report = checks.validate(context);
      return { success: true, violations: [] };
    },
  });
  const assembly = synth.call(this, options);
  if (report === undefined) throw new Error('cdk-nag was not asked.');

  const findings = report.violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName}`));
  writeFileSync(file, JSON.stringify({ findings: findings.sort(), resources: this.node.findAll().length }));
  return assembly;
};

void import(app);
