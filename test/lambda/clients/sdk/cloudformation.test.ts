import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { failure, QueryServer, result, type QueryAnswer } from './query-server';
import { sdkCloudFormation } from '../../../../lambda/clients/sdk/cloudformation';

const STACK = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/0a1b2c3d-0000-1111-2222-333344445555';
const BEGAN_AT = '2025-01-01T00:10:00.123Z';

let server: QueryServer;
let answered: QueryAnswer | undefined;

beforeEach(async () => {
  answered = undefined;
  server = await QueryServer.start(() => answered);
});

afterEach(() => server.stop());

function client(config: CloudFormationClientConfig = {}) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return sdkCloudFormation({ endpoint: server.url, region: 'us-east-1', credentials, ...config });
}

function resource(status: string) {
  return result('DescribeStackResource', `<StackResourceDetail>
    <StackId>${STACK}</StackId><StackName>Stack</StackName><LogicalResourceId>Deployment</LogicalResourceId><PhysicalResourceId>web</PhysicalResourceId>
    <ResourceType>Custom::LightsailContainerServiceDeployment</ResourceType>
    ${status && `<ResourceStatus>${status}</ResourceStatus>`}<LastUpdatedTimestamp>${BEGAN_AT}</LastUpdatedTimestamp>
  </StackResourceDetail>`);
}

function stack(status: string) {
  return result('DescribeStacks', `<Stacks><member>
    <StackName>Stack</StackName><StackId>${STACK}</StackId><CreationTime>2025-01-01T00:00:00.000Z</CreationTime>
    ${status && `<StackStatus>${status}</StackStatus>`}<DisableRollback>false</DisableRollback>
  </member></Stacks>`);
}

describe('beganAt', () => {
  const beganAt = (config?: CloudFormationClientConfig) => client(config).beganAt(STACK, 'Deployment');

  test.each(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'IMPORT_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'])(
    'is the time of the status of a resource that is %s', async (status) => {
      answered = resource(status);

      expect(await beganAt()).toBe(Date.parse(BEGAN_AT));
      expect(server.requests).toMatchObject([{ parameters: { Action: 'DescribeStackResource', StackName: STACK, LogicalResourceId: 'Deployment' } }]);
    });

  test.each(['CREATE_COMPLETE', 'CREATE_FAILED', 'UPDATE_COMPLETE', 'UPDATE_FAILED', 'DELETE_COMPLETE', 'DELETE_SKIPPED', 'UPDATE_ROLLBACK_COMPLETE'])(
    'is nothing for a resource that is %s', async (status) => {
      answered = resource(status);

      expect(await beganAt()).toBeUndefined();
    });

  test.each([`Stack '${STACK}' does not exist`, 'Resource Deployment does not exist for stack Stack'])('is nothing where CloudFormation says: %s', async (message) => {
    answered = failure(400, 'ValidationError', message);

    expect(await beganAt()).toBeUndefined();
  });

  test.each([['without a status', resource('')], ['empty', result('DescribeStackResource', '')]])('fails as transient for an answer that is %s', async (_, answer) => {
    answered = answer;

    await expect(beganAt()).rejects.toMatchObject({
      kind: 'transient', message: 'DescribeStackResource failed: the response lacks the status of the resource or its time',
    });
  });
});

describe('isRollingBack', () => {
  const isRollingBack = (config?: CloudFormationClientConfig) => client(config).isRollingBack(STACK);

  test.each([
    ['ROLLBACK_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', true],
    ['IMPORT_ROLLBACK_IN_PROGRESS', true],
    ['CREATE_IN_PROGRESS', false],
    ['CREATE_COMPLETE', false],
    ['CREATE_FAILED', false],
    ['UPDATE_IN_PROGRESS', false],
    ['UPDATE_COMPLETE', false],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false],
    ['UPDATE_FAILED', false],
    ['ROLLBACK_COMPLETE', false],
    ['ROLLBACK_FAILED', false],
    ['UPDATE_ROLLBACK_COMPLETE', false],
    ['UPDATE_ROLLBACK_FAILED', false],
    ['IMPORT_ROLLBACK_COMPLETE', false],
    ['DELETE_IN_PROGRESS', false],
    ['DELETE_COMPLETE', false],
    ['REVIEW_IN_PROGRESS', false],
  ])('of a stack that is %s: %s', async (status, expected) => {
    answered = stack(status);

    expect(await isRollingBack()).toBe(expected);
    expect(server.requests).toMatchObject([{ parameters: { Action: 'DescribeStacks', StackName: STACK } }]);
  });

  test('of a stack that does not exist: false', async () => {
    answered = failure(400, 'ValidationError', `Stack with id ${STACK} does not exist`);

    expect(await isRollingBack()).toBe(false);
  });

  test.each([['without a status', stack('')], ['without a stack', result('DescribeStacks', '<Stacks></Stacks>')], ['empty', result('DescribeStacks', '')]])('fails as transient for an answer that is %s', async (_, answer) => {
    answered = answer;

    await expect(isRollingBack()).rejects.toMatchObject({
      kind: 'transient', message: 'DescribeStacks failed: the response lacks the status of the stack',
    });
  });

  test.each([
    ['throttled', failure(400, 'Throttling', 'Rate exceeded')],
    ['throttled', failure(503, 'RequestLimitExceeded', 'Request limit exceeded.')],
    ['denied', failure(403, 'AccessDenied', 'User: x is not authorized to perform: cloudformation:DescribeStacks')],
    ['denied', failure(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.')],
    ['denied', failure(403, 'ExpiredToken', 'The security token included in the request is expired')],
    ['denied', failure(403, 'SignatureDoesNotMatch', 'Signature expired')],
    ['refused', failure(400, 'ValidationError', '1 validation error detected')],
    ['transient', failure(500, 'InternalFailure', 'An internal error occurred')],
    ['transient', failure(503, 'ServiceUnavailable', 'Service is unavailable')],
    ['transient', { status: 502, body: '<html><body>Bad gateway</body></html>' }],
    ['transient', { status: 200, body: '<DescribeStacksResponse><Descr' }],
    ['transient', { status: 200, body: 'Not even XML' }],
    ['transient', { status: 200, body: '' }],
  ])('fails as %s, and is asked once (%#)', async (kind, answer) => {
    answered = answer;

    await expect(isRollingBack()).rejects.toMatchObject({ name: 'CallFailure', kind, operation: 'DescribeStacks', message: expect.stringMatching(/^DescribeStacks failed: ./) });
    expect(server.requests).toHaveLength(1);
  });

  test('fails as transient if no answer comes', async () => {
    await expect(isRollingBack({ requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } })).rejects.toMatchObject({ kind: 'transient' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('operationTimes', () => {
  function events(...oldestFirst: Array<[status: string, time: string, logicalId?: string]>) {
    return result('DescribeStackEvents', `<StackEvents>${[...oldestFirst].reverse().map(([status, time, logicalId = 'Image']) => `<member><StackId>${STACK}</StackId>
      <EventId>${status}-${time}</EventId><StackName>Stack</StackName><LogicalResourceId>${logicalId}</LogicalResourceId>
      <Timestamp>${time}</Timestamp><ResourceStatus>${status}</ResourceStatus></member>`).join('')}</StackEvents>`);
  }
  const at = (second: number) => `2025-01-01T00:00:0${second}.000Z`;
  const times = async () => (await client().operationTimes(STACK, 'Image')).map(({ from, until }) => [new Date(from).toISOString(), new Date(until).toISOString()]);

  test('are those that have ended, oldest first', async () => {
    answered = events(['CREATE_IN_PROGRESS', at(1)], ['CREATE_IN_PROGRESS', at(2)], ['UPDATE_IN_PROGRESS', at(2), 'Other'], ['CREATE_COMPLETE', at(3)], ['UPDATE_IN_PROGRESS', at(4)],
      ['UPDATE_FAILED', at(5)], ['UPDATE_IN_PROGRESS', at(6)]);

    expect(await times()).toEqual([[at(1), at(3)], [at(4), at(5)]]);
  });

  test('stay apart even if they begin and end in one instant', async () => {
    answered = events(['CREATE_IN_PROGRESS', at(1)], ['CREATE_COMPLETE', at(1)], ['UPDATE_IN_PROGRESS', at(2)], ['UPDATE_COMPLETE', at(2)], ['UPDATE_IN_PROGRESS', at(2)]);

    expect(await times()).toEqual([[at(1), at(1)], [at(2), at(2)]]);
  });
});
