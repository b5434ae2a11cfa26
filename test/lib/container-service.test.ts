import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { messageOf } from './fixture';
import { ContainerService } from '../../lib';

const ENV = { region: 'eu-central-1', account: '111111111111' };

test('a service is known by its name', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');

  expect(service.containerServiceName).toBe('web');
  expect(service.containerRef).toEqual({ serviceName: 'web', containerArn: service.containerServiceArn });
  expect(service.env).toEqual(ENV);
});

test('its ARN matches the container services of the account and Region', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');

  expect(stack.resolve(service.containerServiceArn)).toEqual({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lightsail:eu-central-1:111111111111:ContainerService/*']],
  });
});

test('its name can be a token', () => {
  const stack = new Stack(new App(), 'Stack');
  const name = new CfnParameter(stack, 'Name').valueAsString;
  const service = ContainerService.fromContainerServiceName(stack, 'Service', name);

  expect(stack.resolve(service.containerRef.serviceName)).toEqual({ Ref: 'Name' });
});

test('fails for a name that no service can have, and defines nothing', () => {
  const stack = new Stack(new App(), 'Stack');

  expect(messageOf(() => ContainerService.fromContainerServiceName(stack, 'Service', 'My_Service'))).toBe(
    '[Stack/Service] containerServiceName: "My_Service" is not a name for a container service. '
    + 'Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.');
  expect(stack.node.children.map(({ node }) => node.path)).toEqual([]);
});
