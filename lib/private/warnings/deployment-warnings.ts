import { Annotations, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import type { IContainerRef } from 'aws-cdk-lib/aws-lightsail';
import type { IConstruct } from 'constructs';
import { usesLatestTag } from './mutable-tag';
import type { ContainerResourceProperties, DeploymentResourceProperties } from '../resource-properties';
import { isSecretByName } from './secret-name';
import { isSecretArgument, isSecretByValue } from './secret-value';
import { ContainerProtocol } from '../../container-protocol';
import type { PublicEndpoint } from '../../public-endpoint';
import { cfnContainerOf } from '../tree/cfn-container';
import { knownText } from '../tree/known-text';
import { resolveKnown } from '../tree/known-value';
import { missingValueInText, SET_THE_VALUE } from '../tree/missing-value';

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
  service: IContainerRef,
): void {
  const known = resolveKnown(Object.fromEntries(containers), resource);
  const resolved: Containers = Token.isUnresolved(known) ? new Map() : new Map(Object.entries(known));
  const warnings = [
    ...endpointWarnings(containers, endpoint),
    ...(triggers === undefined ? mutableTagWarnings(containers) : []),
    ...secretWarnings(containers, resolved),
    ...commandWarnings(resolved),
    ...missingValueWarnings(resolved, endpoint, resolveKnown(triggers, resource)),
    ...storedImageWarnings(containers, service, resource),
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

function secretWarnings(containers: Containers, resolved: Containers): Warning[] {
  const namesIn = (containerName: string, { Environment }: ContainerResourceProperties) =>
    secretNames(Environment, resolved.get(containerName)?.Environment);
  return [...containers].flatMap(([containerName, container]) => namesIn(containerName, container).map(({ name, why }) => ({
    id: 'cdk-lightsail-containers:secretInEnvironment',
    message: `containers.${readable(containerName)}.environment.${name}: ${why}. The template contains its value as plain text, and everyone who can `
      + 'read the stack or the container service can read it. Move it to `secrets`, with ContainerSecret.fromSecretsManager() or '
      + 'ContainerSecret.fromSsmParameter().',
  })));
}

/** A name with a token as value is no secret by its name: the value may come from a place that keeps it secret. */
function secretNames(environment: ContainerResourceProperties['Environment'], resolved = environment): Array<{ name: string; why: string }> {
  if (environment === undefined || Token.isUnresolved(environment)) return [];

  return Object.entries(environment).filter(([name]) => !Token.isUnresolved(name)).flatMap(([name, value]) => {
    if (!Token.isUnresolved(value) && isSecretByName(name, value)) return [{ name, why: 'the name says that it is a secret' }];
    return isSecretByValue(knownText(Token.isUnresolved(resolved) ? value : resolved?.[name] ?? value)) ? [{ name, why: 'the value contains a secret' }] : [];
  });
}

/** Shows the position of a word and not the word: it contains the secret. */
function commandWarnings(containers: Containers): Warning[] {
  const wordsOf = ({ Command }: ContainerResourceProperties): readonly string[] =>
    Array.isArray(Command) && !Token.isUnresolved(Command) ? Command : [];
  return [...containers].flatMap(([containerName, container]) => wordsOf(container).flatMap((word, index) =>
    !isSecretArgument(knownText(word)) ? [] : [{
      id: 'cdk-lightsail-containers:secretInCommand',
      message: `containers.${readable(containerName)}.command[${index}]: contains a secret. The template contains the command as plain text, and everyone who can `
        + 'read the stack or the container service can read it. Give the secret to a variable in `secrets`, and let the command read that variable.',
    }]));
}

/** A missing value that became a word, for example `https://undefined/`. */
function missingValueWarnings(containers: Containers, endpoint: PublicEndpoint | undefined, triggers: DeploymentResourceProperties['Triggers']): Warning[] {
  const entries = (map: object | undefined): Array<[string, unknown]> => map === undefined || Token.isUnresolved(map) ? [] : Object.entries(map);
  const texts: Array<[string, unknown]> = [
    ...[...containers].flatMap(([name, { Command, Environment }]): Array<[string, unknown]> => [
      ...entries(Command).map(([index, word]): [string, unknown] => [`containers.${readable(name)}.command[${index}]`, word]),
      ...entries(Environment).map(([variable, value]): [string, unknown] => [`containers.${readable(name)}.environment.${readable(variable)}`, value]),
    ]),
    ['publicEndpoint.healthCheck.path', endpoint?.healthCheck?.path],
    ...entries(triggers).map(([name, value]): [string, unknown] => [`triggers.${readable(name)}`, value]),
  ];
  return texts.map(([property, value]) => ({ property, word: missingValueInText(knownText(value)) })).filter(({ word }) => word !== undefined)
    .map(({ property, word }) => ({
      id: 'cdk-lightsail-containers:missingValue',
      message: `${property}: contains the word ${word}. ${SET_THE_VALUE}`,
    }));
}

/** An image can be pushed to a service only when the service exists: the first deployment of the stack fails, and a rollback deletes the service. */
function storedImageWarnings(containers: Containers, service: IContainerRef, resource: IConstruct): Warning[] {
  const container = cfnContainerOf(service);
  if (container === undefined || rootStackOf(container) !== rootStackOf(resource)) return [];

  return [...containers].filter(([, { Image }]) => knownText(Image).startsWith(':')).map(([name, { Image }]) => ({
    id: 'cdk-lightsail-containers:storedImageOnNewService',
    message: `containers.${readable(name)}.image: ${JSON.stringify(readable(Image))} is stored on the container service, which this stack creates. `
      + 'The first deployment of the stack fails, because an image can be pushed only to a service that exists. '
      + 'Let the stack build the image with ContainerImage.fromAsset() or ContainerImage.fromDockerImageAsset(), or copy it with ContainerImage.fromCopy(). '
      + 'Or create the service in a stack of its own and push the image before you deploy this stack. '
      + 'If the service exists already, acknowledge this warning.',
  }));
}

function rootStackOf(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent ? rootStackOf(stack.nestedStackParent) : stack;
}

/** Replaces tokens by readable text, the same in every synthesis. */
function readable(text: string): string {
  return Tokenization.reverseString(text).mapTokens({ mapToken: () => '<token>' }).join(new StringConcat());
}
