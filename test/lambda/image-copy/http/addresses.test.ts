import { networkOf, sameNetworkOrPublic } from '../../../../lambda/image-copy/http/addresses';

test.each([
  ['8.8.8.8', 'public'], ['172.15.0.1', 'public'], ['172.32.0.1', 'public'], ['2600:1f00::1', 'public'], ['::ffff:8.8.8.8', 'public'], ['64:ff9b::808:808', 'public'],
  ['127.0.0.1', 'loopback'], ['127.255.0.1', 'loopback'], ['::1', 'loopback'], ['[::1]', 'loopback'], ['::ffff:127.0.0.1', 'loopback'], ['::ffff:7f00:1', 'loopback'],
  ['10.0.0.1', 'private'], ['172.16.0.1', 'private'], ['172.31.255.255', 'private'], ['192.168.1.1', 'private'], ['100.64.0.1', 'private'], ['fd00:ec2::254', 'private'],
  ['169.254.169.254', 'link-local'], ['169.254.170.2', 'link-local'], ['fe80::1%eth0', 'link-local'], ['::ffff:a9fe:a9fe', 'link-local'],
  ['0.0.0.0', 'reserved'], ['224.0.0.1', 'reserved'], ['255.255.255.255', 'reserved'], ['::', 'reserved'], ['2001:db8::1', 'reserved'], ['not an address', 'reserved'],
])('%s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ['8.8.8.8', undefined, true], ['8.8.8.8', '10.0.0.1', true],
  ['10.0.0.2', '10.0.0.1', true], ['10.0.0.2', '8.8.8.8', false], ['10.0.0.2', undefined, false], ['10.0.0.2', '127.0.0.1', false],
  ['127.0.0.1', '127.0.0.1', true], ['127.0.0.1', '8.8.8.8', false], ['127.0.0.1', '10.0.0.1', false],
  ['169.254.169.254', '169.254.169.253', false], ['169.254.169.254', '10.0.0.1', false], ['0.0.0.0', '127.0.0.1', false],
])('a request to %s that a registry at %s leads to: allowed is %s', (address, registry, allowed) => {
  expect(sameNetworkOrPublic(address, registry)).toBe(allowed);
});
