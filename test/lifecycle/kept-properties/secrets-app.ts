import type { Stack } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { ContainerImage, ContainerSecret, RegistryCredentials } from '../../../lib';
import { webApp } from '../apps/apps';

/** The forms of secrets and credentials that the app with everything does not have. */
export function secretsApp(stack: Stack): void {
  const whole = secretsmanager.Secret.fromSecretNameV2(stack, 'Whole', 'kept/whole');
  const token = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Token', { parameterName: '/kept/token', version: 3 });
  const credentials = RegistryCredentials.fromSsmParameter(token, { username: 'user' });
  webApp(ContainerImage.fromCopy('registry.example.com/team/app:1', { credentials, label: 'app' }), {
    id: 'Secrets',
    serviceName: 'secrets',
    secrets: {
      WHOLE: ContainerSecret.fromSecretsManager(whole),
      OF_ID: ContainerSecret.fromSecretsManagerVersion(whole, { versionId: '01234567-89ab-cdef-0123-456789abcdef' }),
      OF_VERSION: ContainerSecret.fromSsmParameter(token),
    },
  })(stack);
}
