/**
 * As much of the command line of Docker as the CDK CLI calls, for machines without an engine: `CDK_DOCKER` points here. It builds images
 * without running anything, and pushes them with skopeo.
 *
 * Environment:
 *
 * `IMAGE_STORE`    the folder of the local images and logins; required
 * `ECR_ADDRESS`    host and port of a registry without TLS that takes the place of every registry of Amazon ECR; required to push
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { arch } from 'node:process';
import { buildImage } from './image-builder';

const STORE = process.env.IMAGE_STORE ?? fail('IMAGE_STORE must name a folder');
const PLATFORM = `linux/${arch === 'x64' ? 'amd64' : arch}`;

/** Options with a value, which the CDK CLI gives. The rest of them change nothing here. */
const WITH_VALUE = [
  '--build-arg', '--build-context', '--secret', '--ssh', '--tag', '--target', '--file', '--network', '--platform', '--cache-from', '--cache-to',
  '--username', '--format', '--filter', '--config',
];

interface Arguments {
  readonly words: string[];
  readonly options: ReadonlyMap<string, string[]>;
}

function parse(args: readonly string[]): Arguments {
  const words: string[] = [];
  const options = new Map<string, string[]>();
  for (let index = 0; index < args.length; index += 1) {
    const [name, value] = args[index].split(/=(.*)/s);
    if (!name.startsWith('-')) words.push(args[index]);
    else options.set(name, [...options.get(name) ?? [], value ?? (WITH_VALUE.includes(name) ? args[index += 1] : '')]);
  }
  return { words, options };
}

const COMMANDS: Record<string, (args: Arguments) => void> = {
  build({ words: [directory], options }) {
    const [tag] = options.get('--tag') ?? fail('build needs --tag');
    const layout = join(STORE, 'images', `new-${process.pid}`);
    const digest = buildImage({
      directory,
      file: options.get('--file')?.[0],
      platform: options.get('--platform')?.[0] ?? PLATFORM,
      target: options.get('--target')?.[0],
      buildArgs: new Map((options.get('--build-arg') ?? []).map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
      warn: (text) => process.stderr.write(`${text}\n`),
    }, layout);
    const image = join(STORE, 'images', digest.slice('sha256:'.length));
    if (existsSync(image)) rmSync(layout, { recursive: true });
    else renameSync(layout, image);
    setTag(tag, image);
    process.stdout.write(`${digest}\n`);
  },

  inspect({ words: [tag] }) {
    const image = imageOf(tag) ?? fail(`No such image: ${tag}`);
    process.stdout.write(`${JSON.stringify([{ RepoTags: [tag], Id: image }])}\n`);
  },

  /** The CDK CLI looks for an image that it built before. It builds again if it finds none. */
  images() {},

  tag({ words: [source, target] }) {
    setTag(target, imageOf(source) ?? fail(`No such image: ${source}`));
  },

  login({ words: [registry], options }) {
    const [username] = options.get('--username') ?? fail('login needs --username');
    writeFileSync(loginFile(registry), `${username}:${readFileSync(0, 'utf8').trim()}`, { mode: 0o600 });
  },

  push({ words: [tag] }) {
    const image = imageOf(tag) ?? fail(`No such image: ${tag}`);
    const [registry, ...path] = tag.split('/');
    const login = loginFile(registry);
    if (!/\.dkr\.ecr\./.test(registry)) fail(`${registry} is not a registry of Amazon ECR`);
    if (!existsSync(login)) fail(`no basic auth credentials for ${registry}`);
    const address = process.env.ECR_ADDRESS ?? fail('ECR_ADDRESS must be the address of a registry');
    execFileSync('skopeo', [
      'copy', '--quiet', '--insecure-policy', '--dest-tls-verify=false', '--dest-creds', readFileSync(login, 'utf8'),
      `oci:${image}`, `docker://${[address, ...path].join('/')}`,
    ], { stdio: ['ignore', 'inherit', 'inherit'] });
  },
};

function setTag(tag: string, image: string): void {
  writeFileSync(fileOf('tags', tag), image);
}

function imageOf(tag: string): string | undefined {
  return existsSync(fileOf('tags', tag)) ? readFileSync(fileOf('tags', tag), 'utf8') : undefined;
}

function loginFile(registry: string): string {
  return fileOf('logins', registry);
}

function fileOf(kind: string, name: string): string {
  return join(STORE, kind, createHash('sha256').update(name).digest('hex'));
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const { words: [command, ...words], options } = parse(process.argv.slice(2));
['images', 'tags', 'logins'].forEach((folder) => mkdirSync(join(STORE, folder), { recursive: true }));
const run = COMMANDS[command] ?? fail(`unknown command ${command}`);
run({ words, options });
