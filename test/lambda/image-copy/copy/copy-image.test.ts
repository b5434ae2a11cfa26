import { randomBytes } from 'node:crypto';
import { copyImage, resolveImage, type CopyRequest } from '../../../../lambda/image-copy/copy/copy-image';
import { RegistryFailure } from '../../../../lambda/image-copy/http/registry-failure';
import { systemClock, type Clock } from '../../../../lambda/shared/clock';
import { FakeRegistry, fail, PASSWORD, sha256, USERNAME, type FakeAuth } from '../fake-registry';
import { DOCKER, OCI, putImage } from '../images';

const credentials = { username: USERNAME, password: PASSWORD };
const started: FakeRegistry[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map(async (registry) => registry.stop()));
});

async function start(auth?: FakeAuth): Promise<FakeRegistry> {
  const registry = await FakeRegistry.start(auth);
  started.push(registry);
  return registry;
}

/** Sleeps as long as it is told to, in no time. */
class QuickClock implements Clock {
  public readonly sleeps: number[] = [];
  private ahead = 0;

  public now(): number {
    return Date.now() + this.ahead;
  }

  public async sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds);
    this.ahead += milliseconds;
    await systemClock.sleep(1);
  }
}

function request(source: FakeRegistry, target: FakeRegistry, digest: string, changes: Partial<CopyRequest> = {}): CopyRequest {
  const now = Date.now();
  return {
    source: { registry: source.host, repository: 'team/app', plainHttp: true, credentials },
    target: { registry: target.host, repository: 'sr', plainHttp: true, credentials },
    digest,
    tag: 'new',
    yieldAt: now + 300_000,
    deadline: now + 600_000,
    ...changes,
  };
}

async function resolve(registry: FakeRegistry, tag = '1') {
  return resolveImage({ reference: { registry: registry.host, repository: 'team/app', tag }, plainHttp: true, credentials }, Date.now() + 10_000, { clock: new QuickClock() });
}

async function failure(promise: Promise<unknown>): Promise<RegistryFailure> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(RegistryFailure);
  return error as RegistryFailure;
}

function expectCopied(source: FakeRegistry, target: FakeRegistry, digest: string): void {
  const manifest = target.manifests.get(`sr@${digest}`)!;
  expect(manifest.body).toEqual(source.manifests.get(`team/app@${digest}`)!.body);
  const { config, layers } = JSON.parse(manifest.body.toString());
  for (const { digest: blob } of [config, ...layers]) expect(sha256(target.blobs.get(`sr@${blob}`)!)).toBe(blob);
}

describe('copies an image', () => {
  test.each([
    ['none', 'none'], ['basic', 'basic'], ['bearer', 'bearer'], ['bearer', 'basic'], ['none', 'bearer'],
  ] as const)('from a registry with auth %s to one with auth %s', async (from, to) => {
    const [source, target] = [await start(from), await start(to)];
    const digest = putImage(source);

    await expect(resolve(source)).resolves.toMatchObject({ digest, digestNamingItsType: digest, blobs: { count: 3 } });
    const result = await copyImage(request(source, target, digest), { clock: new QuickClock() });

    expect(result).toMatchObject({ isFinished: true, digest, copied: { count: 3 } });
    expectCopied(source, target, digest);
    expect(target.manifests.get('sr:new')!.type).toBe(OCI.manifest);
  });

  test.each([
    ['Docker types', { types: DOCKER }],
    ['zstd layers', { types: { ...OCI, layer: OCI.zstd } }],
    ['an empty layer', { layers: [Buffer.alloc(0), randomBytes(10)] }],
    ['the same layer twice', { layers: [Buffer.from('a'), Buffer.from('a')] }],
    ['no layer', { layers: [] }],
    ['200 layers', { layers: Array.from({ length: 200 }, () => randomBytes(1000)) }],
    ['layers of many sizes', { layers: [1, 65_536, 65_537, 1_000_000, 5_000_000].map((size) => randomBytes(size)) }],
  ])('with %s', async (_, options) => {
    const [source, target] = [await start(), await start()];
    const digest = putImage(source, options);

    await expect(copyImage(request(source, target, digest), { clock: new QuickClock() })).resolves.toMatchObject({ isFinished: true, digest });
    expectCopied(source, target, digest);
  });

  test('sends each layer with one POST and one PUT of known length, and nothing that is there', async () => {
    const [source, target] = [await start(), await start('basic')];
    const [kept, sent] = [randomBytes(1000), randomBytes(2000)];
    const digest = putImage(source, { layers: [kept, sent] });
    target.putBlob('sr', kept);

    await expect(copyImage(request(source, target, digest), { clock: new QuickClock() })).resolves.toMatchObject({ copied: { count: 2 } });

    expect(source.requests.filter(({ path }) => path.includes(sha256(kept)))).toEqual([]);
    expect(target.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
    const puts = target.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/blobs/'));
    expect(puts).toHaveLength(2);
    expect(puts.map(({ headers }) => headers['content-length'])).toContain('2000');
    for (const { headers } of puts) {
      expect(headers['content-range']).toBeUndefined();
      expect(headers['transfer-encoding']).toBeUndefined();
    }
  });

  test('from an index: linux/amd64 without a variant, no attestation', async () => {
    const source = await start();
    const other = putImage(source, { tag: 'other' });
    const digest = putImage(source, { tag: 'amd64' });
    const entry = (of: string, platform: object, annotations?: object) => ({ mediaType: OCI.manifest, digest: of, size: 1, platform, annotations });
    source.putManifest('team/app', '1', {
      schemaVersion: 2,
      mediaType: OCI.index,
      manifests: [
        entry(other, { os: 'unknown', architecture: 'unknown' }, { 'vnd.docker.reference.type': 'attestation-manifest' }),
        entry(other, { os: 'linux', architecture: 'arm64' }),
        entry(other, { os: 'linux', architecture: 'amd64', variant: 'v3' }),
        { ...entry(other, { os: 'linux', architecture: 'amd64' }), artifactType: 'application/vnd.example.signature' },
        { ...entry(digest, { os: 'linux', architecture: 'amd64' }), artifactType: OCI.config },
      ],
    }, OCI.index);

    await expect(resolve(source)).resolves.toMatchObject({ digest });
  });

  test('whose manifest does not name its type, to a registry that wants that', async () => {
    const [source, target] = [await start(), await start()];
    const digest = putImage(source, { change: (manifest) => { delete manifest.mediaType; } });
    let puts = 0;
    target.intercept = ({ method, url }, response) => {
      if (method !== 'PUT' || !url!.includes('/manifests/') || ++puts > 1) return false;
      fail(response, 405, 'UNSUPPORTED');
      return true;
    };

    const { digestNamingItsType } = await resolve(source);
    const result = await copyImage(request(source, target, digest), { clock: new QuickClock() });

    expect(digestNamingItsType).not.toBe(digest);
    expect(result).toMatchObject({ isFinished: true, digest: digestNamingItsType });
    expect(JSON.parse(target.manifests.get('sr:new')!.body.toString())).toMatchObject({ schemaVersion: 2, mediaType: OCI.manifest });
  });
});

describe('tokens', () => {
  test('are asked for once however many requests need one, and renewed before they end', async () => {
    const [source, target] = [await start('bearer'), await start('bearer')];
    const digest = putImage(source, { layers: Array.from({ length: 30 }, () => randomBytes(100)) });
    await copyImage(request(source, target, digest), { clock: new QuickClock() });

    expect(source.tokensGiven).toBe(1);
    expect(target.tokensGiven).toBe(1);
    expect(target.requests.find(({ path }) => path.startsWith('/token'))!.path).toBe('/token?service=fake+registry&scope=repository%3Asr%3Apull%2Cpush');
  });

  test('are renewed if the registry gives one up early', async () => {
    const [source, target] = [await start('bearer'), await start('bearer')];
    const digest = putImage(source);
    let requests = 0;
    source.intercept = () => {
      requests += 1;
      if (requests === 4) source.validTokens.clear();
      return false;
    };
    await expect(copyImage(request(source, target, digest), { clock: new QuickClock() })).resolves.toMatchObject({ isFinished: true });
    expect(source.tokensGiven).toBeGreaterThan(1);
  });

  test('are renewed if the closing answer of an upload is 401', async () => {
    const [source, target] = [await start(), await start('bearer')];
    const digest = putImage(source, { layers: [randomBytes(1000)] });
    let isFirst = true;
    target.intercept = ({ method }) => {
      if (method === 'PUT' && isFirst) {
        isFirst = false;
        target.validTokens.clear();
      }
      return false;
    };
    await expect(copyImage(request(source, target, digest), { clock: new QuickClock() })).resolves.toMatchObject({ isFinished: true });
    expectCopied(source, target, digest);
  });
});

describe('fails clearly', () => {
  test.each([
    ['a missing tag', 'missing', (source: FakeRegistry) => { source.manifests.clear(); }, /image 1: the registry answered 404 MANIFEST_UNKNOWN.*Check the name/],
    ['a web page', 'refused', (source: FakeRegistry) => {
      source.intercept = (_, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><html>'); return true; };
    }, /web page \(HTML\).*Check that this is the address of a container registry/],
    ['a web page that says 404', 'refused', (source: FakeRegistry) => {
      source.intercept = (_, response) => { response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not here</html>'); return true; };
    }, /answered 404 with a web page/],
    ['another platform', 'refused', (source: FakeRegistry) => { putImage(source, { platform: { os: 'linux', architecture: 'arm64' } }); }, /for linux\/arm64, and Lightsail runs linux\/amd64.*LINUX_AMD64/],
    ['no amd64 in an index', 'refused', (source: FakeRegistry) => {
      source.putManifest('team/app', '1', {
        schemaVersion: 2,
        mediaType: OCI.index,
        manifests: [['linux', 'arm64'], ['windows', 'amd64'], ['unknown', 'unknown']].map(([os, architecture]) => ({ mediaType: OCI.manifest, size: 1, digest: sha256(Buffer.from('')), platform: { os, architecture } })),
      }, OCI.index);
    }, /no image for linux\/amd64, only for linux\/arm64, windows\/amd64\. Build/],
    ['schema 1', 'refused', (source: FakeRegistry) => {
      source.putManifest('team/app', '1', { schemaVersion: 1, name: 'a', fsLayers: [] }, 'application/vnd.docker.distribution.manifest.v1+prettyjws');
    }, /schema 1/],
    ['a foreign layer', 'refused', (source: FakeRegistry) => {
      putImage(source, { change: (manifest) => { manifest.layers[1].mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'; } });
    }, /layer 2 of 2 .* is a foreign layer/],
    ['a layer that is elsewhere', 'refused', (source: FakeRegistry) => { putImage(source, { change: (manifest) => { manifest.layers[0].urls = ['https://example.com']; } }); }, /layer 1 of 2 .* foreign layer/],
    ['a chart', 'refused', (source: FakeRegistry) => {
      putImage(source, { change: (manifest) => { manifest.config.mediaType = 'application/vnd.cncf.helm.config.v1+json'; } });
    }, /no image, but an artifact whose config is "application\/vnd.cncf.helm.config/],
    ['an attestation', 'refused', (source: FakeRegistry) => { putImage(source, { change: (manifest) => { manifest.layers[0].mediaType = 'application/vnd.in-toto+json'; } }); }, /no image: layer 1 of 2 is "application\/vnd.in-toto\+json"/],
    ['types that differ', 'refused', (source: FakeRegistry) => { putImage(source, { change: (manifest) => { manifest.mediaType = DOCKER.manifest; } }); }, /the registry says that it is .*oci.*, and the document says .*docker/],
    ['something else', 'refused', (source: FakeRegistry) => { source.putManifest('team/app', '1', { mediaType: 'text/x' }, 'text/x'); }, /it is no image, but "text\/x"/],
    ['a limit that is counted in hours', 'throttled', (source: FakeRegistry) => {
      source.intercept = (_, response) => { fail(response, 429, 'TOOMANYREQUESTS', { 'retry-after': '21600' }); return true; };
    }, /429 TOOMANYREQUESTS.*wait for 360 minutes/],
  ] as const)('at %s', async (_, kind, prepare, message) => {
    const source = await start();
    putImage(source);
    prepare(source);

    const error = await failure(resolve(source));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`${source.host}/team/app`);
  });

  test.each(['basic', 'bearer'] as const)('at wrong credentials for %s, at each side', async (auth) => {
    const [open, closed] = [await start(), await start(auth)];
    const digest = putImage(open);
    putImage(closed);
    const wrong = { username: USERNAME, password: 'wrong-password' };
    const environment = { clock: new QuickClock() };

    for (const given of [wrong, undefined]) {
      const toPull = await failure(resolveImage({ reference: { registry: closed.host, repository: 'team/app' }, plainHttp: true, credentials: given }, Date.now() + 10_000, environment));
      const toPush = await failure(copyImage(request(open, closed, digest, { target: { registry: closed.host, repository: 'sr', plainHttp: true, credentials: given } }), environment));
      for (const { kind, message } of [toPull, toPush]) {
        expect(kind).toBe('denied');
        expect(message).toMatch(given ? /Check the (credentials|user name)/ : /Give credentials/);
        expect(message).not.toContain('wrong-password');
      }
    }
  });

  test('at a layer that is damaged in the registry, and never completes it', async () => {
    const [source, target] = [await start(), await start()];
    const layer = randomBytes(50_000);
    const digest = putImage(source, { layers: [layer, randomBytes(10)] });
    source.blobs.set(`team/app@${sha256(layer)}`, Buffer.concat([layer.subarray(0, 49_999), Buffer.from('!')]));

    const { kind, message } = await failure(copyImage(request(source, target, digest), { clock: new QuickClock() }));

    expect(kind).toBe('refused');
    expect(message).toMatch(/layer 1 of 2 \(sha256:.*48.8 KiB\): what the registry sent has the digest sha256:.*push the image again/);
    expect(target.requests.filter(({ method }) => method === 'PUT').every(({ path }) => !path.includes(encodeURIComponent(sha256(layer))) || !target.blobs.has(`sr@${sha256(layer)}`))).toBe(true);
    expect([...target.manifests.keys()]).toEqual([]);
  });

  test.each([-1, 1])('at a layer with %d bytes more than the manifest says', async (difference) => {
    const [source, target] = [await start(), await start()];
    const digest = putImage(source, { layers: [randomBytes(5000)], change: (manifest) => { manifest.layers[0].size -= difference; } });
    const { kind, message } = await failure(copyImage(request(source, target, digest), { clock: new QuickClock() }));
    expect(kind).toBe('refused');
    expect(message).toMatch(/layer 1 of 1 .*the registry sent/);
  });

  test.each(['http://169.254.169.254/latest/meta-data', 'http://10.0.0.1/', 'http://[fe80::1]/', 'http://[::ffff:169.254.169.254]/', 'http://0.0.0.0/', 'ftp://example.com/'])('at a redirect to %s', async (location) => {
    const source = await start();
    putImage(source);
    source.intercept = ({ url }, response) => {
      if (!url!.includes('/blobs/')) return false;
      response.writeHead(307, { location: `${location}?X-Amz-Signature=presigned` }).end();
      return true;
    };
    const { kind, message } = await failure(resolve(source));
    expect(kind).toBe('refused');
    expect(message).toMatch(/sends the request to another place/);
    expect(message).not.toContain('presigned');
  });

  test('at a redirect to this machine, if the policy takes the registry for a public one', async () => {
    const [source, other] = [await start(), await start()];
    putImage(source);
    source.intercept = ({ url }, response) => {
      if (!url!.includes('/blobs/')) return false;
      response.writeHead(307, { location: `http://localhost:${other.host.split(':')[1]}${url}` }).end();
      return true;
    };
    const error = await failure(resolveImage(
      { reference: { registry: source.host, repository: 'team/app', tag: '1' }, plainHttp: true }, Date.now() + 10_000,
      { clock: new QuickClock(), addresses: (address) => !address.startsWith('127.') && address !== '::1' },
    ));
    expect(error.kind).toBe('refused');
    expect(error.message).toContain('localhost is not at a public address');
    expect(other.requests).toEqual([]);
  });
});

describe('redirects', () => {
  test('are followed without the credentials, and their query is told nobody', async () => {
    const [source, bucket, target] = [await start('basic'), await start(), await start()];
    const digest = putImage(source);
    bucket.blobs = source.blobs;
    source.intercept = ({ method, url, headers }, response) => {
      if (method !== 'GET' || !url!.includes('/blobs/') || !headers.authorization) return false;
      response.writeHead(307, { location: `http://${bucket.host}${url}?X-Amz-Signature=presigned` }).end();
      return true;
    };
    await expect(copyImage(request(source, target, digest), { clock: new QuickClock() })).resolves.toMatchObject({ isFinished: true });
    expect(bucket.requests.length).toBeGreaterThan(0);
    expect(bucket.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);

    bucket.intercept = ({ url }, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' }).end(`<Error>${`http://${bucket.host}${url}`}</Error>`);
      return true;
    };
    const { message } = await failure(copyImage(request(source, await start(), digest), { clock: new QuickClock() }));
    expect(message).toMatch(/the storage that the registry redirects to answered 403/);
    expect(message).not.toMatch(/presigned|X-Amz/);
  });
});

describe('waits', () => {
  test('as long as the registry asks, and longer each time', async () => {
    const [source, target] = [await start(), await start()];
    const digest = putImage(source, { layers: [] });
    let posts = 0;
    target.intercept = ({ method }, response) => {
      if (method !== 'POST' || ++posts > 4) return false;
      fail(response, 429, 'TOOMANYREQUESTS', posts === 1 ? { 'retry-after': '7' } : {});
      return true;
    };
    const clock = new QuickClock();
    await expect(copyImage(request(source, target, digest), { clock, random: () => 0.5 })).resolves.toMatchObject({ isFinished: true });
    expect(clock.sleeps).toEqual([7000, 1500, 3000, 6000]);
  });

  test('no longer than there is time, and tells why', async () => {
    const [source, target] = [await start(), await start()];
    const digest = putImage(source, { layers: [randomBytes(10)] });
    target.intercept = ({ method }, response) => {
      if (method !== 'POST') return false;
      fail(response, 503, 'BUSY', { 'retry-after': '200' });
      return true;
    };
    const clock = new QuickClock();
    const result = await copyImage(request(source, target, digest, { yieldAt: Date.now() + 100_000 }), { clock });
    expect(result).toMatchObject({ isFinished: false, missing: { count: 2 }, copied: { count: 0 }, trouble: { kind: 'transient' } });
    expect(!result.isFinished && result.notBefore! > Date.now() + 150_000).toBe(true);
  });
});

test('copies one blob a call if there is no time for more, and is finished in the end', async () => {
  const [source, target] = [await start(), await start()];
  const digest = putImage(source, { layers: [1, 2, 3].map((size) => randomBytes(size * 1000)) });
  for (let call = 1; call <= 4; call += 1) {
    const result = await copyImage(request(source, target, digest, { yieldAt: 0 }), { clock: new QuickClock() });
    expect(result.copied.count).toBe(1);
    expect(result.isFinished).toBe(call === 4);
  }
  await expect(copyImage(request(source, target, digest, { yieldAt: 0 }), { clock: new QuickClock() }))
    .resolves.toMatchObject({ isFinished: true, copied: { count: 0 } });
  expectCopied(source, target, digest);
});

test('looks for no layer if the registry has the manifest, unless it lost a layer meanwhile', async () => {
  const [source, target] = [await start(), await start()];
  const layer = randomBytes(1000);
  const digest = putImage(source, { layers: [layer] });
  const copy = async () => copyImage(request(source, target, digest), { clock: new QuickClock() });
  await copy();

  target.requests.length = 0;
  await expect(copy()).resolves.toMatchObject({ isFinished: true, digest, copied: { count: 0 } });
  expect(target.requests.map(({ method }) => method)).toEqual(['HEAD', 'PUT']);

  target.blobs.delete(`sr@${sha256(layer)}`);
  await expect(copy()).resolves.toMatchObject({ isFinished: true, digest, copied: { count: 1 } });
  expectCopied(source, target, digest);
});

test('sends again what the registry has lost by the time that the manifest comes', async () => {
  const [source, target] = [await start(), await start()];
  const layer = randomBytes(1000);
  const digest = putImage(source, { layers: [layer] });
  target.putBlob('sr', layer);
  let isFirst = true;
  target.intercept = ({ method, url }) => {
    if (method === 'PUT' && url!.includes('/manifests/') && isFirst) {
      isFirst = false;
      target.blobs.delete(`sr@${sha256(layer)}`);
    }
    return false;
  };
  await expect(copyImage(request(source, target, digest), { clock: new QuickClock() })).resolves.toMatchObject({ isFinished: true, digest });
  expectCopied(source, target, digest);
});

test('cuts what is at work at the deadline, and says how slow it was', async () => {
  const [source, target] = [await start(), await start()];
  const layer = randomBytes(500_000);
  const digest = putImage(source, { layers: [layer] });
  source.intercept = ({ url }, response) => {
    if (!url!.includes(sha256(layer))) return false;
    response.writeHead(200, { 'content-length': layer.length });
    response.write(layer.subarray(0, 100_000));
    return true;
  };
  const begun = Date.now();
  // The config is copied, so the call got on.
  await expect(copyImage(request(source, target, digest, { yieldAt: begun + 200, deadline: begun + 400 }), { clock: systemClock }))
    .resolves.toMatchObject({ isFinished: false, copied: { count: 1 }, missing: { count: 1, bytes: 500_000 } });
  expect(Date.now() - begun).toBeLessThan(2000);

  const again = Date.now();
  const late = copyImage(request(source, target, digest, { yieldAt: again + 200, deadline: again + 400 }), { clock: systemClock });
  const { kind, code, message } = await failure(late);
  expect({ kind, code }).toEqual({ kind: 'transient', code: 'TOO_SLOW' });
  expect(message).toMatch(/layer 1 of 1 .*only 97.7 KiB were copied in 0.\d s .*The source is slow/);
});
