/**
 * The protocol of an open port of a container.
 *
 * Lightsail API: `ContainerServiceProtocol`.
 */
export enum ContainerProtocol {
  /**
   * HTTP. The usual protocol behind a public endpoint: Lightsail's load balancer terminates TLS.
   */
  HTTP = 'HTTP',

  /**
   * HTTPS. As the port of a public endpoint, the container itself must serve TLS.
   */
  HTTPS = 'HTTPS',

  /**
   * TCP. Other containers and services can reach the port. It cannot be a public endpoint.
   */
  TCP = 'TCP',

  /**
   * UDP. Other containers and services can reach the port. It cannot be a public endpoint.
   */
  UDP = 'UDP',
}
