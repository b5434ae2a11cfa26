import {
  GetContainerAPIMetadataCommand, GetContainerServiceMetricDataCommand, GetContainerServiceMetricDataRequest, GetContainerServicePowersCommand, Tag,
  TagResourceCommand, UntagResourceCommand,
} from '@aws-sdk/client-lightsail';
import { DEFAULT_POWERS, OPERATION_NAMES } from '..';
import { errorOf, LONG, useFixture } from '../fixture';
import { validateOutput } from './input-validation';
import { HANDLED_OPERATIONS } from './operations';

const fixture = useFixture({ services: ['web'] });

test('the emulator has every operation of the model', () => {
  expect([...HANDLED_OPERATIONS].sort()).toEqual([...OPERATION_NAMES].sort());
});

test('an answer with a member that the model lacks fails', () => {
  expect(() => validateOutput('GetContainerServicePowersResult', { powers: [{ colour: 'red' }] })).toThrow("'powers.1.member.colour'");
});

test('GetContainerServicePowers answers the powers', async () => {
  const { powers } = await fixture.client.send(new GetContainerServicePowersCommand({}));
  expect(powers).toEqual(DEFAULT_POWERS);
  expect(powers!.map(({ powerId }) => powerId)).toEqual(['nano-1', 'micro-1', 'small-1', 'medium-1', 'large-1', 'xlarge-1']);
});

test('GetContainerAPIMetadata answers metadata', async () => {
  const { metadata } = await fixture.client.send(new GetContainerAPIMetadataCommand({}));
  expect(metadata).toEqual([{ name: 'lightsailctl', value: expect.stringMatching(/^\d+\.\d+\.\d+$/) }]);
});

describe('tags', () => {
  const tag = async (tags: Tag[], more: object = {}) => fixture.client.send(new TagResourceCommand({ resourceName: 'web', tags, ...more }));
  const untag = async (tagKeys: string[]) => fixture.client.send(new UntagResourceCommand({ resourceName: 'web', tagKeys }));
  const tags = async () => (await fixture.service()).tags;

  test('tags are added, replaced and removed, each time with an operation', async () => {
    const { operations } = await tag([{ key: 'a', value: '1' }, { key: 'b' }]);
    expect(operations).toEqual([{
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceName: 'web',
      resourceType: 'ContainerService',
      createdAt: new Date(fixture.emulator.clock.now()),
      location: { availabilityZone: 'all', regionName: 'us-east-1' },
      isTerminal: true,
      operationDetails: '',
      status: 'Succeeded',
      statusChangedAt: new Date(fixture.emulator.clock.now()),
    }]);
    await tag([{ key: 'a', value: '2' }]);
    expect(await tags()).toEqual([{ key: 'a', value: '2' }, { key: 'b', value: '' }]);
    expect((await untag(['a', 'absent'])).operations).toHaveLength(1);
    expect(await tags()).toEqual([{ key: 'b', value: '' }]);
  });

  test.each([['k'.repeat(128), 'v'], ['k', 'v'.repeat(256)], ['cost centre: é', '+-=._:/@']])('the tag %j is accepted', async (key, value) => {
    await tag([{ key, value }]);
    expect(await tags()).toEqual([{ key, value }]);
  });
  test.each([['', 'v'], ['k'.repeat(129), 'v'], ['k', 'v'.repeat(257)], ['k!', 'v'], ['k', 'v\n']])('the tag %j is refused', async (key, value) => {
    expect(await errorOf(tag([{ key, value }]))).toMatchObject({ name: 'InvalidInputException' });
    expect(await tags()).toEqual([]);
  });

  test('a service has at most 50 tags', async () => {
    await tag(Array.from({ length: 50 }, (_, index) => ({ key: `k${index}` })));
    expect(await errorOf(tag([{ key: 'one-more' }]))).toMatchObject({ name: 'InvalidInputException' });
    expect(await tags()).toHaveLength(50);
  });

  test('tagging accepts the ARN of the service, and fails for another ARN', async () => {
    const { arn } = await fixture.service();
    await tag([{ key: 'a' }], { resourceArn: arn });
    const other = arn!.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    expect(await errorOf(tag([{ key: 'b' }], { resourceArn: other }))).toMatchObject({ name: 'InvalidInputException' });
    expect(await errorOf(tag([{ key: 'b' }], { resourceArn: 'web' }))).toMatchObject({ name: 'InvalidInputException' });
  });

  test('tagging a missing resource fails', async () => {
    expect(await errorOf(tag([{ key: 'a' }], { resourceName: 'nobody' }))).toMatchObject({ name: 'NotFoundException' });
  });
});

describe('metrics', () => {
  const metric = async (input: Partial<GetContainerServiceMetricDataRequest> = {}) => {
    const now = fixture.emulator.clock.now();
    return fixture.client.send(new GetContainerServiceMetricDataCommand({
      serviceName: 'web',
      metricName: 'CPUUtilization',
      startTime: new Date(now - LONG),
      endTime: new Date(now),
      period: 300,
      statistics: ['Average', 'Maximum'],
      ...input,
    }));
  };

  test('metrics have one datapoint for each period, and are the same each time', async () => {
    fixture.advance(2 * LONG);
    const answer = await metric();
    expect(answer.metricName).toBe('CPUUtilization');
    expect(answer.metricData).toHaveLength(12);
    for (const datapoint of answer.metricData!) {
      expect(Object.keys(datapoint).sort()).toEqual(['average', 'maximum', 'timestamp', 'unit']);
      expect(datapoint.unit).toBe('Percent');
    }
    expect((await metric()).metricData).toEqual(answer.metricData);
    expect((await metric({ metricName: 'MemoryUtilization' })).metricData).not.toEqual(answer.metricData);
    const all = await metric({ statistics: ['Minimum', 'Maximum', 'Sum', 'Average', 'SampleCount'] });
    expect(all.metricData![0]).toMatchObject({ sampleCount: 5, minimum: expect.any(Number), sum: expect.any(Number) });
  });

  test('metrics begin when the service begins', async () => {
    expect((await metric({ endTime: new Date(fixture.emulator.clock.now() + LONG) })).metricData).toEqual([]);
  });

  test.each([[60], [86400]])('metrics accept the period %d', async (period) => {
    expect(await metric({ period })).toMatchObject({ metricName: 'CPUUtilization' });
  });
  test.each([[59], [86401], [90]])('metrics refuse the period %d', async (period) => {
    expect(await errorOf(metric({ period }))).toMatchObject({ name: 'InvalidInputException' });
  });
  test('metrics refuse an end before the start', async () => {
    expect(await errorOf(metric({ endTime: new Date(0) }))).toMatchObject({ name: 'InvalidInputException' });
  });
});
