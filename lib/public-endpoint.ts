import type { Duration } from 'aws-cdk-lib';

/**
 * The container and port that receive the traffic of the container service's public URL.
 *
 * A deployment has at most one. Lightsail's load balancer serves HTTPS and terminates TLS.
 *
 * Lightsail API: `EndpointRequest`.
 */
export interface PublicEndpoint {
  /**
   * The name of the container that receives the traffic. It must be a container of the deployment.
   */
  readonly containerName: string;

  /**
   * The port of the container that receives the traffic, 1-65535. The container must open it as
   * HTTP or HTTPS.
   */
  readonly containerPort: number;

  /**
   * How Lightsail checks whether the container is healthy. A deployment becomes active only when it is healthy.
   *
   * @default - Lightsail's defaults; see each property of `HealthCheck`
   */
  readonly healthCheck?: HealthCheck;
}

/**
 * The health check of a public endpoint.
 *
 * Lightsail API: `ContainerServiceHealthCheckConfig`.
 */
export interface HealthCheck {
  /**
   * The path that the health check requests from the container. It begins with a slash.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * The approximate time between two checks of one container, 5-300 seconds, in whole seconds.
   *
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;

  /**
   * The time after which an unanswered check has failed, 2-60 seconds, in whole seconds.
   *
   * @default Duration.seconds(2)
   */
  readonly timeout?: Duration;

  /**
   * The number of consecutive successes that make a container healthy. A whole number, at least 1.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * The number of consecutive failures that make a container unhealthy. A whole number, at least 1.
   *
   * @default 2
   */
  readonly unhealthyThreshold?: number;

  /**
   * The HTTP codes that count as success, from 200 to 499: one code (`200`), several (`200,202`),
   * a range (`200-299`) or both (`200,301-302`).
   *
   * @default '200-499'
   */
  readonly successCodes?: string;
}
