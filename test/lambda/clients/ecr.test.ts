import { ecrImage, regionOfEcrImage } from '../../../lambda/clients/ecr';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

test.each([
  ['of the public partition', HOST, 'us-east-1'],
  ['of China', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['FIPS', '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['dual-stack', '123456789012.dkr-ecr.ap-southeast-2.on.aws', 'ap-southeast-2'],
  ['dual-stack and FIPS', '123456789012.dkr-ecr-fips.us-east-2.on.aws', 'us-east-2'],
])('knows a host that is %s', (_, host, region) => {
  const image = { registryId: '123456789012', repositoryName: 'team/shop' };

  expect(ecrImage(`${host}/team/shop:1.2`)).toEqual({ ...image, imageId: { imageTag: '1.2' } });
  expect(ecrImage(`${host}/team/shop@${DIGEST}`)).toEqual({ ...image, imageId: { imageDigest: DIGEST } });
  expect(regionOfEcrImage(`${host}/team/shop:1.2`)).toBe(region);
  expect(regionOfEcrImage(`${host}/shop`)).toBe(region);
});

test.each([
  '', 'nginx', 'nginx:1.27', ':web.shop.3', 'public.ecr.aws/nginx/nginx:1.27', `mirror/${HOST}/shop:1`, `mirror.example.com/${HOST}/shop:1`, `${HOST}:1`,
  '12345.dkr.ecr.us-east-1.amazonaws.com/shop:1', '0123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1',
  '123456789012.dkr.ecr-test.us-east-1.amazonaws.com/shop:1', '123456789012.dkrxecr.us-east-1.amazonaws.com/shop:1', '123456789012.dkr.ecr.amazonaws.com/shop:1',
])('%j is none of a private Amazon ECR repository', (name) => {
  expect(ecrImage(name)).toBeUndefined();
  expect(regionOfEcrImage(name)).toBeUndefined();
});

test.each([`${HOST}/shop`, `${HOST}/shop:`, `${HOST}/shop@sha256:1`, `${HOST}/shop:1@${DIGEST}`])('%s does not tell which image of the repository it is', (name) => {
  expect(ecrImage(name)).toBeUndefined();
  expect(regionOfEcrImage(name)).toBe('us-east-1');
});
