import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate that signs itself, with its key. */
export interface Certificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Makes a certificate for 127.0.0.1.
 *
 * @param names other names of the host
 */
export async function makeCertificate(folder: string, names: readonly string[] = []): Promise<Certificate> {
  const certificateFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'key.pem');
  await promisify(execFile)('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=127.0.0.1', '-addext', `subjectAltName=${['IP:127.0.0.1', 'DNS:localhost', ...names.map((name) => `DNS:${name}`)].join()}`, '-keyout', keyFile, '-out', certificateFile,
  ]);
  return { certificateFile, keyFile, certificate: await readFile(certificateFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}
