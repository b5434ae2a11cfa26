import { webApp } from '../apps/apps';
import { CloudFormation } from '../cloudformation/cloudformation';

/*
 * Deployments that are too large for Step Functions, which takes 262,144 bytes. An Update carries old and new properties.
 */
let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start({ transport: 'direct', lambda: {} });
});

afterEach(() => cloud.stop());

/** Environment variables of so many kilobytes. */
function environmentOf(kilobytes: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: kilobytes / 4 }, (_, index) => [`VARIABLE_${index}`, String(index % 10).repeat(4_000)]));
}

test.each([130, 280])('a deployment of %i KB is refused at synthesis, with its size', (kilobytes) => {
  expect(() => cloud.synthesize(webApp('nginx:1.27', { environment: environmentOf(kilobytes) }))).toThrow(/KB|bytes/);
});

test.each([130, 200, 280])('a deployment of %i KB whose size synthesis cannot know is refused before anything is deployed', async (kilobytes) => {
  const template = cloud.synthesize(webApp());
  const event = cloud.createEvent(template);
  const properties = event.ResourceProperties as { Containers: { app: object } };

  const { status, reason } = await cloud.redeliver({
    ...event, ResourceProperties: { ...properties, Containers: { app: { ...properties.Containers.app, Environment: environmentOf(kilobytes) } } },
  });

  expect(status).toBe('FAILED');
  expect(reason).toMatch(/KB|bytes/);
  expect(cloud.versions()).toEqual({});
});

test('a deployment of 100 KB is created, updated to another of 100 KB, and rolled back', async () => {
  const source = (image: string) => webApp(image, { environment: environmentOf(100) });

  expect((await cloud.deploy(source('nginx:1.26'))).status).toBe('CREATE_COMPLETE');
  expect((await cloud.deploy(source('nginx:1.27'))).status).toBe('UPDATE_COMPLETE');
  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
});
