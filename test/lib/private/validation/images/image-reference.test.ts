import { isImageReference, isPrivateEcrImage, isTag, isTagOrDigest } from '../../../../../lib/private/validation/images/image-reference';

const DIGEST = `sha256:${'0'.repeat(64)}`;

test.each<[unknown, boolean]>([
  ['nginx', true], ['localhost:5000/a', true], ['a__b', true], [`a/b/c:tag@${DIGEST}`, true],
  ['', false], ['Nginx', false], ['nginx:', false], [' nginx', false], ['nginx ', false], [7, false], [['nginx'], false],
])('%j is a reference to an image: %p', (name, expected) => {
  expect(isImageReference(name)).toBe(expected);
});

test.each<[unknown, boolean]>([
  ['1.27', true], ['latest', true], [DIGEST, false], ['', false], ['-a', false], ['a:b', false], [7, false], [['latest'], false],
])('%j is a tag: %p', (text, expected) => {
  expect(isTag(text)).toBe(expected);
});

test.each<[unknown, boolean]>([
  ['1.27', true], ['latest', true], [DIGEST, true], ['', false], ['-a', false], ['a:b', false], [7, false], [['latest'], false], [undefined, false],
])('%j is a tag or a digest: %p', (text, expected) => {
  expect(isTagOrDigest(text)).toBe(expected);
});

test.each<[unknown, boolean]>([
  ['123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1', true],
  ['123456789012.dkr-ecr.us-east-1.on.aws/shop', true],
  ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/shop', true],
  ['public.ecr.aws/nginx/nginx', false],
  ['mirror/123456789012.dkr.ecr.us-east-1.amazonaws.com/shop', false],
  [7, false],
  [['123456789012.dkr.ecr.us-east-1.amazonaws.com/shop'], false],
])('%j is in a private Amazon ECR repository: %p', (name, expected) => {
  expect(isPrivateEcrImage(name)).toBe(expected);
});
