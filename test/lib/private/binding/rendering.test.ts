import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { renderPublicEndpoint, renderRemovalPolicy, renderTriggers } from '../../../../lib/private/binding/rendering';

const RESOLVABLE = Lazy.any({ produce: () => ({}) }) as unknown as Record<string, string>;

test('renderPublicEndpoint() leaves out defaults', () => {
  expect(renderPublicEndpoint(undefined)).toBeUndefined();
  expect(renderPublicEndpoint({ containerName: 'web', containerPort: 80 })).toStrictEqual({ ContainerName: 'web', ContainerPort: 80, HealthCheck: undefined });
  expect(renderPublicEndpoint({ containerName: 'web', containerPort: 80, healthCheck: { path: '/x' } })?.HealthCheck).toEqual({ Path: '/x' });
  expect(renderPublicEndpoint({
    containerName: 'web',
    containerPort: 80,
    healthCheck: {
      healthyThreshold: 3, unhealthyThreshold: 4, timeout: Duration.seconds(5), interval: Duration.minutes(1), path: '/x', successCodes: '200',
    },
  })).toEqual({
    ContainerName: 'web',
    ContainerPort: 80,
    HealthCheck: { HealthyThreshold: 3, UnhealthyThreshold: 4, TimeoutSeconds: 5, IntervalSeconds: 60, Path: '/x', SuccessCodes: '200' },
  });
});

test('renderTriggers() leaves out an empty map', () => {
  expect(renderTriggers(undefined)).toBeUndefined();
  expect(renderTriggers({})).toBeUndefined();
  expect(renderTriggers({ a: '1' })).toEqual({ a: '1' });
  expect(renderTriggers(RESOLVABLE)).toBe(RESOLVABLE);
});

test.each([
  [undefined, undefined], [RemovalPolicy.RETAIN, undefined], [RemovalPolicy.DESTROY, 'Destroy'],
])('renderRemovalPolicy() renders %s as %s', (policy, rendered) => {
  expect(renderRemovalPolicy(policy)).toBe(rendered);
});
