import { regionOfEcrHost } from '../../../lambda/clients/ecr-login';

test.each([
  ['123456789012.dkr.ecr.us-east-1.amazonaws.com', 'us-east-1'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['123456789012.dkr-ecr.eu-central-1.on.aws', 'eu-central-1'],
  ['123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
])('%s is a registry of Amazon ECR in %s', (host, region) => {
  expect(regionOfEcrHost(host)).toBe(region);
});

test.each([
  'docker.io', 'public.ecr.aws', '123456789012.dkr.ecr.us-east-1.example.com', '123456789012.dkr.ecr.us-east-1.amazonaws.com.example.com',
  '123456789012.dkr.ecr.us-east-1.amazonaws.com:443', 'x.123456789012.dkr.ecr.us-east-1.amazonaws.com', '1234.dkr.ecr.us-east-1.amazonaws.com',
  '123456789012.dkr.ecr.us-east-1.evil-amazonaws.com', '123456789012.dkr.ecr.us-east-1.amazonawsXcom',
])('%s gets no login of Amazon ECR', (host) => {
  expect(regionOfEcrHost(host)).toBeUndefined();
});
