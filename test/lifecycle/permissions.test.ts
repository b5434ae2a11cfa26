import { Fate } from '../emulator';
import { webApp } from './apps';
import { CloudFormation } from './cloudformation';
import type { SynthesizedStack } from './template';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

/** The Lightsail operations that the role of a handler function allows. */
function allowed({ resources }: SynthesizedStack, handler: string): string[] {
  const [fn] = Object.values(resources).filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties?.Handler === `index.${handler}`);
  const role = (fn.Properties!.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0];
  const statements = Object.values(resources)
    .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties!.Roles) === JSON.stringify([{ Ref: role }]))
    .flatMap(({ Properties }) => (Properties!.PolicyDocument as { Statement: Statement[] }).Statement);
  return statements.flatMap(({ Action }) => Action).map((action) => action.replace('lightsail:', '')).sort();
}

test.each(['onEvent', 'isComplete'])('%s calls exactly the operations that its role allows', async (handler) => {
  // A busy service, so that isComplete deploys; an update that fails, and its roll back, so that both read all there is to read.
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.setServiceState('web', 'UPDATING', 60_000);
  await cloud.deploy(webApp('nginx:1.26'));
  cloud.emulator.fates.forImage('nginx:broken', Fate.healthCheckFails());
  await cloud.deploy(webApp('nginx:broken'));
  await cloud.delete(webApp('nginx:1.26'));

  const called = cloud.emulator.requests.filter(({ functionTag }) => functionTag === handler).map(({ operation }) => operation);

  expect([...new Set(called)].sort()).toEqual(allowed(cloud.synthesize(webApp()), handler));
});
