/**
 * A CDK app with some stacks of one kind: node main.js <kind> <count> <count in a stack> [folder of the output].
 * It is compiled ahead and loads only what its kind needs, as an app of a user does.
 */
import { App, Stack } from 'aws-cdk-lib';

const [kind, count, perStack, outdir] = process.argv.slice(2);
// The other kinds are not to be loaded.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { define } = require(`./${kind}`) as { define(stack: Stack, index: number): void };

const app = new App({ outdir, analyticsReporting: false });
let stack: Stack | undefined;
for (let index = 0; index < Number(count); index += 1) {
  if (stack === undefined || index % Number(perStack) === 0) stack = new Stack(app, `Stack${index / Number(perStack)}`);
  define(stack, index);
}
app.synth();
