import type { Stack } from 'aws-cdk-lib';
import { Repository, type IRepository } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';

// It is installed for the benchmark only.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { ContainerImageBuild } = require('deploy-time-build') as {
  readonly ContainerImageBuild: new (scope: Construct, id: string, props: BuildProps) => Construct;
};

interface BuildProps {
  readonly directory: string;
  readonly repository: IRepository;
  readonly tag: string;
}

/** An image that is built in AWS and pushed to a repository of Amazon ECR that exists. */
export function define(stack: Stack, index: number): void {
  new ContainerImageBuild(stack, `Build${index}`, {
    directory: process.env.DOCKER_DIRECTORY!,
    repository: Repository.fromRepositoryName(stack, `Repository${index}`, `build-${index}`),
    tag: '1.27',
  });
}
