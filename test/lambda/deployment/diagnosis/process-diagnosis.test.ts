import { attempts, failed, NO_SECRETS, probe, said, tailOf } from './container-log/log-fixture';
import { diagnose } from '../../../../lambda/deployment/diagnosis/diagnosis';
import type { FailedDeployment } from '../../../../lambda/deployment/diagnosis/failed-deployment';

describe('the process exits', () => {
  test.each([
    [['exit status 3'], 'exits with status 3'],
    [['boom', 'exited with code 3'], 'exits with status 3'],
    [['boom', 'Error: no luck', 'bye'], 'exits; its log says "Error: no luck"'],
    [['Error: no luck', 'exit status 3'], 'exits with status 3; its log says "Error: no luck"'],
    [['exit status 3', 'bye'], 'exits with status 3; its log says "bye"'],
    [['listening on port 8080', 'Configuration is invalid'], 'exits; its log says "Configuration is invalid"'],
    [['boom', '   bye'], 'exits; its log says "bye"'],
    [['boom', 'bye'], 'exits; its log says "bye"'],
    [['/app/index.js:3', "throw new Error('no luck');", '^', 'Error: no luck', '    at Object.<anonymous> (/app/index.js:3:7)', 'Node.js v20.1.0'], 'exits; its log says "Error: no luck"'],
    [['Traceback (most recent call last):', '  File "/app/error.py", line 1, in <module>', 'ValueError: no luck'], 'exits; its log says "ValueError: no luck"'],
    [['panic: no luck', '', 'goroutine 1 [running]:', 'main.main()'], 'exits; its log says "panic: no luck"'],
    [['Exception in thread "main" java.lang.IllegalStateException: no luck', '\tat com.example.Error.main(Error.java:3)'], 'exits; its log says "Exception in thread "main" java.lang.IllegalStateException: no luck"'],
    [['Configuration is invalid', 'see the manual'], 'exits; its log says "Configuration is invalid"'],
    [['Error: no luck', 'Error: received SIGTERM, shutting down'], 'exits; its log says "Error: no luck"'],
  ])('%j', (lines, cause) => {
    expect(said(lines, { starts: 3 })).toMatchObject({ containerName: 'app', cause });
  });

  test('a line is quoted only so far, and no half of a character is left', () => {
    expect(said([`Error: ${'😀'.repeat(200)}`], { starts: 3 })!.cause).toMatch(/^exits; its log says "Error: (?:😀){76}…"$/u);
  });

  test('as many starts as there are nodes are no restart', () => {
    expect(said(['hello'], { starts: 3, deployment: { scale: 3 } })!.cause).not.toContain('exits');
    expect(said(['hello'], { starts: 4, deployment: { scale: 3 } })!.cause).toContain('exits');
  });

  test('a process that listens and is started again did not pass its health check', () => {
    expect(said(['listening on port 8080'], { starts: 3 })!.cause).toContain('shows no health check');
    expect(said(['listening on port 8080', 'hello'], { starts: 3 })!.cause).toContain('shows no health check');
  });

  test('in a log that an older version shares, what comes once for each start is its own', () => {
    const lines = attempts(3, ['boom']).flatMap((line, index) => [line, `old: heartbeat ${index}`]);

    expect(diagnose(failed(), [tailOf('app', lines, { shared: true })], NO_SECRETS)[0]!.cause).toBe('exits; its log says "boom"');
  });

  test.each([
    ['exec /start.sh: exec format error', 1, 'certain'],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', 1, 'likely'],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', 2, 'certain'],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432\nexit status 1', 1, 'certain'],
  ])('%j is the cause, after %d starts: %s', (line, starts, certainty) => {
    expect(said([line], { starts })!.certainty).toBe(certainty);
  });

  test('with a status, though it was started only once', () => {
    expect(said(['exit status 3'])).toMatchObject({ certainty: 'certain', cause: 'exits with status 3' });
  });

  test.each([
    ['is behind the public endpoint', {}, 'likely'],
    ['has none', { publicEndpoint: undefined }, 'likely'],
    ['is not behind it', { publicEndpoint: { containerName: 'other', containerPort: 80 } }, 'possible'],
  ] as const)('and is started again without telling why: where it %s, that is %3$s', (_, deployment, certainty) => {
    expect(said(['boom'], { starts: 3, deployment })!.certainty).toBe(certainty);
  });

  test.each([
    ['boom', 'Find out why it exits, or set containers.app.command to a command that keeps running: Lightsail restarts a process that exits.'],
    ['Error: no luck', 'Fix the error in its log, or correct containers.app.command or environment.'],
  ])('%j: what to do', (line, nextStep) => {
    expect(said([line], { starts: 3 })!.nextStep).toBe(nextStep);
  });

  test('an error that it does not end with is reported as what it is', () => {
    expect(said(['Error: no luck'])).toMatchObject({ certainty: 'possible', cause: 'reports "Error: no luck"' });
  });
});

describe('nothing came up', () => {
  const image = (name: string, deployment: Partial<FailedDeployment>) =>
    said([], { starts: 3, deployment: { containers: { app: { image: name } }, ...deployment } });

  test.each([
    ['nginx:1.99', {}, /^Check that the image exists under this name and tag, is public and is built for linux\/amd64, and that its command starts\.$/],
    [':web.shop.3', {}, /aws lightsail get-container-images --service-name web/],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:3', { regionName: 'eu-west-1' }, /ecr:BatchGetImage and ecr:GetDownloadUrlForLayer/],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:3', {}, /^Check that the tag exists, .* The repository policy must allow ecr:/],
    ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/shop:3', { regionName: 'us-east-1' }, /ecr:BatchGetImage and ecr:GetDownloadUrlForLayer/],
    ['123456789012.dkr-ecr.eu-west-1.on.aws/shop:3', { regionName: 'eu-west-1' }, /ecr:BatchGetImage and ecr:GetDownloadUrlForLayer/],
    ['123456789012.dkr-ecr.eu-west-1.on.aws/shop:3', { regionName: 'us-east-1' }, /^Push the image to a repository in us-east-1: .* this one is in eu-west-1\.$/],
    ['mirror.example.com/123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:3', {}, /^Check that the image exists under this name and tag/],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:3', { regionName: 'us-east-1' }, /^Push the image to a repository in us-east-1: .* this one is in eu-west-1\.$/],
  ])('%s', (name, deployment, nextStep) => {
    expect(image(name, deployment)).toEqual({
      containerName: 'app',
      certainty: 'possible',
      cause: `logged nothing: its image "${name}" could not be pulled, or its process did not start`,
      nextStep: expect.stringMatching(nextStep),
    });
  });

  test('though an older version writes to the same log', () => {
    const creating = { stateDetail: 'CREATING_DEPLOYMENT' };

    expect(said([probe(200)], { starts: 3, shared: true, deployment: creating })!.cause).toContain('logged nothing: its image "shop:1"');
    const lines = attempts(3, []).flatMap((line, index) => [line, `old: order ${index}`, probe(200)]);
    expect(diagnose(failed(creating), [tailOf('app', lines, { shared: true })], NO_SECRETS)[0]!.cause)
      .toBe('shows no error in its log, which it shares with an older version: its image "shop:1" could not be pulled, or its process did not start');
  });

  test.each(['[deployment:1] Started 1 new node', '[deployment:1] Took too long'])('after Lightsail wrote %j', (line) => {
    expect(diagnose(failed(), [tailOf('app', ['[deployment:1] Creating your deployment', line])], NO_SECRETS)[0]!.cause).toContain('could not be pulled');
  });

  test('in a container that is not the one whose health is checked', () => {
    expect(said([], { deployment: { stateDetail: 'EVALUATING_HEALTH_CHECK', publicEndpoint: { containerName: 'other', containerPort: 80 } } })!.cause).toContain('could not be pulled');
  });

  test('is not said of a log that an older version shares where Lightsail came further', () => {
    expect(said(['old: order'], { shared: true, deployment: { stateDetail: 'ACTIVATING_DEPLOYMENT' } })).toBeUndefined();
  });

  test.each([
    ['Lightsail has not begun', ['[deployment:1] Creating your deployment'], {}],
    ['the log is empty', [], {}],
    ['the log cannot be read', ['[deployment:1] Canceled'], { readError: 'GetContainerLog failed: x' }],
  ])('is not said where %s', (_, lines, options) => {
    expect(diagnose(failed(), [tailOf('app', lines, options)], NO_SECRETS)).toEqual([]);
  });
});
