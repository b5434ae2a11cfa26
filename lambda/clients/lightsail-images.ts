import type { Lightsail } from './lightsail';

/** An image that is stored on a container service. */
export interface StoredImage {
  /** As a deployment names it: `:service.label.N`. */
  readonly image: string;
  readonly digest: string;
}

/** Where images for container services are pushed, and with which credentials. */
export interface RegistryLogin {
  /** The host, with its port if it has one. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The part of the Lightsail API that stores images. Every method sends its call once and throws a `CallFailure`. An incomplete response
 * counts as a transient failure.
 */
export interface LightsailImages extends Pick<Lightsail, 'getService' | 'getDeployments'> {
  /** `GetContainerImages`: the images of all labels that a service stores, in an undefined order; undefined if there is no such service. */
  getImages(serviceName: string): Promise<StoredImage[] | undefined>;

  /** `CreateContainerServiceRegistryLogin`: it creates nothing but the login, which is good for twelve hours. */
  createRegistryLogin(): Promise<RegistryLogin>;

  /** `RegisterContainerImage`: it is not idempotent. */
  registerImage(serviceName: string, label: string, digest: string): Promise<StoredImage>;

  /** `DeleteContainerImage`. */
  deleteImage(serviceName: string, image: string): Promise<void>;
}
