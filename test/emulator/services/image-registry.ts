import * as https from 'node:https';

/** The registry that a login names, and that holds what is registered. */
export interface ImageRegistry {
  /** Its host, with the port if it has one. */
  readonly host: string;
  /** Default: `AWS`, and a password that is new for each login */
  readonly login?: { readonly username: string; readonly password: string };
  /** Whether a manifest was pushed to the repository `sr`. Default: every one was */
  readonly holds?: (digest: string) => boolean | Promise<boolean>;
}

export interface RealRegistryOptions {
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** In PEM. Default: the authorities that Node.js trusts */
  readonly certificateAuthority?: string;
}

const REPOSITORY = 'sr';
const ACCEPT = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/** A registry with TLS and a password, such as `docker-registry` on this machine. */
export function realRegistry({ host, username, password, certificateAuthority }: RealRegistryOptions): ImageRegistry {
  return {
    host,
    login: { username, password },
    holds: async (digest) => new Promise((resolve, reject) => {
      https.request(`https://${host}/v2/${REPOSITORY}/manifests/${digest}`, {
        method: 'HEAD', auth: `${username}:${password}`, headers: { accept: ACCEPT }, ca: certificateAuthority, agent: false,
      }, (answer) => {
        answer.resume();
        if (answer.statusCode === 200 || answer.statusCode === 404) resolve(answer.statusCode === 200);
        else reject(new Error(`The registry ${host} answered ${answer.statusCode}`));
      }).on('error', reject).end();
    }),
  };
}
