import { manifestName, parseReference, registryHost } from '../../../../lambda/image-copy/registry/reference';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['nginx', { registry: 'docker.io', repository: 'library/nginx' }],
  ['nginx:1.27', { registry: 'docker.io', repository: 'library/nginx', tag: '1.27' }],
  ['docker.io/nginx', { registry: 'docker.io', repository: 'library/nginx' }],
  ['team/app', { registry: 'docker.io', repository: 'team/app' }],
  ['ghcr.io/team/app:1', { registry: 'ghcr.io', repository: 'team/app', tag: '1' }],
  ['localhost/app', { registry: 'localhost', repository: 'app' }],
  ['registry:5000/app', { registry: 'registry:5000', repository: 'app' }],
  ['registry.example.com:5000/a/b__c/d-e.f:V_1', { registry: 'registry.example.com:5000', repository: 'a/b__c/d-e.f', tag: 'V_1' }],
  ['[::1]:5000/app:1', { registry: '[::1]:5000', repository: 'app', tag: '1' }],
  [`quay.io/app@${DIGEST}`, { registry: 'quay.io', repository: 'app', digest: DIGEST }],
  [`quay.io/app:1@${DIGEST}`, { registry: 'quay.io', repository: 'app', tag: '1', digest: DIGEST }],
  ['123456789012.dkr.ecr.us-east-1.amazonaws.com/a/b:1', { registry: '123456789012.dkr.ecr.us-east-1.amazonaws.com', repository: 'a/b', tag: '1' }],
])('reads %s', (text, expected) => {
  expect(parseReference(text)).toEqual(expected);
});

test.each([
  ['', 'repository'], ['App', 'repository'], ['a//b', 'repository'], ['a/', 'repository'], ['-a', 'repository'], ['a:', 'tag'], ['a:.1', 'tag'],
  [`a:${'x'.repeat(129)}`, 'tag'], ['a@sha256:12', '64 digits'], ['a@sha512:00', '64 digits'], ['a@b@c', 'more than one'], ['https://a.com/b', 'host'],
  ['a_b.com/c', 'host'], ['user@a.com/b', '64 digits'], [`quay.io/${'a'.repeat(256)}`, '255'], ['a b', 'repository'], ['quay.io/a?x=1', 'repository'],
])('fails at %j', (text, problem) => {
  expect(() => parseReference(text)).toThrow(problem);
  expect(() => parseReference(text)).toThrow(`${JSON.stringify(text)} is not an image reference`);
});

test('names the manifest by its digest before its tag, and knows the host of Docker Hub', () => {
  expect(manifestName(parseReference(`a:1@${DIGEST}`))).toBe(DIGEST);
  expect(manifestName(parseReference('a:1'))).toBe('1');
  expect(manifestName(parseReference('a'))).toBe('latest');
  expect(registryHost('docker.io')).toBe('registry-1.docker.io');
  expect(registryHost('ghcr.io')).toBe('ghcr.io');
});
