import { ArnFormat, Resource, Stack, type IResource } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { Construct } from 'constructs';
import { containerServiceNameFaults, throwFaults } from './private/validation';

/**
 * An Amazon Lightsail container service.
 */
export interface IContainerService extends IResource, lightsail.IContainerRef {
  /**
   * The name of the container service.
   *
   * @attribute
   */
  readonly containerServiceName: string;

  /**
   * The ARN of the container service, as it can be used in an IAM policy.
   *
   * The ARN ends with an id that Lightsail gives, not with the name. For a service that is known by
   * its name only, it ends with a wildcard and matches every container service of the account and Region.
   *
   * @attribute
   */
  readonly containerServiceArn: string;
}

/**
 * An Amazon Lightsail container service.
 */
export class ContainerService {
  /**
   * A container service that exists already, or that another stack creates, by its name.
   *
   * Lightsail's ARNs hold an id instead of the name, so permissions for this service can only be
   * limited to the container services of its account and Region.
   *
   * @param scope the scope of the reference
   * @param id the id of the reference
   * @param containerServiceName the name: 1-63 characters, a-z, 0-9 and hyphens, with a letter or a
   *   digit at both ends (Lightsail API: `ContainerServiceName`)
   * @throws if the name is none that a container service can have
   */
  public static fromContainerServiceName(scope: Construct, id: string, containerServiceName: string): IContainerService {
    throwFaults(`${scope.node.path}/${id}`, containerServiceNameFaults('containerServiceName', containerServiceName));

    return new ImportedContainerService(scope, id, containerServiceName);
  }

  private constructor() {}
}

class ImportedContainerService extends Resource implements IContainerService {
  public readonly containerServiceArn: string;

  constructor(scope: Construct, id: string, public readonly containerServiceName: string) {
    super(scope, id);

    this.containerServiceArn = Stack.of(this).formatArn({
      service: 'lightsail',
      resource: 'ContainerService',
      resourceName: '*',
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  public get containerRef(): lightsail.ContainerReference {
    return { serviceName: this.containerServiceName, containerArn: this.containerServiceArn };
  }
}
