/**
 * Runs an app with cdk-nag, and writes what it says to a file: REPORT=<file> tsx run-with-nag.ts <app>
 */
import { writeFileSync } from 'node:fs';
import { App, type StageSynthesisOptions } from 'aws-cdk-lib';
import { watchWithNag } from './nag';

const { REPORT: file = '' } = process.env;
const [, , app] = process.argv;

const synth = App.prototype.synth;
App.prototype.synth = function (this: App, options?: StageSynthesisOptions) {
  const report = watchWithNag(this);
  const assembly = synth.call(this, options);
  const messages = assembly.stacksRecursively.flatMap((stack) => stack.messages).map(({ level, id, entry }) => `${level} ${id}: ${String(entry.data)}`);
  writeFileSync(file, JSON.stringify({ ...report(), messages }));
  return assembly;
};

void import(app);
