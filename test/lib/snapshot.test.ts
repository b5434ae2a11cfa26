import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerProtocol, ContainerServiceDeployment } from '../../lib';

test('the template of a basic stack', () => {
  const stack = new Stack(new App(), 'Basic');
  const deployment = new ContainerServiceDeployment(stack, 'Deployment', {
    service: new lightsail.CfnContainer(stack, 'Service', { serviceName: 'basic', power: 'nano', scale: 1 }),
    containers: {
      web: {
        image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27'),
        command: ['nginx', '-g', 'daemon off;'],
        environment: { LOG_LEVEL: 'info' },
        ports: { 80: ContainerProtocol.HTTP },
      },
    },
    publicEndpoint: {
      containerName: 'web',
      containerPort: 80,
      healthCheck: { path: '/healthz', interval: Duration.seconds(10), successCodes: '200-299' },
    },
  });
  new CfnOutput(stack, 'Url', { value: deployment.url });

  const template = Template.fromStack(stack).toJSON();
  for (const { Type, Properties } of Object.values<any>(template.Resources)) {
    // The only thing that changes with each change of the handler.
    if (Type === 'AWS::Lambda::Function' && Properties.Handler.startsWith('index.')) Properties.Code.S3Key = '<hash of the handler>.zip';
  }
  expect(template).toMatchSnapshot();
});
