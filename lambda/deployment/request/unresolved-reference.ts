import type { DesiredDeployment } from '../../clients/lightsail';
import { oneLine } from '../../shared/reasons/plain-text';

/** CloudFormation does not resolve references to secrets in the properties of a custom resource. Plain `{{resolve:ssm:…}}` it does. */
const SECRET_REFERENCE = /\{\{resolve:(?:secretsmanager|ssm-secure):/;

/** Where a deployment holds the text of a reference to a secret instead of its value; undefined if it does so nowhere. */
export function unresolvedReferenceIn({ containers, publicEndpoint }: DesiredDeployment): string | undefined {
  const texts = [
    ...Object.entries(containers).flatMap(([name, { image, command = [], environment = {} }]) => [
      [`the image of container "${name}"`, image],
      ...command.map((word) => [`the command of container "${name}"`, word]),
      ...Object.entries(environment).flatMap(([variable, value]) => [
        [`the environment variable ${oneLine(variable)} of container "${name}"`, value],
        [`the name of an environment variable of container "${name}"`, variable],
      ]),
    ]),
    ['the path of the health check', publicEndpoint?.healthCheck?.path],
    ['the success codes of the health check', publicEndpoint?.healthCheck?.successCodes],
  ];
  return texts.find(([, text]) => text !== undefined && SECRET_REFERENCE.test(text))?.[0];
}
