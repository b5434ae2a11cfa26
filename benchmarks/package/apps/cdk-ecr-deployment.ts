import type { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

// It is installed for the benchmark only.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { DockerImageName, ECRDeployment } = require('cdk-ecr-deployment') as {
  readonly DockerImageName: new (name: string) => object;
  readonly ECRDeployment: new (scope: Construct, id: string, props: { readonly src: object; readonly dest: object }) => Construct;
};

/** A copy of an image to a repository of Amazon ECR. */
export function define(stack: Stack, index: number): void {
  new ECRDeployment(stack, `Copy${index}`, {
    src: new DockerImageName('public.ecr.aws/nginx/nginx:1.27'),
    dest: new DockerImageName(`${stack.account}.dkr.ecr.${stack.region}.amazonaws.com/copy-${index}:1.27`),
  });
}
