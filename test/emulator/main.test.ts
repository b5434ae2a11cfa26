import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateContainerServiceCommand, GetContainerServicesCommand, LightsailClient } from '@aws-sdk/client-lightsail';

function run(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: ChildProcess): Promise<{ code: number; stdout: string; stderr: string }> {
  const text = { stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk) => { text.stdout += String(chunk); });
  child.stderr!.on('data', (chunk) => { text.stderr += String(chunk); });
  const [code] = await once(child, 'close');
  return { code: code as number, ...text };
}

test('the emulator prints its usage with --help', async () => {
  const { code, stdout } = await finished(run('--help'));
  expect(code).toBe(0);
  for (const option of ['--port', '--clock-scale', '--region', '--outcome', '--registry', '--registry-login', '--help']) {
    expect(stdout).toContain(option);
  }
});

test.each([
  [['--clock-scale', 'fast'], '--clock-scale must be a number, got: "fast"'],
  [['--outcome', 'broken:1=explodes'], '--outcome must be <image>=<outcome>'],
  [['--region', 'us-moon-1'], 'Lightsail has no region "us-moon-1"'],
  [['--registry', 'localhost:1', '--registry-login', 'nobody'], '--registry-login must be <user>:<password>'],
  [['--unknown'], "Unknown option '--unknown'"],
])('the emulator does not start with the arguments %j', async (args, message) => {
  const { code, stderr } = await finished(run(...args));
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

test.each(['SIGINT', 'SIGTERM'] as const)('the emulator prints its URL and a line for each request, until %s', async (signal) => {
  const child = run('--clock-scale', '1000', '--region', 'eu-west-1', '--outcome', 'broken:1=never-ends');
  const lines: string[] = [];
  const reader = createInterface(child.stdout!);
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'line');
  expect(lines[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

  const client = new LightsailClient({ endpoint: lines[0], region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const { containerService } = await client.send(new CreateContainerServiceCommand({ serviceName: 'web', power: 'nano', scale: 1 }));
  expect(containerService!.location!.regionName).toBe('eu-west-1');
  await client.send(new GetContainerServicesCommand({ serviceName: 'nobody' })).catch(() => {});

  child.kill(signal);
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(/^\S+Z CreateContainerService web 200$/),
    expect.stringMatching(/^\S+Z GetContainerServices nobody 404 NotFoundException$/),
  ]);
  client.destroy();
});
