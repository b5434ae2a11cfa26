import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PSEUDO_PARAMETERS, waiterOf, type Resource, type SynthesizedStack } from './template';

/** The driver takes the handler of images from the library itself. */
const IMAGE_PROVIDER = 'LightsailContainerImageProvider';

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>;
}

/** The templates of a synthesized app, by stack. */
export function templatesOf(assembly: string): Record<string, Template> {
  return Object.fromEntries(readdirSync(assembly).filter((file) => file.endsWith('.template.json')).sort()
    .map((file) => [file.replace('.template.json', ''), JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template]));
}

/**
 * A whole app as one stack, with all references resolved but those to container services: only the driver knows these.
 *
 * @param stackName the only stack to take of the app. Default: all of them, whose logical ids have to differ
 */
export function appAsStack(assembly: string, stackName?: string): SynthesizedStack {
  const templates = Object.entries(templatesOf(assembly))
    .filter(([name]) => stackName === undefined || name === stackName)
    .map(([, template]) => template);
  const resources = Object.assign({}, ...templates.map(({ Resources }) => Resources)) as Record<string, Resource>;
  const exports = new Map(templates.flatMap(({ Outputs = {} }) => Object.values(Outputs)).map(({ Value, Export }) => [Export?.Name, Value]));

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;

    const [[name, argument]] = [...Object.entries(value), ['', undefined]] as [[string, any]];
    switch (name) {
      case 'Ref':
        return PSEUDO_PARAMETERS[argument] ?? (resources[argument]?.Type === 'AWS::ECR::Repository' ? repositoryName(argument) : value);
      case 'Fn::GetAtt':
        // The driver knows what an image answers, because it copies the images before it deploys.
        if (resources[argument[0]]?.Type === 'Custom::LightsailContainerImage') return value;
        // What a deployment answers is known when that was made. The driver deploys to the services in any order.
        if (resources[argument[0]]?.Type.startsWith('Custom::')) return argument.join('.');
        return resources[argument[0]]?.Type === 'AWS::ECR::Repository' && argument[1] === 'Arn'
          ? `arn:aws:ecr:us-east-1:123456789012:repository/${repositoryName(argument[0])}` : value;
      case 'Fn::ImportValue':
        return resolve(exports.get(argument));
      case 'Fn::Join': {
        const parts = resolve(argument[1]) as unknown[];
        return parts.every((part) => typeof part === 'string') ? parts.join(argument[0]) : { [name]: [argument[0], parts] };
      }
      case 'Fn::Sub':
        return (argument as string).replace(/\$\{([^}]*)\}/g, (_, parameter: string) => PSEUDO_PARAMETERS[parameter]);
      case 'Fn::Select':
        return (resolve(argument[1]) as unknown[])[Number(argument[0])];
      case 'Fn::Split':
        return (resolve(argument[1]) as string).split(argument[0]);
      default:
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
    }
  };

  const [, handler] = Object.entries(resources).find(([id, { Properties }]) => Properties?.Handler === 'index.handler' && !id.startsWith(IMAGE_PROVIDER))!;
  const { S3Key } = handler.Properties!.Code as { S3Key: string };
  return {
    resources: Object.fromEntries(Object.entries(resources).map(([logicalId, resource]) =>
      // Only what the driver reads: policies and the like may refer to anything.
      [logicalId, /^Custom::|::Lightsail::/.test(resource.Type) ? resolve(resource) as Resource : resource])),
    handlerFile: join(assembly, `asset.${basename(S3Key, '.zip')}`, 'index.js'),
    handlerTimeoutSeconds: Number(handler.Properties!.Timeout),
    handlerMemoryMb: Number(handler.Properties!.MemorySize),
    waiter: waiterOf(Object.fromEntries(Object.entries(resources).filter(([id]) => !id.startsWith(IMAGE_PROVIDER)))),
  };
}

/** What CloudFormation calls a repository that has no name of its own. */
export function repositoryName(logicalId: string): string {
  return `stack-${logicalId.toLowerCase()}`;
}
