import { Annotations, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { usesLatestTag } from './mutable-tag';
import type { ContainerResourceProperties, DeploymentResourceProperties } from '../resource-properties';
import { isSecretByName } from './secret-name';
import { ContainerProtocol } from '../../container-protocol';
import type { PublicEndpoint } from '../../public-endpoint';

/*
 * Settings that Lightsail accepts but that are probably mistakes. The id of a warning is a contract: users acknowledge
 * warnings by it. Values that are known only at deploy time (tokens) pass.
 */

type Containers = ReadonlyMap<string, ContainerResourceProperties>;

interface Warning {
  readonly id: string;
  readonly message: string;
}

/**
 * Warns of probable mistakes in a deployment. Call it at synthesis, when all containers are known.
 *
 * @param resource the construct of the warnings. It is below the deployment, because an acknowledgement that comes
 *   before the warning covers only the constructs below its own.
 */
export function warnOfDeployment(
  resource: IConstruct, containers: Containers, endpoint: PublicEndpoint | undefined, triggers: DeploymentResourceProperties['Triggers'],
): void {
  const warnings = [
    ...endpointWarnings(containers, endpoint),
    ...(triggers === undefined ? mutableTagWarnings(containers) : []),
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
      message: 'publicEndpoint: none given, so the URL of the container service answers 404. Add a publicEndpoint with the container and port for its traffic. '
        + `If the deployment needs none, for example for workers, acknowledge this warning: Annotations.of(deployment).acknowledgeWarning('${id}').`,
    }];
  }

  const { containerName, containerPort } = endpoint;
  const ports = containers.get(containerName)?.Ports;
  if (Token.isUnresolved(ports) || ports?.[containerPort] !== ContainerProtocol.HTTPS) return [];
  return [{
    id: 'cdk-lightsail-containers:httpsEndpointPort',
    message: `publicEndpoint.containerPort: container ${JSON.stringify(containerName)} opens port ${containerPort} as HTTPS. Lightsail terminates the TLS of `
      + 'visitors itself, and then also uses TLS to the container. The container must serve TLS on this port, or its health check fails. '
      + 'If it serves plain HTTP, open the port as ContainerProtocol.HTTP. The public URL is still HTTPS.',
  }];
}

function mutableTagWarnings(containers: Containers): Warning[] {
  return [...containers].filter(([, { Image }]) => usesLatestTag(Image)).map(([name, { Image }]) => ({
    id: 'cdk-lightsail-containers:imageFollowsLatest',
    message: `containers.${readable(name)}.image: ${JSON.stringify(readable(Image))} uses the latest image: pushing a new image does not trigger a deployment. `
      + 'Pin a version, tag or digest, or change `triggers` with each image, for example { build: \'42\' }.',
  }));
}

function secretWarnings(containers: Containers): Warning[] {
  return [...containers].flatMap(([containerName, { Environment }]) => secretNames(Environment).map((name) => ({
    id: 'cdk-lightsail-containers:secretInEnvironment',
    message: `containers.${readable(containerName)}.environment.${name}: the name says that it is a secret. The template contains its value as plain text, and everyone who can `
      + 'read the stack or the container service can read it. Move it to `secrets`, with ContainerSecret.fromSecretsManager() or '
      + 'ContainerSecret.fromSsmParameter().',
  })));
}

function secretNames(environment: ContainerResourceProperties['Environment']): string[] {
  if (environment === undefined || Token.isUnresolved(environment)) return [];

  return Object.entries(environment)
    .filter(([name, value]) => !Token.isUnresolved(name) && !Token.isUnresolved(value) && isSecretByName(name, value))
    .map(([name]) => name);
}

/** Replaces tokens by readable text, the same in every synthesis. */
function readable(text: string): string {
  return Tokenization.reverseString(text).mapTokens({ mapToken: () => '<token>' }).join(new StringConcat());
}
