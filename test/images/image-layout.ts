import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface LayerContent {
  readonly bytes: number;
  /** Zeros take no room on the disk. Random bytes otherwise. */
  readonly zeros?: boolean;
  readonly mediaType?: string;
}

const GZIP_MAGIC = Buffer.from('1f8b0800', 'hex');

export const GZIP_LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
export const ZSTD_LAYER = 'application/vnd.oci.image.layer.v1.tar+zstd';

/** Writes an image as a folder in the layout of OCI, which `crane push` takes as it is. The layers' content is no archive: no registry looks. */
export async function writeImageLayout(folder: string, layers: readonly LayerContent[], platform = { os: 'linux', architecture: 'amd64' }): Promise<{ digest: string; blobs: string[] }> {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });

  const descriptors: Array<{ mediaType: string; digest: string; size: number }> = [];
  for (const [index, layer] of layers.entries()) {
    const file = join(folder, `layer-${index}`);
    await writeContent(file, layer);
    const digest = await sha256OfFile(file);
    await rename(file, join(blobs, digest));
    descriptors.push({ mediaType: layer.mediaType ?? GZIP_LAYER, digest: `sha256:${digest}`, size: layer.bytes });
  }
  const put = async (document: object, mediaType: string) => {
    const body = Buffer.from(JSON.stringify(document));
    const digest = createHash('sha256').update(body).digest('hex');
    await writeFile(join(blobs, digest), body);
    return { mediaType, digest: `sha256:${digest}`, size: body.length };
  };
  const config = await put(
    { ...platform, config: {}, rootfs: { type: 'layers', diff_ids: descriptors.map(({ digest }) => digest) } }, 'application/vnd.oci.image.config.v1+json',
  );
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await put({ schemaVersion: 2, mediaType: manifestType, config, layers: descriptors }, manifestType);
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(folder, 'index.json'), JSON.stringify({
    schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [{ ...manifest, platform }],
  }));
  return { digest: manifest.digest, blobs: [config, ...descriptors].map(({ digest }) => digest) };
}

async function writeContent(file: string, { bytes, zeros }: LayerContent): Promise<void> {
  if (zeros) {
    await writeFile(file, '');
    return truncate(file, bytes);
  }
  const handle = await open(file, 'w');
  const block = Buffer.alloc(1024 * 1024);
  for (let left = bytes; left > 0; left -= block.length) {
    randomFillSync(block);
    // skopeo compresses what does not begin as compressed content does.
    if (left === bytes) GZIP_MAGIC.copy(block);
    await handle.write(block, 0, Math.min(left, block.length));
  }
  await handle.close();
  if ((await stat(file)).size !== bytes) throw new Error(`${file} could not be written`);
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
