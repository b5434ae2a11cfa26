/** What the handler of images needs for every app, by the resource that IAM allows it on. The role must allow exactly this. */
export const COPIER_ACTIONS = {
  everything: [
    'lightsail:CreateContainerServiceRegistryLogin', 'lightsail:GetContainerImages', 'lightsail:GetContainerServiceDeployments', 'lightsail:GetContainerServices',
  ],
  service: ['lightsail:DeleteContainerImage', 'lightsail:RegisterContainerImage'],
  stack: ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStackResource', 'cloudformation:DescribeStacks'],
};

/** What it needs for credentials. */
export const CREDENTIALS_ACTIONS = ['secretsmanager:GetSecretValue', 'ssm:GetParameter'];

/** What it needs for a source in Amazon ECR: the login on everything, the rest on the repository. */
export const ECR_ACTIONS = { everything: ['ecr:GetAuthorizationToken'], repository: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] };

/** What Amazon ECR counts a request of its registry as. */
export function ecrAction({ method, path }: { readonly method: string; readonly path: string }): string {
  if (method === 'GET' && path.includes('/manifests/')) return 'ecr:BatchGetImage';
  return method === 'GET' && path.includes('/blobs/') ? 'ecr:GetDownloadUrlForLayer' : `${method} ${path}`;
}
