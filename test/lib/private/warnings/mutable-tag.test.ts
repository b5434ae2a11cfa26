import { Aws, Lazy } from 'aws-cdk-lib';
import { usesLatestTag } from '../../../../lib/private/warnings/mutable-tag';

test.each([
  ['nginx', true],
  ['nginx:latest', true],
  ['nginx:1.27', false],
  ['nginx:1.latest', false],
  ['localhost:5000/nginx', true],
  ['localhost:5000/nginx:1', false],
  [`nginx@sha256:${'0'.repeat(64)}`, false],
  [':web.shop.latest', true],
  [':web.shop.3', false],
  [':web.shop:latest', false],
])('usesLatestTag() of %s is %p', (image, follows) => {
  expect(usesLatestTag(image)).toBe(follows);
});

test.each([
  ['a token', Lazy.string({ produce: () => 'nginx' }), false],
  ['a token and a tag', `${Aws.ACCOUNT_ID}.dkr.ecr.us-east-1.amazonaws.com/shop:1`, false],
  ['a token without a tag', `${Aws.ACCOUNT_ID}.dkr.ecr.us-east-1.amazonaws.com/shop`, false],
  ['a token and the latest tag', `${Aws.ACCOUNT_ID}.dkr.ecr.us-east-1.amazonaws.com/shop:latest`, true],
])('usesLatestTag() of %s is %3$p', (_, image, follows) => {
  expect(usesLatestTag(image)).toBe(follows);
});
