import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { webApp } from './apps';
import { synthesize, type SynthesizedStack } from './template';
import { ContainerImage, ContainerSecret } from '../../../lib';
import type { CloudFormation } from '../cloudformation/cloudformation';
import { SECRET_MARKER } from '../invariants/invariants';

/** What of a deployment changes from one stack operation to the next. */
export interface AppVariant {
  readonly id: string;
  readonly serviceName: string;
  /** What its container runs, and on which port. */
  readonly content: Content;
  readonly trigger?: string;
  readonly timeoutMinutes: number;
  readonly removalPolicy: 'retain' | 'destroy';
  /** What it reads from other services. Default: nothing */
  readonly reads?: 'secrets' | 'secrets and a private image';
}

export const CONTENTS = ['nginx:1.26', 'nginx:1.27', 'nginx:1.27 with a setting', 'nginx:1.27 on another port'] as const;
export type Content = typeof CONTENTS[number];

/** A deployment of the same content as an app's, for who deploys it by hand. */
export function deploymentOf(content: Content): object {
  const { image, port, environment } = contained(content);
  return {
    containers: { app: { image, ports: { [port]: 'HTTP' }, environment } },
    publicEndpoint: { containerName: 'app', containerPort: port },
  };
}

const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:web/database-AbCdEf';
const PARAMETER = '/web/api-key';

/** The private image with the content, as a deployment names it. */
export function privateImage(content: Content): string {
  return `${REGISTRY}/${content.split(' ')[0]}`;
}

/** Puts there what apps read from other services, with other values at each rotation. */
export function putSources({ sources }: CloudFormation, rotation = 1): void {
  sources.put(SECRET, JSON.stringify({ user: 'web', password: `${SECRET_MARKER}"password"/${rotation}` }));
  sources.put(PARAMETER, `${SECRET_MARKER}key+${rotation}`);
  sources.repositories.set('nginx', ['1.26', '1.27']);
}

function secretsIn(stack: Stack): Record<string, ContainerSecret> {
  return {
    DB_PASSWORD: ContainerSecret.fromSecretsManager(secretsmanager.Secret.fromSecretCompleteArn(stack, 'Database', SECRET), 'password'),
    // Its name does not suggest a secret.
    GREETING: ContainerSecret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Key', { parameterName: PARAMETER })),
  };
}

function privateImageIn(stack: Stack, image: string): ContainerImage {
  const [repository, tag] = image.split(':');
  return ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryArn(stack, 'Repository', `arn:aws:ecr:us-east-1:123456789012:repository/${repository}`), tag);
}

function contained(content: Content) {
  return {
    image: content.split(' ')[0],
    port: content.endsWith('port') ? 8080 : 80,
    environment: { TOKEN: `${SECRET_MARKER}${content.endsWith('setting') ? 'other' : 'one'}` },
  };
}

/** Apps whose services are there already, each deployment synthesized once, and the handler out of the first. */
export class PreparedApps {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prepared-apps-'));
  private readonly prepared = new Map<string, SynthesizedStack>();
  private handlerFile?: string;

  /** A stack of these deployments. */
  public of(...variants: readonly AppVariant[]): SynthesizedStack {
    const stacks = variants.map((variant) => this.alone(variant));
    return { ...stacks[0], resources: Object.assign({}, ...stacks.map(({ resources }) => resources)) };
  }

  public remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private alone(variant: AppVariant): SynthesizedStack {
    const key = JSON.stringify(variant);
    const stack = this.prepared.get(key) ?? this.prepare(variant);
    this.prepared.set(key, stack);
    return stack;
  }

  private prepare({ id, serviceName, content, trigger, timeoutMinutes, removalPolicy, reads }: AppVariant): SynthesizedStack {
    const { image, port, environment } = contained(content);
    const stack = synthesize(this.folder, (scope) => webApp(reads === 'secrets and a private image' ? privateImageIn(scope, image) : image, {
      id,
      serviceName,
      isImported: true,
      port,
      environment,
      secrets: reads === undefined ? undefined : secretsIn(scope),
      triggers: trigger === undefined ? undefined : { trigger },
      timeout: Duration.minutes(timeoutMinutes),
      removalPolicy: removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    })(scope));
    if (this.handlerFile === undefined) this.handlerFile = stack.handlerFile;
    else fs.rmSync(path.dirname(path.dirname(stack.handlerFile)), { recursive: true });
    const own = Object.entries(stack.resources).filter(([, { Type }]) => Type.startsWith('Custom::'));
    return { ...stack, resources: Object.fromEntries(own), handlerFile: this.handlerFile };
  }
}
