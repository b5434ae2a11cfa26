import { isIP } from 'node:net';

/** What kind of network an IP address belongs to. */
export type Network = 'public' | 'private' | 'loopback' | 'link-local' | 'reserved';

/**
 * Decides whether an answer of a registry may send requests to an address on another host: by a redirect, by the place of an
 * upload, or by the address of its token service.
 */
export type AddressPolicy = (address: string, registryAddress: string | undefined) => boolean;

/**
 * Public addresses are allowed. Others are allowed only to a registry of the same network: a registry that the user runs in a
 * VPC may have its token service there. Metadata services have link-local addresses, and no registry ever leads there.
 */
export const sameNetworkOrPublic: AddressPolicy = (address, registryAddress) => {
  const network = networkOf(address);
  if (network === 'public') return true;
  return (network === 'private' || network === 'loopback') && registryAddress !== undefined && networkOf(registryAddress) === network;
};

export function networkOf(address: string): Network {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '').toLowerCase();
  switch (isIP(bare)) {
    case 4:
      return networkOfIpv4(bare);
    case 6:
      return networkOfIpv6(bare);
    default:
      return 'reserved';
  }
}

function networkOfIpv4(address: string): Network {
  const [a = 0, b = 0, c = 0] = address.split('.').map(Number);
  if (a === 127) return 'loopback';
  if (a === 169 && b === 254) return 'link-local';
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b <= 127)) return 'private';
  const isReserved = a === 0 || a >= 224 || (a === 192 && b === 0 && (c === 0 || c === 2)) || (a === 198 && (b === 18 || b === 19))
    || (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113);
  return isReserved ? 'reserved' : 'public';
}

function networkOfIpv6(address: string): Network {
  const groups = groupsOf(address);
  const [first = 0, second = 0] = groups;
  const ipv4 = () => networkOfIpv4(groups.slice(6).flatMap((group) => [Math.floor(group / 256), group % 256]).join('.'));
  const startsWithZeros = (count: number) => groups.slice(0, count).every((group) => group === 0);

  if (startsWithZeros(7) && groups[7] === 1) return 'loopback';
  // An IPv4 address in another dress: mapped, or translated by NAT64.
  if (startsWithZeros(5) && groups[5] === 0xffff) return ipv4();
  if (first === 0x64 && second === 0xff9b) return ipv4();
  if (first >= 0xfe80 && first <= 0xfebf) return 'link-local';
  if (first >= 0xfc00 && first <= 0xfdff) return 'private';
  const isGlobalUnicast = first >= 0x2000 && first <= 0x3fff;
  return isGlobalUnicast && !(first === 0x2001 && second === 0xdb8) ? 'public' : 'reserved';
}

/** The eight groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain = dotted
    ? `${dotted[1]}${(Number(dotted[2]) * 256 + Number(dotted[3])).toString(16)}:${(Number(dotted[4]) * 256 + Number(dotted[5])).toString(16)}`
    : address;
  const [head = '', tail] = plain.split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  if (tail === undefined) return parse(head);
  const [before, after] = [parse(head), parse(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
