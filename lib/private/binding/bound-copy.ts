import { Duration, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ImageUse } from './bound-image';
import { renderSecret } from './bound-secrets';
import { renderTriggers } from './rendering';
import type { ContainerImageCopyOptions } from '../../container-image-options';
import type { RegistryCredentials } from '../../registry-credentials';
import type { ImageCopy, ImageSource } from '../access/image-copies';
import { SecretReader } from '../access/secret-reader';
import { deployAfter } from '../access/stack-order';
import { ImageProvider } from '../provider/image-provider';
import type { RegistryCredentialsResourceProperties } from '../resource-properties';
import { validateCopy } from '../validation/images/image-copy';
import { ecrRepositoryArnOf, validateKnownRepository, validateSourceReference } from '../validation/images/source-reference';
import { CREDENTIALS_CONFIG, validatePropertyNames } from '../validation/property-names';
import { describeType, describeValue, isMap } from '../validation/validation';

const DEFAULT_KEEP_VERSIONS = 3;
/** What `grantRead()` allows beside the calls of the handler. */
const NOT_CALLED = ['secretsmanager:DescribeSecret', 'ssm:DescribeParameters', 'ssm:GetParameters', 'ssm:GetParameterHistory'];
const EXAMPLE = 'RegistryCredentials.fromSecretsManager(secret)';

/** A source that is defined only when the whole deployment is valid. */
export interface LaterSource {
  /** Equal for two sources that are the same. */
  readonly identity: string;
  readonly define: () => ImageSource;
}

export interface BoundCopy {
  readonly copy?: ImageCopy & { readonly property: string };
  readonly errors: string[];
  readonly cause?: unknown;
}

export function bindCopy(use: ImageUse, options: ContainerImageCopyOptions, source: ImageSource | LaterSource): BoundCopy {
  const { scope, containerName, property } = use;
  if (!isMap(options)) return { errors: [`${property}: ${describeValue(options)} is not a map of options. Use one, for example { credentials: ${EXAMPLE} }.`] };

  const credentials = bindCredentials(use, options.credentials);
  const errors = [
    ...ImageProvider.validate(scope),
    ...[...validateCopy(options), ...validateSource(use, options, source), ...credentials.errors].map((error) => `${property}: ${error}`),
  ];
  if (errors.length > 0) return { errors, cause: credentials.cause };

  const label = options.label ?? containerName;
  const timeout = options.timeout ?? Duration.minutes(30);
  const properties = {
    Credentials: credentials.properties,
    KeepVersions: options.keepVersions ?? DEFAULT_KEEP_VERSIONS,
    Triggers: renderTriggers(options.triggers ?? use.triggers),
  };
  return {
    errors,
    copy: {
      property,
      label,
      timeout,
      properties,
      permissions: credentials.permissions,
      identity: JSON.stringify([isLater(source) ? source.identity : source.reference, properties, timeout.toSeconds()]),
      source: () => defineSource(use, source),
    },
  };
}

function isLater(source: ImageSource | LaterSource): source is LaterSource {
  return 'define' in source;
}

function validateSource({ scope }: ImageUse, { credentials }: ContainerImageCopyOptions, source: ImageSource | LaterSource): string[] {
  if (isLater(source)) return [];

  const { reference, repository } = source;
  return [
    ...validateSourceReference(reference),
    ...(repository || credentials ? [] : validateKnownRepository(reference, ecrRepositoryArnOf(reference, scope), scope)),
  ];
}

/** The CDK checks the options of an asset when it is defined. */
function defineSource({ scope, property }: ImageUse, source: ImageSource | LaterSource): ImageSource {
  try {
    const defined = isLater(source) ? source.define() : source;
    // Nothing else makes the CDK CLI publish an asset of another stack before this stack is deployed.
    if (defined.repository) deployAfter(Stack.of(scope), Stack.of(defined.repository));
    return defined;
  } catch (error) {
    throw new Error(`[${scope.node.path}] ${property}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function onlyReads(statement: PolicyStatement): PolicyStatement[] {
  const actions = statement.actions.filter((action) => !NOT_CALLED.includes(action));
  return actions.length === 0 ? [] : [statement.copy({ actions })];
}

interface BoundCredentials {
  readonly properties?: RegistryCredentialsResourceProperties;
  readonly permissions: PolicyStatement[];
  readonly errors: string[];
  readonly cause?: unknown;
}

/** An error shows only the type of the value: it may be the password. */
function bindCredentials({ scope }: ImageUse, credentials: RegistryCredentials | undefined): BoundCredentials {
  const failed = (error: string, cause?: unknown) => ({ permissions: [], errors: [`credentials: ${error}`], cause });
  if (credentials === undefined) return { permissions: [], errors: [] };
  if (typeof credentials !== 'object' || typeof credentials?.bind !== 'function') {
    return failed(`${describeType(credentials)} given. Use RegistryCredentials, for example ${EXAMPLE} for a secret that holds {"username": "…", "password": "…"}.`);
  }

  const reader = new SecretReader(scope, ImageProvider);
  try {
    const config = credentials.bind(scope, reader);
    const secret = isMap(config?.secret) ? renderSecret(config.secret) : undefined;
    const errors = [
      ...(isMap(config) ? validatePropertyNames('', config, CREDENTIALS_CONFIG) : []),
      ...(secret === undefined ? ['no secret. It must return { secret: … }, as the bind() of a ContainerSecret does. RegistryCredentials are not a ContainerSecret'] : []),
    ];
    if (secret === undefined || errors.length > 0) return failed(`its bind() returned ${errors.join(' ')}.`.replace(/\.\.$/, '.'));
    return { properties: { Username: config.username, Secret: secret }, permissions: reader.statements.flatMap(onlyReads), errors: [] };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), error);
  }
}
