import { CallFailure } from '../../../../lambda/clients/call-failure';
import { secretValues } from '../../../../lambda/deployment/masking/secret-detection';
import { matchesIgnoringSecrets, redactSecrets } from '../../../../lambda/deployment/secrets/secret-values';
import { deployRequest } from '../deploy-request';

const REQUEST = deployRequest({
  desired: { containers: { app: { image: 'shop:2', environment: { LOG: 'info', PASSWORD: 'xyzzy-7f3a' } }, side: { image: 'side:1' } } },
  secrets: { app: { PASSWORD: { secretId: 'db' }, TOKEN: { parameterName: 'token' } } },
});

const SERVING = { containers: { app: { image: 'shop:2', environment: { LOG: 'info', PASSWORD: 'old', TOKEN: 't' } }, side: { image: 'side:1' } } };

function serving(app: object): object {
  return { containers: { ...SERVING.containers, app: { ...SERVING.containers.app, ...app } } };
}

describe('what serves holds what is asked for, but for secrets,', () => {
  test('whatever their values are', () => {
    expect(matchesIgnoringSecrets(SERVING, REQUEST)).toBe(true);
    expect(matchesIgnoringSecrets(serving({ environment: { LOG: 'info', PASSWORD: '', TOKEN: '' } }), REQUEST)).toBe(true);
  });

  test.each([
    ['there are no containers', {}],
    ['a container is missing', { containers: { app: SERVING.containers.app } }],
    ['a container has no environment', serving({ environment: undefined })],
    ['a secret is missing', serving({ environment: { LOG: 'info', PASSWORD: 'old' } })],
    ['another variable has another value', serving({ environment: { LOG: 'debug', PASSWORD: 'old', TOKEN: 't' } })],
    ['there is one variable more', serving({ environment: { LOG: 'info', PASSWORD: 'old', TOKEN: 't', MORE: 'x' } })],
    ['the image is another one', serving({ image: 'shop:1' })],
    ['there is a public endpoint', { ...SERVING, publicEndpoint: { containerName: 'app', containerPort: 80 } }],
  ])('not if %s', (_, deployment) => {
    expect(matchesIgnoringSecrets(deployment, REQUEST)).toBe(false);
  });

  test('with the public endpoint that is asked for', () => {
    const publicEndpoint = { containerName: 'app', containerPort: 80 };
    const asked = { ...REQUEST, desired: { ...REQUEST.desired, publicEndpoint } };

    expect(matchesIgnoringSecrets(SERVING, asked)).toBe(false);
    expect(matchesIgnoringSecrets({ ...SERVING, publicEndpoint }, asked)).toBe(true);
  });
});

test.each([['no containers', {}], ['a container without environment', { containers: { app: {} } }]])('a deployment of %s holds no value', (_, deployment) => {
  expect(secretValues(REQUEST, deployment)).toEqual([]);
});

test('what the API quotes is masked, and any other error goes on as it is', () => {
  const other = new TypeError('a bug');

  expect(redactSecrets(new CallFailure('Create', 'refused', 'PASSWORD may not be xyzzy-7f3a'), REQUEST))
    .toMatchObject({ operation: 'Create', kind: 'refused', message: 'Create failed: PASSWORD may not be ***' });
  expect(redactSecrets(other, REQUEST)).toBe(other);
});
