import { parseDeployRequest } from '../../../../lambda/deployment/request/request';
import { parameterSelector, sourceOf } from '../../../../lambda/shared/secrets/secret-reference';

const event = (parameter: object) => ({
  RequestType: 'Create',
  ResourceProperties: { ServiceName: 'web', Timeout: '1800', Containers: { app: { Image: 'nginx', Secrets: { KEY: { SsmParameter: parameter } } } } },
});

test('the version of a parameter is read from the properties, as CloudFormation sends it', () => {
  expect(parseDeployRequest(event({ Name: '/app/key', Version: '3' })).secrets).toEqual({ app: { KEY: { parameterName: '/app/key', parameterVersion: '3' } } });
  expect(parseDeployRequest(event({ Name: '/app/key' })).secrets).toEqual({ app: { KEY: { parameterName: '/app/key' } } });
});

test('a version of a parameter that is not a string is refused', () => {
  expect(() => parseDeployRequest(event({ Name: '/app/key', Version: {} }))).toThrow('Containers.app.Secrets.KEY.SsmParameter.Version must be a string');
});

test('GetParameter gets the version as a part of the name', () => {
  expect(parameterSelector({ parameterName: '/app/key', parameterVersion: '3' })).toBe('/app/key:3');
  expect(parameterSelector({ parameterName: '/app/key' })).toBe('/app/key');
});

test('an error names the version of a parameter', () => {
  expect(sourceOf({ parameterName: '/app/key', parameterVersion: '3' })).toBe('parameter "/app/key", version "3"');
  expect(sourceOf({ parameterName: '/app/key' })).toBe('parameter "/app/key"');
});
