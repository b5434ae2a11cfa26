import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { HandlerProvider } from './handler-provider';
import { COPIES_IMAGES, suppressRegistryLogin } from './nag-suppressions';
import { readableIdentityOf } from '../tree/reference-identity';
import { throwIfInvalid } from '../validation/validation';

const ID = 'LightsailContainerImageProvider';

/** Lightsail has no resource-level permissions for them. */
const UNLIMITED_ACTIONS = [
  'lightsail:GetContainerServices', 'lightsail:GetContainerServiceDeployments', 'lightsail:GetContainerImages', 'lightsail:CreateContainerServiceRegistryLogin',
];

/** A call copies for minutes, and the next one continues. */
const QUERY_INTERVAL_SECONDS = 5;

/** The maximum of Lambda. */
const HANDLER_TIMEOUT = Duration.minutes(15);

/** The provider of images that are copied to the registry of a container service. See decisions/0021-images.md. */
export class ImageProvider extends HandlerProvider {
  /** The provider of the stack that a construct is in. */
  public static of(scope: Construct): ImageProvider {
    throwIfInvalid(scope.node.path, ImageProvider.validate(scope));
    return ImageProvider.find(scope) ?? new ImageProvider(Stack.of(scope));
  }

  /** The provider, if the stack has one. */
  public static find(scope: Construct): ImageProvider | undefined {
    return this.findById<ImageProvider>(scope, ID);
  }

  /** The errors of a stack that holds something else in the place of the provider, and of a library that is not complete. */
  public static validate(scope: Construct): string[] {
    return this.validatePlace(scope, ID, 'image-handler', (construct) => construct instanceof ImageProvider, 'images');
  }

  private constructor(stack: Stack) {
    super(stack, ID, {
      description: 'Lightsail container images: copies an image to the registry of a container service, and registers it',
      bundle: 'image-handler',
      // Twice the memory costs the same: a copy needs half the time.
      memorySize: 512,
      timeout: HANDLER_TIMEOUT,
      queryIntervalSeconds: QUERY_INTERVAL_SECONDS,
      unlimitedActions: UNLIMITED_ACTIONS,
      unlimitedActionsFinding: COPIES_IMAGES,
    });
  }

  /** Lets the handler log in to Amazon ECR. */
  public registryLoginPolicy(): iam.Policy {
    const policy = this.policy('RegistryLogin', new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
    suppressRegistryLogin(policy);
    return policy;
  }

  /** Lets the handler read the images of a private Amazon ECR repository. */
  public pullPolicy(repositoryArn: string): iam.Policy {
    return this.policy(`Pull-${readableIdentityOf(repositoryArn, this)}`, new iam.PolicyStatement({
      actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: [repositoryArn],
    }));
  }
}
