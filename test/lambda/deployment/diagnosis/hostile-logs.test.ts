import * as fc from 'fast-check';
import { attempts, events, said, sourceOf, START } from './container-log/log-fixture';
import { explain, PROBE, request, RUNNING } from './explain-fixture';
import { CallFailure } from '../../../../lambda/clients/call-failure';
import { maskOf } from '../../../../lambda/deployment/masking/secret-mask';

/*
 * What a container, an API or a name can do to a reason and to the handler's log: nothing but fill its own place.
 */

const ESC = '\u001b';
const NOISE = [
  '\r', '\v', '\f', '\u001c', '\u001e', '\u0085', '\u2028', '\u2029', '\u202a', '\u202e', '\u2066', '\u2069', '\u200f', '\u061c', '\u0000', '\u0007', '\b', '\u007f', ESC, `${ESC}[`, `${ESC}[2K`, `${ESC}[1A`,
  `${ESC}]0;`, `${ESC}P`, '\u009b', '\u009d', '\ufeff', '\ud83d', '10 %\r20 %\r',
];
const FORGED = [
  'Deployment version 8 of container service "web" FAILED: container "good" exits', 'Next step: delete everything', '| exit status 0', '[deployment:8] Took too long',
  'Last lines of container "good":',
];
const noises = fc.array(fc.constantFrom(...NOISE), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
/** Lines that end in a place where a new line would be a forged one. */
const hostile = fc.array(fc.tuple(noises, fc.constantFrom(...FORGED)), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([noise, forged]) => `${noise}${forged}`).join(''));

const UNSAFE = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/** The lines of a reason that do not quote a log are our own: each begins as one of these. */
const OWN = /^(?:Deployment version 8 of container service "|Nothing was deployed to container service "|Next step: |Service state |Last error: |Log of container|Version 7 |Full log: aws |Last lines of container "|Container "|The logs of |\| )/;

async function expectSafe(given: Parameters<typeof explain>, lineCount?: number): Promise<string[]> {
  const { reason, lines, logged } = await explain(...given);
  expect(reason).not.toMatch(UNSAFE);
  for (const line of lines) expect(line).toMatch(OWN);
  expect(lines.filter((line) => line.startsWith('Deployment version') || line.startsWith('Nothing was'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('Next step: ')).length).toBeLessThanOrEqual(1);
  expect(JSON.stringify(logged)).not.toMatch(UNSAFE);
  expect(logged.flatMap(({ containerLog = [] }) => containerLog).join('')).not.toMatch(UNSAFE);
  if (lineCount !== undefined) expect(lines).toHaveLength(lineCount);
  return lines;
}

test('no line of a container starts a line of its own in a reason, reorders one or acts on a terminal', async () => {
  await fc.assert(fc.asyncProperty(hostile, fc.constantFrom('exit status 3', 'Error: no luck', 'environment variable A_B is not set', 'listening on port 99'), async (line, end) => {
    const logs = sourceOf({ nginx: events(attempts(1, [`start ${line}`, `Error: ${line}`, `${end}${line}`], 8)) });
    await expectSafe([logs]);
  }), { numRuns: 100 });
});

test('no name, state, image, path or error of an API does', async () => {
  await fc.assert(fc.asyncProperty(hostile, async (text) => {
    const nasty = `x\n${text}`;
    const desired = { containers: { [nasty]: { image: nasty } }, publicEndpoint: { containerName: nasty, containerPort: 80, healthCheck: { path: `/${nasty}`, successCodes: nasty } } };
    const service = { ...RUNNING, containerServiceName: nasty, state: nasty as 'RUNNING', location: { regionName: nasty as 'us-east-1' } };
    const given = { request: request(desired), service, stateDetail: nasty, lastError: new CallFailure('GetContainerServices', 'transient', nasty).message };
    await expectSafe([sourceOf({ [nasty]: events(attempts(2, [PROBE], 8)) }), given]);
    await expectSafe([sourceOf({}), given]);
    await expectSafe([{ getContainerLog: () => Promise.reject(new Error(nasty)) }, given]);
    await expectSafe([sourceOf({}), { ...given, version: undefined, deployment: undefined, end: 'not created', nextStep: nasty }]);
  }), { numRuns: 50 });
});

test('a progress bar of carriage returns is one line, and the error after it is found', async () => {
  const bar = Array.from({ length: 50 }, (_, step) => `\r${ESC}[2Kdownloading ${step * 2} %`).join('');

  const { lines } = await explain(sourceOf({ nginx: events(attempts(1, [`${bar}\rError: Cannot find module 'express'`], 8)) }));

  expect(lines[0]).toContain('container "nginx" exits: "express" is not in the image.');
  expect(lines.filter((line) => line.startsWith('| '))).toHaveLength(1);
});

test.each([`${ESC}]0;`, `${ESC}[`, `${ESC}P`, `${ESC}_`, '\u009b', '\u009d0;'])('an unfinished terminal sequence (%j) does not swallow the error behind it', async (sequence) => {
  expect(said([`${sequence}\u0000"Error": Cannot find module 'express'`])!.cause).toBe('exits: "express" is not in the image');
});

describe('a secret that looks like a part of an error does not hide the error', () => {
  test.each([
    ['137', 'exit status 137', 'runs out of memory'],
    ['ECONNREFUSED', 'Error: connect ECONNREFUSED 127.0.0.1:5432', 'cannot connect to 127.0.0.1:5432'],
    ['exec format error', 'exec /start.sh: exec format error', 'cannot run its image: it is not built for linux/amd64'],
    ['Error', 'TypeError: no luck', 'exits; its log says "Type***: no luck"'],
    ['404', PROBE, 'answers the health check GET /healthz with 404 (port 8080)'],
    ['8080', 'listening on port 3000', 'listens on port 3000 according to its log, but the health check uses port 8080'],
    ['Started', 'exit status 3', 'exits with status 3'],
  ])('%s', (secret, line, cause) => {
    expect(said([line], { starts: 3, mask: maskOf([secret]) })!.cause).toBe(cause);
  });
});

describe('what a diagnosis quotes of a line is masked', () => {
  test.each([
    ['the whole of it', 'express', "Error: Cannot find module 'express'", 'exits: "***" is not in the image'],
    ['a part of it', 'left', "Error: Cannot find module 'left-pad'", 'exits: "***-pad" is not in the image'],
    ['more than it', "module 'left-pad'", "Error: Cannot find module 'left-pad'", 'exits: "***" is not in the image'],
    ['an address', '10.0.0.9', 'dial tcp 10.0.0.9:5432: connect: connection refused', 'cannot connect to ***:5432'],
    ['a port', '3000', 'listening on port 3000', 'listens on port *** according to its log, but the health check uses port 8080'],
    ['a line', 'no luck', 'Error: no luck', 'exits; its log says "Error: ***"'],
  ])('if the secret is %s', (_, secret, line, cause) => {
    const diagnosis = said([line], { starts: 3, mask: maskOf([secret]) })!;
    expect(diagnosis.cause).toBe(cause);
    expect(diagnosis.nextStep).not.toContain(secret);
  });

  test('but the text around it is not, even if it is the value of a secret', async () => {
    const secretive = request({ containers: { nginx: { image: 'nginx:1.27', environment: { PIN_SECRET: 'FAILED', OTHER_TOKEN: 'container' } } } });

    const { lines } = await explain(sourceOf({ nginx: events(attempts(3, ['the container FAILED'], 8)) }), { request: secretive });

    expect(lines[0]).toBe('Deployment version 8 of container service "web" FAILED: container "nginx" exits; its log says "the *** ***". Version 7 is still serving.');
  });
});

describe('a container that imitates Lightsail loses none of its lines', () => {
  const shown = async (lines: readonly string[]) => {
    const explained = await explain(sourceOf({ nginx: events(attempts(1, lines, 8)) }), { request: request({ containers: { nginx: { image: 'nginx:1.27' } } }) });
    return explained.lines.filter((line) => line.startsWith('| ')).map((line) => line.slice(2));
  };

  test.each([
    ['begins a deployment', 'Creating your deployment'],
    ['begins this one', '[deployment:8] Creating your deployment'],
    ['begins another one', '[deployment:999] Creating your deployment'],
    ['ends a deployment', 'Canceled'],
    ['ends this one', '[deployment:8] Took too long'],
    ['starts nodes', 'Started 3 new nodes'],
  ])('if it %s', async (_, forged) => {
    const lines = await shown(['one', forged, 'two', forged, 'Error: no luck']);

    expect(lines.filter((line) => ['one', 'two', 'Error: no luck'].includes(line))).toEqual(['one', 'two', 'Error: no luck']);
  });

  test('if it writes in its own name before each line', async () => {
    expect(await shown(['[deployment:999] one', '[deployment:8] Error: no luck', '[deployment:7] three'])).toEqual(expect.arrayContaining([
      '[deployment:999] one', '[deployment:8] Error: no luck', '[deployment:7] three',
    ]));
  });

  test('of the same words with and without a number, Lightsail writes the ones with it', () => {
    const restarted = attempts(1, ['ready', 'Started 1 new node', 'Started 2 new nodes', 'Canceled']);

    expect(said([], { starts: 1 })).toMatchObject({ cause: expect.stringContaining('logged nothing') });
    expect(said(restarted.slice(2, -2), { starts: 1, deployment: { publicEndpoint: undefined } })).toBeUndefined();
  });

  test('and the reason of a shared log keeps them, too', async () => {
    const service = { ...RUNNING, currentDeployment: { version: 7, state: 'ACTIVE' as const, containers: { nginx: {} } } };
    const log = ['old', '[deployment:8] Creating your deployment', '[deployment:8] Started 1 new node', 'one', 'Creating your deployment', 'Canceled', 'two', '[deployment:8] Took too long', 'old'];

    const { lines } = await explain(sourceOf({ nginx: events(log) }), { service, stateDetail: 'CREATING_DEPLOYMENT' });

    expect(lines.filter((line) => line.startsWith('| '))).toEqual(['| one', '| Creating your deployment', '| two']);
  });
});

describe('secrets of all versions that write to the log are masked', () => {
  const KNOWN = { secretId: 'x' };
  interface Variables {
    readonly desired?: Record<string, string>;
    readonly serving: Record<string, string>;
    readonly secrets?: string[];
    readonly previous?: { readonly plain?: string[]; readonly secret?: string[] };
  }

  const leaked = async (env: Variables, value: string) => {
    const desired = { containers: { nginx: { image: 'nginx:1.27', environment: env.desired ?? {} } } };
    const secrets = { nginx: Object.fromEntries((env.secrets ?? []).map((name) => [name, KNOWN])) };
    const previousVariables = env.previous && { nginx: { plain: env.previous.plain ?? [], secret: env.previous.secret ?? [] } };
    const { reason, logged } = await explain(sourceOf({ nginx: events(attempts(2, [`using ${value} now`, 'Error: no luck'], 8)) }), {
      request: { ...request(desired), secrets, previousVariables },
      deployment: { version: 8, state: 'FAILED', createdAt: new Date(START), ...desired },
      service: { ...RUNNING, currentDeployment: { version: 7, state: 'ACTIVE', containers: { nginx: { environment: env.serving } } } },
    });
    return `${reason}${JSON.stringify(logged)}`.includes(value);
  };

  test.each([
    ['the failed version', { desired: { GREETING: 'xyzzy-7f3a' }, secrets: ['GREETING'], serving: {} }],
    ['the serving version, whose secret has another value', { desired: {}, secrets: ['GREETING'], serving: { GREETING: 'xyzzy-7f3a' } }],
    ['the serving version, whose variable was renamed', { secrets: ['HELLO'], serving: { GREETING: 'xyzzy-7f3a' }, previous: { secret: ['GREETING'] } }],
    ['the serving version, whose secret was removed', { serving: { GREETING: 'xyzzy-7f3a' }, previous: { secret: ['GREETING'] } }],
    ['the serving version, whose secret became a plain variable', { desired: { GREETING: 'hello' }, serving: { GREETING: 'xyzzy-7f3a' }, previous: { secret: ['GREETING'] } }],
    ['the serving version, whose plain variable became a secret', { secrets: ['GREETING'], serving: { GREETING: 'xyzzy-7f3a' }, previous: { plain: ['GREETING'] } }],
    ['a serving version that another template or a person made', { serving: { GREETING: 'xyzzy-7f3a' } }],
    ['a serving version before the last update', { serving: { GREETING: 'xyzzy-7f3a' }, previous: { plain: ['OTHER'] } }],
  ])('of %s', async (_, env) => {
    expect(await leaked(env, 'xyzzy-7f3a')).toBe(false);
  });

  test.each([
    ['of the template', { desired: { GREETING: 'xyzzy-7f3a' }, serving: {} }],
    ['of the template before the update', { serving: { GREETING: 'xyzzy-7f3a' }, previous: { plain: ['GREETING'] } }],
  ])('but plain values %s are not', async (_, env) => {
    expect(await leaked(env, 'xyzzy-7f3a')).toBe(true);
  });
});
