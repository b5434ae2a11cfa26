import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ContainerImage, ContainerService } from '../../../lib/index';

/** Gives the functions of the library permissions that no suppression is for. It is no app of a user: it has no cdk.json. */
const app = new App();
const stack = new Stack(app, 'Planted');
ContainerService.fromContainerServiceName(stack, 'Service', 'web')
  .addDeployment('Deployment', { containers: { web: { image: ContainerImage.fromRegistry('nginx:1.27') } } });

for (const construct of stack.node.findAll()) {
  if (!(construct instanceof lambda.Function)) continue;
  construct.role!.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:Get*'], resources: ['arn:aws:s3:::bucket/*'] }));
  construct.role!.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'));
}
new s3.Bucket(stack, 'Bucket', { enforceSSL: true });
