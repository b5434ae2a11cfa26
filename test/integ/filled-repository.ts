import { CfnWaitCondition, CfnWaitConditionHandle, RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';

export interface FilledRepositoryOptions {
  /** A public image. */
  readonly source: string;
  readonly tag: string;
}

export interface FilledRepository {
  readonly repository: ecr.Repository;
  /** It is created when the image is there. */
  readonly isFilled: CfnWaitCondition;
}

/** A repository with an image. A build in AWS CodeBuild pushes it, and reports to the stack: nothing runs on this machine. */
export function filledRepository(scope: Construct, id: string, { source, tag }: FilledRepositoryOptions): FilledRepository {
  const repository = new ecr.Repository(scope, id, { emptyOnDelete: true, removalPolicy: RemovalPolicy.DESTROY });
  const filling = new Construct(scope, `${id}Filling`);
  const handle = new CfnWaitConditionHandle(filling, 'Handle');

  const project = new codebuild.Project(filling, 'Push', {
    environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0, privileged: true },
    environmentVariables: {
      SOURCE: { value: source },
      REPOSITORY: { value: repository.repositoryUri },
      TAG: { value: tag },
      SIGNAL_URL: { value: handle.ref },
    },
    buildSpec: codebuild.BuildSpec.fromObject({
      version: '0.2',
      phases: {
        build: {
          commands: [
            'aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"',
            'docker pull --platform linux/amd64 "$SOURCE"',
            'docker tag "$SOURCE" "$REPOSITORY:$TAG"',
            'docker push "$REPOSITORY:$TAG"',
          ],
        },
        post_build: {
          commands: [
            'if [ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ]; then STATUS=SUCCESS; else STATUS=FAILURE; fi',
            'BODY="{\\"Status\\":\\"$STATUS\\",\\"Reason\\":\\"The build that pushes the image ended.\\",\\"UniqueId\\":\\"image\\",\\"Data\\":\\"$TAG\\"}"',
            'curl --fail --silent --show-error --request PUT --header "Content-Type:" --data "$BODY" "$SIGNAL_URL"',
          ],
        },
      },
    }),
  });
  repository.grantPullPush(project);

  const start = new AwsCustomResource(filling, 'Start', {
    onCreate: {
      service: 'CodeBuild',
      action: 'StartBuild',
      parameters: { projectName: project.projectName },
      physicalResourceId: PhysicalResourceId.of(`push-${tag}`),
      outputPaths: ['build.id'],
    },
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: [project.projectArn] }),
    installLatestAwsSdk: false,
  });
  start.node.addDependency(project);

  const isFilled = new CfnWaitCondition(filling, 'Filled', { handle: handle.ref, count: 1, timeout: '900' });
  isFilled.node.addDependency(start);
  return { repository, isFilled };
}
