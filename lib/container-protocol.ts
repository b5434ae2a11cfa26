/**
 * The protocol of an open port of a container.
 *
 * Lightsail API: `ContainerServiceProtocol`.
 */
export enum ContainerProtocol {
  /**
   * HTTP. What a public endpoint usually forwards to: Lightsail's load balancer ends TLS itself.
   */
  HTTP = 'HTTP',

  /**
   * HTTPS. As the port of a public endpoint, the container itself has to answer TLS.
   */
  HTTPS = 'HTTPS',

  /**
   * TCP. Reachable from the other containers and services, never as public endpoint.
   */
  TCP = 'TCP',

  /**
   * UDP. Reachable from the other containers and services, never as public endpoint.
   */
  UDP = 'UDP',
}
