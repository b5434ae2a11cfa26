import { mutationTests, testsIn } from './config.mjs';

/** What ties the handler's logic to Lambda, the SDK and the network. */
export const ADAPTERS = [
  'index', 'shared/clock', 'shared/log', 'clients/ecr', 'clients/public-url',
  'clients/sdk/call', 'clients/sdk/cloudformation', 'clients/sdk/ecr', 'clients/sdk/lightsail', 'clients/sdk/secrets',
  'clients/sdk/on-demand/on-demand',
];

/*
 * Against servers on this machine.
 *
 * What may survive here:
 * - `index.ts`, that ECR, CloudFormation and the secrets are reached through the SDK by default: the calls of a test would leave
 *   this machine. The tests of the whole life of a deployment, with servers in AWS's place, notice it.
 * - `public-url.ts`, which of the words of an error that has a code stand for it.
 * - `clients/sdk/ecr.ts`, `lightsail.ts` and `cloudformation.ts`: what an answer of the wrong shape is called, for which CloudFormation, ECR
 *   and Lightsail give no example; that one service is requested by name, where the answer is searched for the name as well; and a
 *   comparison beside a pattern that does not match what it leaves out.
 */
export default mutationTests('adapters', ADAPTERS.map((name) => `lambda/${name}.ts`),
  testsIn('test/lambda', (file) => ADAPTERS.some((name) => file === `${name}.test.ts`)));
