import {
  CloudFormationClient, DescribeStackResourceCommand, DescribeStacksCommand, type CloudFormationClientConfig,
} from '@aws-sdk/client-cloudformation';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS, undefinedIfNotFound } from './call';
import type { CloudFormation } from '../cloudformation';

/** CloudFormation through the AWS SDK, or through another client for its commands. */
export function sdkCloudFormation(
  config: CloudFormationClientConfig = {},
  newClient: (config: CloudFormationClientConfig) => Pick<CloudFormationClient, 'send'> = (clientConfig) => new CloudFormationClient(clientConfig),
): CloudFormation {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    beganAt: (stackId, logicalResourceId) => undefinedIfNotFound(call('DescribeStackResource', async () => {
      const { StackResourceDetail: resource } = await reader.send(
        new DescribeStackResourceCommand({ StackName: stackId, LogicalResourceId: logicalResourceId }));
      if (!resource?.ResourceStatus || !resource.LastUpdatedTimestamp) {
        throw incompleteResponse('DescribeStackResource', 'the status of the resource or its time');
      }
      // It is the time of the status, and a resource keeps one status for a whole operation.
      return resource.ResourceStatus.endsWith('_IN_PROGRESS') ? resource.LastUpdatedTimestamp.getTime() : undefined;
    })),

    async isRollingBack(stackId) {
      const status = await undefinedIfNotFound(call('DescribeStacks', async () => {
        const { Stacks } = await reader.send(new DescribeStacksCommand({ StackName: stackId }));
        const stackStatus = Stacks?.[0]?.StackStatus;
        if (!stackStatus) throw incompleteResponse('DescribeStacks', 'the status of the stack');
        return stackStatus;
      }));
      return status !== undefined && ROLLING_BACK.test(status);
    },
  };
}

/**
 * `ROLLBACK_IN_PROGRESS`, `UPDATE_ROLLBACK_IN_PROGRESS`, `IMPORT_ROLLBACK_IN_PROGRESS` and
 * `UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS`, which deletes what the update created. A finished rollback does not match.
 */
const ROLLING_BACK = /ROLLBACK_(COMPLETE_CLEANUP_)?IN_PROGRESS$/;
