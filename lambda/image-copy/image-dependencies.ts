import type { Copier } from './copier';
import type { EcrLogin } from '../clients/ecr-login';
import type { LightsailImages } from '../clients/lightsail-images';
import type { Dependencies } from '../shared/dependencies';

/** All that the handler of images knows of the world outside. */
export interface ImageDependencies extends Pick<Dependencies, 'cloudFormation' | 'secrets' | 'clock' | 'log'> {
  readonly images: LightsailImages;
  readonly ecrLogin: EcrLogin;
  readonly copier: Copier;
}
