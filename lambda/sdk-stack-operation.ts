import {
  CloudFormationClient, DescribeStackResourceCommand, DescribeStacksCommand, type CloudFormationClientConfig,
} from '@aws-sdk/client-cloudformation';
import { ATTEMPTS, call, incomplete, READ_TIMEOUTS, unlessMissing } from './sdk-call';
import type { StackOperation } from './stack-operation';

/** CloudFormation through the AWS SDK, or through whatever else takes its commands. */
export function sdkStackOperation(
  config: CloudFormationClientConfig = {},
  newClient: (config: CloudFormationClientConfig) => Pick<CloudFormationClient, 'send'> = (clientConfig) => new CloudFormationClient(clientConfig),
): StackOperation {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    beganAt: (stackId, logicalResourceId) => unlessMissing(call('DescribeStackResource', async () => {
      const { StackResourceDetail: resource } = await reader.send(
        new DescribeStackResourceCommand({ StackName: stackId, LogicalResourceId: logicalResourceId }));
      if (!resource?.ResourceStatus || !resource.LastUpdatedTimestamp) {
        throw incomplete('DescribeStackResource', 'the status of the resource or its time');
      }
      // It is the time of the status, which a resource keeps from the beginning of an operation to its end.
      return resource.ResourceStatus.endsWith('_IN_PROGRESS') ? resource.LastUpdatedTimestamp.getTime() : undefined;
    })),

    async isRollingBack(stackId) {
      const status = await unlessMissing(call('DescribeStacks', async () => {
        const { Stacks } = await reader.send(new DescribeStacksCommand({ StackName: stackId }));
        const stackStatus = Stacks?.[0]?.StackStatus;
        if (!stackStatus) throw incomplete('DescribeStacks', 'the status of the stack');
        return stackStatus;
      }));
      return status !== undefined && ROLLING_BACK.test(status);
    },
  };
}

/**
 * `ROLLBACK_IN_PROGRESS`, `UPDATE_ROLLBACK_IN_PROGRESS`, `IMPORT_ROLLBACK_IN_PROGRESS` and
 * `UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS`, in which what the update had created is deleted. A
 * roll back that has ended, well or not, is no longer on its way.
 */
const ROLLING_BACK = /ROLLBACK_(COMPLETE_CLEANUP_)?IN_PROGRESS$/;
