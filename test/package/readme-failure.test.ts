import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHandlers } from '../../lambda';
import { sdkLightsail } from '../../lambda/clients/sdk/lightsail';
import { LightsailEmulator, Outcome, SteppedClock } from '../emulator';

/*
 * The failure that the README shows is what the handler says. `npm run demo` shows it in the terminal.
 */
const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** Without the frame and the line breaks of the demo, which depend on the width. */
const oneLine = (text: string) => text.replace(/^ *│ ?/gm, '').replace(/\s+/g, ' ').trim();

test('the reason in the README is the one of the handler', async () => {
  const clock = new SteppedClock();
  const emulator = await LightsailEmulator.start({ clock });
  try {
    emulator.createService({ serviceName: 'dockerfile' });
    emulator.outcomes.forImage('web:3', Outcome.processExits({ logLines: ['Error: Cannot find module \'/app/server.mjs\''] }));
    const { onEvent, isComplete } = createHandlers({
      clock,
      log: () => {},
      lightsail: sdkLightsail({ endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
    });
    const properties = (version: number) => ({
      ServiceName: 'dockerfile',
      Containers: { web: { Image: `web:${version}`, Ports: { 8080: 'HTTP' } } },
      PublicEndpoint: { ContainerName: 'web', ContainerPort: '8080', HealthCheck: { Path: '/healthz' } },
      Timeout: '1800',
    });
    const deploy = async (version: number) => {
      const event = {
        RequestType: version === 1 ? 'Create' : 'Update',
        ResourceType: 'Custom::LightsailContainerServiceDeployment',
        ...(version === 1 ? {} : { PhysicalResourceId: 'dockerfile', OldResourceProperties: properties(version - 1) }),
        ResourceProperties: properties(version),
      };
      const begun = await onEvent(event);
      while (!(await isComplete({ ...event, ...begun })).IsComplete) await clock.sleep(7_000);
    };
    await deploy(1);
    await deploy(2);

    const reason = await deploy(3).then(() => undefined, ({ message }: Error) => message);

    const shown = /CloudFormation says why:\n(.*?)\n\n/s.exec(README)![1];
    expect(oneLine(shown)).toBe(`Error: ${oneLine(reason!)}`);
  } finally {
    await emulator.stop();
  }
});
