import { Annotations, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { usesLatestTag } from './mutable-tag';
import type { ContainerResourceProperties, DeploymentResourceProperties } from '../resource-properties';
import { isSecretByName } from './secret-name';
import { ContainerProtocol } from '../../container-protocol';
import type { PublicEndpoint } from '../../public-endpoint';

/*
 * What Lightsail accepts, and nobody is likely to want. Each kind has an id, which is a contract: users acknowledge
 * warnings by it. Values that are not known before the deployment (tokens) pass.
 */

type Containers = ReadonlyMap<string, ContainerResourceProperties>;

interface Warning {
  readonly id: string;
  readonly message: string;
}

/**
 * Warns of what is probably wrong with a deployment, once all of its containers are known: at synthesis.
 *
 * @param resource where the warnings are shown. It stands below the deployment, because an acknowledgement that was given
 *   before the warning counts for what is below its construct, and not for the construct itself.
 */
export function warnOfDeployment(
  resource: IConstruct, containers: Containers, endpoint: PublicEndpoint | undefined, triggers: DeploymentResourceProperties['Triggers'],
): void {
  const warnings = [
    ...endpointWarnings(containers, endpoint),
    ...(triggers === undefined ? movingTagWarnings(containers) : []),
    ...secretWarnings(containers),
  ];
  for (const { id, message } of warnings) {
    Annotations.of(resource).addWarningV2(id, message);
  }
}

function endpointWarnings(containers: Containers, endpoint: PublicEndpoint | undefined): Warning[] {
  if (endpoint === undefined) {
    const id = 'cdk-lightsail-containers:noPublicEndpoint';
    return [{
      id,
      message: 'publicEndpoint: none given, so that the URL of the container service answers 404. Name the container and port that it reaches. '
        + `If nothing is meant to be reached from outside, as with workers, acknowledge this: Annotations.of(deployment).acknowledgeWarning('${id}').`,
    }];
  }

  const { containerName, containerPort } = endpoint;
  const ports = containers.get(containerName)?.Ports;
  if (Token.isUnresolved(ports) || ports?.[containerPort] !== ContainerProtocol.HTTPS) return [];
  return [{
    id: 'cdk-lightsail-containers:httpsEndpointPort',
    message: `publicEndpoint.containerPort: container ${JSON.stringify(containerName)} opens port ${containerPort} as HTTPS. Lightsail ends the TLS of its `
      + 'visitors itself, and then speaks TLS to the container as well: the container has to answer it there, or its health check fails. '
      + 'If it answers plain HTTP, open the port as ContainerProtocol.HTTP; the public URL is HTTPS all the same.',
  }];
}

function movingTagWarnings(containers: Containers): Warning[] {
  return [...containers].filter(([, { Image }]) => usesLatestTag(Image)).map(([name, { Image }]) => ({
    id: 'cdk-lightsail-containers:imageFollowsLatest',
    message: `containers.${shown(name)}.image: ${JSON.stringify(shown(Image))} is whatever is the latest, and no new deployment is made when that changes: its `
      + 'name stays the same. Name the image by a tag that stays or by its digest, or give `triggers` a value that changes with it, for example { build: \'42\' }.',
  }));
}

function secretWarnings(containers: Containers): Warning[] {
  return [...containers].flatMap(([containerName, { Environment }]) => secretNames(Environment).map((name) => ({
    id: 'cdk-lightsail-containers:secretInEnvironment',
    message: `containers.${shown(containerName)}.environment.${name}: a secret, by its name. The value stands in the template as it is, and everybody who may `
      + 'read the stack or the container service can read it. Give it in `secrets` instead, as ContainerSecret.fromSecretsManager() or '
      + 'ContainerSecret.fromSsmParameter().',
  })));
}

function secretNames(environment: ContainerResourceProperties['Environment']): string[] {
  if (environment === undefined || Token.isUnresolved(environment)) return [];

  return Object.entries(environment)
    .filter(([name, value]) => !Token.isUnresolved(name) && !Token.isUnresolved(value) && isSecretByName(name, value))
    .map(([name]) => name);
}

/** Tokens read as something that a person can make sense of, and that stays from synthesis to synthesis. */
function shown(text: string): string {
  return Tokenization.reverseString(text).mapTokens({ mapToken: () => '<token>' }).join(new StringConcat());
}
