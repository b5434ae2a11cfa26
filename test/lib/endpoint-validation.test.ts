import { Duration } from 'aws-cdk-lib';
import { container, Fixture, messageOf, WEB } from './fixture';
import { ContainerProtocol } from '../../lib';

const HTTP = ContainerProtocol.HTTP;

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

/** A value that users of JavaScript, and of languages with weaker types, can pass. */
const untyped = (value: unknown) => value as any;

describe('the health check of a public endpoint', () => {
  test.each([5, 6, 299, 300])('an interval of %d seconds passes', (seconds) => {
    fixture.withHealthCheck({ interval: Duration.seconds(seconds) });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ IntervalSeconds: seconds });
  });

  test.each([
    [Duration.seconds(0), 0], [Duration.seconds(4), 4], [Duration.millis(5500), 5.5], [Duration.seconds(301), 301], [Duration.days(1), 86400],
  ])('fails for an interval of %s', (interval, seconds) => {
    expect(messageOf(() => fixture.withHealthCheck({ interval }))).toBe(
      `[Stack/Deployment] publicEndpoint.healthCheck.interval: ${seconds} seconds given. Use 5 to 300 seconds, in whole seconds.`);
  });

  test.each([2, 3, 59, 60])('a timeout of %d seconds passes', (seconds) => {
    fixture.withHealthCheck({ timeout: Duration.seconds(seconds) });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ TimeoutSeconds: seconds });
  });

  test.each([
    [Duration.seconds(1), 1], [Duration.millis(2500), 2.5], [Duration.seconds(61), 61],
  ])('fails for a timeout of %s', (timeout, seconds) => {
    expect(messageOf(() => fixture.withHealthCheck({ timeout }))).toBe(
      `[Stack/Deployment] publicEndpoint.healthCheck.timeout: ${seconds} seconds given. Use 2 to 60 seconds, in whole seconds.`);
  });

  describe.each([
    ['healthyThreshold', 'HealthyThreshold'], ['unhealthyThreshold', 'UnhealthyThreshold'],
  ])('%s', (property, rendered) => {
    test.each([1, 2, 100])('%d passes', (threshold) => {
      fixture.withHealthCheck({ [property]: threshold });

      expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ [rendered]: threshold });
    });

    test.each([0, 1.5, -2, '2'])('fails for %j', (threshold) => {
      expect(messageOf(() => fixture.withHealthCheck({ [property]: threshold }))).toBe(
        `[Stack/Deployment] publicEndpoint.healthCheck.${property}: ${JSON.stringify(threshold)} given. Use a whole number of at least 1.`);
    });
  });

  test.each(['200', '499', '200,202', '200,204,302,404', '200-299', '200-499', '204-204', '200,301-302', '200-204,301', '200-204,301-302,404'])('the success codes %j pass', (successCodes) => {
    fixture.withHealthCheck({ successCodes });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ SuccessCodes: successCodes });
  });

  test.each([
    '', '199', '500', '199,200', '200,500', '199-299', '200-500', '299-200', 'abc', '2xx', '20', '2000', '200,', ',200', '200, 202', '200-', '200-204,500', '301-302,199', '304-302,200',
    '200-204-206', '200\n',
  ])('fails for the success codes %j', (successCodes) => {
    expect(messageOf(() => fixture.withHealthCheck({ successCodes }))).toBe(
      `[Stack/Deployment] publicEndpoint.healthCheck.successCodes: ${JSON.stringify(successCodes)} are no success codes. `
      + "Use codes from 200 to 499: one ('200'), several ('200,202'), a range ('200-299') or both ('200,301-302').");
  });

  test.each(['/', '/healthz', '/a?b=c', '/.'])('the path %j passes', (path) => {
    fixture.withHealthCheck({ path });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ Path: path });
  });

  test('fails for an empty path', () => {
    expect(messageOf(() => fixture.withHealthCheck({ path: '' }))).toBe(
      "[Stack/Deployment] publicEndpoint.healthCheck.path: \"\" is empty. Use a path, for example '/healthz', or leave it out for '/'.");
  });
});

describe('the public endpoint', () => {
  test.each([1, 65535])('the port %d passes', (containerPort) => {
    fixture.withEndpoint({ containerPort }, { web: container({ ports: { [containerPort]: HTTP } }) });

    expect(fixture.properties().PublicEndpoint.ContainerPort).toBe(containerPort);
  });

  test.each([0, 65536, 80.5, -1, '80'])('fails for the port %j', (containerPort) => {
    expect(messageOf(() => fixture.withEndpoint({ containerPort: untyped(containerPort) }))).toBe(
      `[Stack/Deployment] publicEndpoint.containerPort: ${JSON.stringify(containerPort)} given. Use a whole number from 1 to 65535.`);
  });

  test.each([HTTP, ContainerProtocol.HTTPS])('a port with %s passes', (protocol) => {
    fixture.withEndpoint({}, { web: container({ ports: { 80: protocol } }) });

    expect(() => fixture.app.synth()).not.toThrow();
  });

  test.each([ContainerProtocol.TCP, ContainerProtocol.UDP])('fails at synthesis for a port with %s', (protocol) => {
    fixture.withEndpoint({}, { web: container({ ports: { 80: protocol } }) });

    expect(messageOf(() => fixture.app.synth())).toContain(
      `[Stack/Deployment] publicEndpoint.containerPort: container "web" opens port 80 as ${protocol}, but a public endpoint needs HTTP or HTTPS. `
      + 'Change the protocol of the port, or use another port.');
  });

  test('fails at synthesis for an unknown container', () => {
    fixture.withEndpoint({ containerName: 'wbe' }, untyped({ web: WEB, cache: container() }));

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] publicEndpoint.containerName: "wbe" is not a container of this deployment (containers: web, cache). '
      + 'Use one of these, or add it.');
  });

  test('fails at synthesis for a port that another container opens', () => {
    const ports = { 8080: HTTP, 8443: ContainerProtocol.HTTPS, 53: ContainerProtocol.UDP };
    fixture.withEndpoint({}, untyped({ web: container({ ports }), other: WEB }));

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] publicEndpoint.containerPort: container "web" does not open port 80 (it opens 8080, 8443). '
      + "Add '80': ContainerProtocol.HTTP to its ports, or use a port that it opens as HTTP or HTTPS.");
  });

  test('fails at synthesis for a container without ports', () => {
    fixture.withEndpoint({}, { web: container() });

    expect(messageOf(() => fixture.app.synth())).toContain('publicEndpoint.containerPort: container "web" does not open port 80. Add');
  });

  test('can use a container that is added later', () => {
    const deployment = fixture.withEndpoint({ containerName: 'late' });
    deployment.addContainer('late', WEB);

    expect(() => fixture.app.synth()).not.toThrow();
  });
});
