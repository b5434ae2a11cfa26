import { CustomResource, Duration, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnContainer } from 'aws-cdk-lib/aws-lightsail';
import { Provider } from 'aws-cdk-lib/custom-resources';

/** The same resources as the library has, from constructs of the CDK alone and without a check: what no custom resource can go below. */
export function define(stack: Stack, index: number): void {
  const handler = stack.node.tryFindChild('Handler') as lambda.Function | undefined ?? new lambda.Function(stack, 'Handler', {
    code: lambda.Code.fromAsset(process.env.HANDLER_CODE!),
    handler: 'index.handler',
    runtime: lambda.determineLatestNodeRuntime(stack),
    timeout: Duration.minutes(10),
  });
  const provider = stack.node.tryFindChild('Provider') as Provider | undefined ?? new Provider(stack, 'Provider', {
    onEventHandler: handler, isCompleteHandler: handler, queryInterval: Duration.seconds(7), totalTimeout: Duration.seconds(3598),
  });
  const service = new CfnContainer(stack, `Service${index}`, { serviceName: `service-${index}`, power: 'nano', scale: 1 });
  const policy = new iam.Policy(stack, `Policy${index}`, {
    roles: [handler.role!],
    statements: [new iam.PolicyStatement({ actions: ['lightsail:CreateContainerServiceDeployment'], resources: [service.attrContainerArn] })],
  });
  const deployment = new CustomResource(stack, `Deployment${index}`, {
    resourceType: 'Custom::Deployment',
    serviceToken: provider.serviceToken,
    properties: {
      ServiceName: service.ref,
      Containers: { web: { Image: 'public.ecr.aws/nginx/nginx:1.27', Environment: { TENANT: `tenant-${index}` }, Ports: { 80: 'HTTP' } } },
      PublicEndpoint: { ContainerName: 'web', ContainerPort: 80 },
    },
  });
  deployment.node.addDependency(policy);
}
