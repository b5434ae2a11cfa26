import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Outcome, LightsailEmulator, OPERATION_NAMES, ScaledClock, TimingOverrides } from '../../emulator';
import { ensureVenv } from '../python-venv';

const run = promisify(execFile);

/** As fast as goes while a deployment, about nine seconds, still takes longer than the CLI needs to start twice on a busy machine. */
const CLOCK_SCALE = 20;

/** What the clients wait for without anything to see meanwhile need not take long. */
const SHORTER: TimingOverrides = {
  service: { creatingSystemResources: 5_000, creatingNetworkInfrastructure: 5_000, provisioningCertificate: 5_000, provisioningService: 5_000 },
  nodesGiveUp: 60_000,
  delete: 5_000,
};

/** The first run also installs the clients. */
const TIMEOUT = 10 * 60_000;

let emulator: LightsailEmulator;
let python: string;
beforeAll(async () => {
  ({ python } = await ensureVenv('protocol', join(__dirname, 'requirements.txt')));
  emulator = await LightsailEmulator.start({ clock: new ScaledClock(CLOCK_SCALE), timings: SHORTER });
  emulator.outcomes.forImage('broken:1', Outcome.processExits());
}, TIMEOUT);
afterAll(async () => {
  await emulator?.stop();
});

test.each([
  ['boto3', 'Boto3Test', /Boto3\//],
  ['the AWS CLI', 'AwsCliTest', /aws-cli\//],
])('%s runs all container operations against the emulator', async (_, testCase, userAgent) => {
  const before = emulator.requests.length;
  const outcome = await run(python, ['-m', 'unittest', `test_real_clients.${testCase}`], {
    cwd: __dirname,
    env: { ...process.env, AWS_ENDPOINT_URL_LIGHTSAIL: emulator.url, PYTHONDONTWRITEBYTECODE: '1' },
  }).then(({ stderr }) => stderr, (error: { stderr?: string; message: string }) => {
    throw new Error(error.stderr || error.message);
  });
  expect(outcome).toMatch(/^OK$/m);

  const requests = emulator.requests.slice(before);
  expect(requests.filter((request) => !userAgent.test(request.userAgent))).toEqual([]);
  const succeeded = new Set(requests.filter(({ outcome: answered }) => answered?.status === 200).map(({ operation }) => operation));
  expect([...succeeded].sort()).toEqual([...OPERATION_NAMES].sort());
}, TIMEOUT);
