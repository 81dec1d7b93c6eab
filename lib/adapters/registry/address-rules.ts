import { BlockList, isIP } from 'node:net';

type Subnet = readonly [net: string, prefix: number];

// https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
const loopback: readonly Subnet[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];
const never: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and in it the metadata of EC2 (169.254.169.254) and ECS (169.254.170.2)
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96], // unspecified, and IPv4 addresses as they were once written in IPv6
  ['2001::', 32], // Teredo and 6to4: IPv4 addresses, hidden
  ['2002::', 16],
  ['fd00:ec2::', 32], // EC2's metadata (::254), DNS and time
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
const reserved: readonly Subnet[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['198.18.0.0', 15],
  ['fc00::', 7],
];

/** Each IPv4 network also as a gateway to it is written, 64:ff9b::/96: https://www.rfc-editor.org/rfc/rfc6052 */
const listOf = (subnets: readonly Subnet[]): BlockList => {
  const list = new BlockList();
  for (const [net, prefix] of subnets) {
    list.addSubnet(net, prefix, isIP(net) === 4 ? 'ipv4' : 'ipv6');
    if (isIP(net) === 4) list.addSubnet(`64:ff9b::${net}`, 96 + prefix, 'ipv6');
  }
  return list;
};

export interface AddressRules {
  /** addresses of this machine count too: the rehearsal alone */
  local: boolean;
  /** exact host names that may have a private address */
  privateHosts: readonly string[];
}

/** Whether what answers at `address` may be asked as `host`. What is no IP address may not. */
export type AddressJudge = (host: string, address: string) => boolean;

export const addressJudge = ({ local, privateHosts }: AddressRules): AddressJudge => {
  const [own, closed, inside] = [loopback, never, reserved].map(listOf) as [BlockList, BlockList, BlockList];
  return (host, address) => {
    const family = isIP(address);
    if (family === 0) return false;
    const isIn = (list: BlockList): boolean => list.check(address, family === 4 ? 'ipv4' : 'ipv6');
    if (isIn(own)) return local;
    if (isIn(closed)) return false;
    return !isIn(inside) || privateHosts.includes(host);
  };
};
