import { parseChallenge } from '../../../../lambda/image-copy/http/challenge';

test.each([
  ['Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull,push"',
    { scheme: 'bearer', realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:library/nginx:pull,push' }],
  ['bearer Realm = "https://a/b" , error="insufficient_scope"', { scheme: 'bearer', realm: 'https://a/b', service: undefined, scope: undefined }],
  ['Bearer realm=https://a/b', { scheme: 'bearer', realm: 'https://a/b', service: undefined, scope: undefined }],
  ['Bearer realm="https://a/b?x=\\"y\\""', { scheme: 'bearer', realm: 'https://a/b?x="y"', service: undefined, scope: undefined }],
  ['Basic realm="https://1.dkr.ecr.us-east-1.amazonaws.com/",service="ecr.amazonaws.com"', { scheme: 'basic' }],
  ['Basic realm="x", Bearer realm="https://a/b",service="c"', { scheme: 'bearer', realm: 'https://a/b', service: 'c', scope: undefined }],
  ['Bearer service="no realm", Basic realm="x"', { scheme: 'basic' }],
  ['Negotiate', undefined], ['', undefined], [undefined, undefined],
])('reads %s', (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});
