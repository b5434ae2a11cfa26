import { parseArgs } from 'node:util';
import { Outcome, LightsailEmulator, realRegistry, ScaledClock, type RequestRecord } from '.';

const OUTCOMES: Readonly<Record<string, (() => Outcome) | undefined>> = {
  'succeeds': Outcome.succeeds,
  'image-cannot-be-pulled': Outcome.imageCannotBePulled,
  'wrong-architecture': Outcome.wrongArchitecture,
  'process-exits': Outcome.processExits,
  'health-check-fails': Outcome.healthCheckFails,
  'never-ends': Outcome.neverEnds,
};

const HELP = `Usage: tsx test/emulator/main.ts [options]

Runs the Lightsail container-service emulator until it is interrupted. The first line of the
output is its URL, for AWS_ENDPOINT_URL_LIGHTSAIL; then comes one line for each request.

Options:
  --port <number>       Port on 127.0.0.1 (default: any that is free)
  --clock-scale <n>     How many times as fast as the wall clock its clock runs (default: 1)
  --region <name>       Region of the services (default: us-east-1)
  --account <number>    Account of the services (default: 123456789012)
  --registry <host>     Registry with TLS that logins name and that holds the images. Without, images are only names
  --registry-login <user>:<password>
                        Its login (default: AWS:password)
  --outcome <image>=<outcome> What becomes of deployments of an image; may be repeated. Outcomes:
                        ${Object.keys(OUTCOMES).join(', ')}
  --help                Print this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'port': { type: 'string', default: '0' },
      'clock-scale': { type: 'string', default: '1' },
      'region': { type: 'string' },
      'account': { type: 'string' },
      'registry': { type: 'string' },
      'registry-login': { type: 'string', default: 'AWS:password' },
      'outcome': { type: 'string', multiple: true, default: [] },
      'help': { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const outcomes = values.outcome.map(parseOutcome);
  const emulator = await LightsailEmulator.start({
    clock: new ScaledClock(parseNumber('--clock-scale', values['clock-scale'])),
    port: parseNumber('--port', values.port),
    region: values.region,
    accountId: values.account,
    registry: values.registry === undefined ? undefined : realRegistry({ host: values.registry, ...parseLogin(values['registry-login']) }),
    onRequest: (record) => process.stdout.write(`${describe(record)}\n`),
  });
  outcomes.forEach(({ image, outcome }) => emulator.outcomes.forImage(image, outcome));
  process.stdout.write(`${emulator.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void emulator.stop());
  }
}

function parseOutcome(text: string): { image: string; outcome: Outcome } {
  const split = text.lastIndexOf('=');
  const name = text.slice(split + 1);
  const make = Object.hasOwn(OUTCOMES, name) ? OUTCOMES[name] : undefined;
  if (split < 1 || !make) {
    throw new Error(`--outcome must be <image>=<outcome>, the outcome one of ${Object.keys(OUTCOMES).join(', ')}, got: ${JSON.stringify(text)}`);
  }
  return { image: text.slice(0, split), outcome: make() };
}

function parseLogin(text: string): { username: string; password: string } {
  const [username, ...password] = text.split(':');
  if (!username || password.length === 0) throw new Error('--registry-login must be <user>:<password>');
  return { username, password: password.join(':') };
}

function parseNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new Error(`${option} must be a number, got: ${JSON.stringify(text)}`);
  }
  return value;
}

/** Names and outcome only: environment variables may be secrets. */
function describe({ at, operation, input, outcome, functionTag }: RequestRecord): string {
  const subject = input.serviceName ?? input.resourceName ?? '';
  const result = [outcome?.status ?? 'no answer', outcome?.errorName, outcome?.fault && `(fault: ${outcome.fault})`];
  return [new Date(at).toISOString(), functionTag, operation || '(no operation)', subject, ...result].filter(Boolean).join(' ');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
