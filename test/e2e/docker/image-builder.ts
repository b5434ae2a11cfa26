import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { commandOf, pairsOf, parseDockerfile, substitute, wordsOf, type Instruction } from './dockerfile';

export interface BuildOptions {
  readonly directory: string;
  /** Default: `Dockerfile` */
  readonly file?: string;
  readonly platform: string;
  readonly target?: string;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly warn: (text: string) => void;
}

interface Layer {
  readonly content: Buffer;
  readonly diffId: string;
}

interface Stage {
  readonly name?: string;
  readonly platform: string;
  /** All files of the stage. */
  readonly root: string;
  readonly layers: Layer[];
  readonly config: {
    Env?: string[];
    Cmd?: string[];
    Entrypoint?: string[];
    WorkingDir?: string;
    User?: string;
    ExposedPorts?: Record<string, object>;
    Labels?: Record<string, string>;
    Volumes?: Record<string, object>;
    StopSignal?: string;
  };
  readonly history: object[];
  readonly variables: Map<string, string>;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Builds an image from a Dockerfile and writes it into a folder, in the layout of OCI. There is no engine: nothing is run, and a base image has no content.
 * The same files make the same image.
 *
 * @returns the digest of the manifest
 */
export function buildImage(options: BuildOptions, layout: string): string {
  const work = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    return writeLayout(new ImageBuilder(options, work).build(), layout);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

class ImageBuilder {
  private readonly stages: Stage[] = [];
  private readonly globals = new Map<string, string>();

  constructor(private readonly options: BuildOptions, private readonly work: string) {
    this.globals.set('TARGETPLATFORM', options.platform);
    this.globals.set('BUILDPLATFORM', options.platform);
  }

  public build(): Stage {
    const { directory, file = 'Dockerfile', target } = this.options;
    for (const instruction of parseDockerfile(readFileSync(join(directory, file), 'utf8'))) {
      this.apply(instruction);
    }
    const stage = target === undefined ? this.stages.at(-1) : this.stageOf(target);
    if (!stage) throw new Error(target === undefined ? 'the Dockerfile has no FROM' : `there is no stage ${target}`);
    return stage;
  }

  private apply(instruction: Instruction): void {
    const { name } = instruction;
    if (name === 'FROM') return this.from(instruction);
    const stage = this.stages.at(-1);
    if (!stage) {
      if (name === 'ARG') return this.argument(instruction.text, this.globals);
      throw new Error(`${name} comes before FROM`);
    }
    stage.history.push({ created_by: `${name} ${instruction.text}`, ...(['COPY', 'ADD'].includes(name) ? {} : { empty_layer: true }) });
    this.applyTo(stage, instruction);
  }

  private applyTo(stage: Stage, instruction: Instruction): void {
    const { name, text: raw } = instruction;
    const text = substitute(raw, stage.variables);
    const { config } = stage;
    switch (name) {
      case 'ARG':
        return this.argument(raw, stage.variables);
      case 'ENV':
        return pairsOf(text).forEach(([key, value]) => {
          stage.variables.set(key, value);
          config.Env = [...(config.Env ?? []).filter((entry) => !entry.startsWith(`${key}=`)), `${key}=${value}`];
        });
      case 'LABEL':
        config.Labels = { ...config.Labels, ...Object.fromEntries(pairsOf(text)) };
        return;
      case 'EXPOSE':
        config.ExposedPorts = { ...config.ExposedPorts, ...Object.fromEntries(wordsOf(text).map((port) => [port.includes('/') ? port : `${port}/tcp`, {}])) };
        return;
      case 'VOLUME':
        config.Volumes = { ...config.Volumes, ...Object.fromEntries(wordsOf(text).map((path) => [path, {}])) };
        return;
      case 'WORKDIR':
        config.WorkingDir = posix.resolve(config.WorkingDir ?? '/', text);
        return;
      case 'USER':
        config.User = text;
        return;
      case 'STOPSIGNAL':
        config.StopSignal = text;
        return;
      case 'CMD':
        config.Cmd = commandOf(raw);
        return;
      case 'ENTRYPOINT':
        config.Entrypoint = commandOf(raw);
        return;
      case 'COPY':
      case 'ADD':
        return this.copy(stage, instruction, wordsOf(text));
      case 'RUN':
      case 'HEALTHCHECK':
      case 'SHELL':
        return this.options.warn(`not done, there is no engine: ${name} ${raw}`);
      default:
        throw new Error(`unknown instruction ${name}`);
    }
  }

  private from({ flags, text }: Instruction): void {
    const [image, as, name] = substitute(text, this.globals).split(/\s+/);
    if (as !== undefined && as.toUpperCase() !== 'AS') throw new Error(`FROM ${text} cannot be read`);
    const platform = substitute(flags.platform ?? this.options.platform, this.globals);
    const base = this.stageOf(image);
    if (!base && image !== 'scratch') this.options.warn(`not pulled, the base image has no content: ${image}`);
    const root = join(this.work, `stage-${this.stages.length}`);
    mkdirSync(root);
    if (base) cpSync(base.root, root, { recursive: true });
    this.stages.push({
      name,
      platform,
      root,
      layers: [...base?.layers ?? []],
      config: { ...base?.config },
      history: base ? [...base.history] : [{ created_by: `FROM ${image}`, empty_layer: true }],
      variables: new Map([...this.globals, ...(base?.config.Env ?? []).map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string])]),
    });
  }

  private stageOf(name: string): Stage | undefined {
    return this.stages.find((stage) => stage.name === name) ?? (/^\d+$/.test(name) ? this.stages[Number(name)] : undefined);
  }

  private argument(text: string, variables: Map<string, string>): void {
    const [, name, fallback] = /^([^=\s]+)(?:=(.*))?$/s.exec(text) ?? [];
    const value = this.options.buildArgs.get(name) ?? fallback ?? this.globals.get(name);
    if (value !== undefined) variables.set(name, substitute(value.replace(/^(["'])(.*)\1$/s, '$2'), variables));
  }

  /** Copies into a folder of its own, which becomes a layer. */
  private copy(stage: Stage, { flags, text }: Instruction, words: string[]): void {
    const sources = words.slice(0, -1);
    const destination = words.at(-1);
    if (destination === undefined || sources.length === 0) throw new Error(`COPY ${text} has no source`);
    const from = flags.from === undefined ? this.options.directory : this.stageOf(flags.from)?.root;
    if (from === undefined) throw new Error(`COPY --from=${flags.from}: there is no such stage, and no other image is pulled`);

    const folder = join(this.work, `layer-${this.stages.length}-${stage.layers.length}`);
    const target = posix.resolve(stage.config.WorkingDir ?? '/', destination);
    const isIntoFolder = destination.endsWith('/') || destination === '.' || sources.length > 1;
    for (const source of sources) {
      if (/[*?[]/.test(source)) throw new Error(`COPY ${text}: patterns are not supported`);
      const path = join(from, posix.resolve('/', source));
      if (!existsSync(path)) throw new Error(`COPY ${text}: ${source} is not there`);
      const isFolder = statSync(path).isDirectory();
      const to = join(folder, isFolder || !isIntoFolder ? target : posix.join(target, basename(path)));
      mkdirSync(isFolder ? to : dirname(to), { recursive: true });
      cpSync(path, to, { recursive: true });
      if (flags.chmod !== undefined) chmodSync(to, parseInt(flags.chmod, 8));
    }
    stage.layers.push(layerOf(folder));
    cpSync(folder, stage.root, { recursive: true });
  }
}

/** Equal files make equal layers, whoever owns them and however old they are. */
function layerOf(folder: string): Layer {
  const tar = execFileSync('tar', [
    '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w', '--format=ustar', '-C', folder, '-cf', '-', '.',
  ], { maxBuffer: 1024 * 1024 * 1024 });
  return { content: gzipSync(tar), diffId: digestOf(tar) };
}

function writeLayout({ platform, layers, config, history }: Stage, layout: string): string {
  const blobs = join(layout, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (content: Buffer, mediaType: string) => {
    const digest = digestOf(content);
    writeFileSync(join(blobs, digest.slice('sha256:'.length)), content);
    return { mediaType, digest, size: content.length };
  };
  const [os, architecture] = platform.split('/');
  const document = {
    created: '1970-01-01T00:00:00Z', os, architecture, config, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) }, history,
  };
  const manifest = put(Buffer.from(JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: put(Buffer.from(JSON.stringify(document)), 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map(({ content }) => put(content, 'application/vnd.oci.image.layer.v1.tar+gzip')),
  })), MANIFEST);
  writeFileSync(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  return manifest.digest;
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
