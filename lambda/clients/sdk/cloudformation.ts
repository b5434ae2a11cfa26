import {
  CloudFormationClient, DescribeStackEventsCommand, DescribeStackResourceCommand, DescribeStacksCommand,
  type CloudFormationClientConfig, type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS, undefinedIfNotFound } from './call';
import type { CloudFormation, OperationTime } from '../cloudformation';

/** CloudFormation through the AWS SDK, or through another client for its commands. */
export function sdkCloudFormation(
  config: CloudFormationClientConfig = {},
  newClient: (config: CloudFormationClientConfig) => Pick<CloudFormationClient, 'send'> = (clientConfig) => new CloudFormationClient(clientConfig),
): CloudFormation {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    beganAt: (stackId, logicalResourceId) => undefinedIfNotFound(call('DescribeStackResource', async (options) => {
      const { StackResourceDetail: resource } = await reader.send(
        new DescribeStackResourceCommand({ StackName: stackId, LogicalResourceId: logicalResourceId }), options);
      if (!resource?.ResourceStatus || !resource.LastUpdatedTimestamp) {
        throw incompleteResponse('DescribeStackResource', 'the status of the resource or its time');
      }
      // It is the time of the status, and a resource keeps one status for a whole operation.
      return resource.ResourceStatus.endsWith('_IN_PROGRESS') ? resource.LastUpdatedTimestamp.getTime() : undefined;
    })),

    async isRollingBack(stackId) {
      const status = await undefinedIfNotFound(call('DescribeStacks', async (options) => {
        const { Stacks } = await reader.send(new DescribeStacksCommand({ StackName: stackId }), options);
        const stackStatus = Stacks?.[0]?.StackStatus;
        if (!stackStatus) throw incompleteResponse('DescribeStacks', 'the status of the stack');
        return stackStatus;
      }));
      return status !== undefined && ROLLING_BACK.test(status);
    },

    async operationTimes(stackId, logicalResourceId) {
      const events: StackEvent[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MAX_EVENT_PAGES; page++) {
        const answer = await call('DescribeStackEvents', async (options) => {
          const { StackEvents, NextToken } = await reader.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken: nextToken }), options);
          if (!StackEvents) throw incompleteResponse('DescribeStackEvents', 'a list of events');
          return { StackEvents, NextToken };
        });
        events.push(...answer.StackEvents.filter((event) => event.LogicalResourceId === logicalResourceId));
        nextToken = answer.NextToken;
        if (nextToken === undefined) break;
      }
      return timesOf(events);
    },
  };
}

/**
 * `ROLLBACK_IN_PROGRESS`, `UPDATE_ROLLBACK_IN_PROGRESS`, `IMPORT_ROLLBACK_IN_PROGRESS` and
 * `UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS`, which deletes what the update created. A finished rollback does not match.
 */
const ROLLING_BACK = /ROLLBACK_(COMPLETE_CLEANUP_)?IN_PROGRESS$/;

/** A page holds about a hundred events, the newest first. */
const MAX_EVENT_PAGES = 50;

/** Each operation lasts from a `CREATE_IN_PROGRESS` or `UPDATE_IN_PROGRESS` to the next status of another kind. */
function timesOf(events: readonly StackEvent[]): OperationTime[] {
  // They come with the newest first. Of two at the same time the later one is to stay behind the other.
  const oldestFirst = [...events].reverse()
    .map(({ ResourceStatus: status = '', Timestamp: time }) => ({ status, at: time?.getTime() ?? NaN }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at);
  const times: OperationTime[] = [];
  let from: number | undefined;
  for (const { status, at } of oldestFirst) {
    if (/^(?:CREATE|UPDATE)_IN_PROGRESS$/.test(status)) {
      from ??= at;
    } else if (from !== undefined) {
      times.push({ from, until: at });
      from = undefined;
    }
  }
  return times;
}
