import dns from 'node:dns/promises';
import net from 'node:net';

/** `never`: link-local (metadata of clouds), multicast, reserved and translated addresses: no receiver lives there. */
export type AddressKind = 'public' | 'private' | 'never';

const PRIVATE = blockList(
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
);
/** IANA's special-purpose registry for IPv4, but for the private ones. */
const NEVER_V4 = blockList(
  ['0.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
);
/** Of IPv6 only global unicast, without documentation, Teredo, 6to4 and the like. */
const GLOBAL_V6 = blockList(['2000::', 3]);
const NEVER_V6 = blockList(['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]);

export function addressKind(address: string): AddressKind {
  const family = net.isIPv6(address) ? 'ipv6' : 'ipv4';
  if (!net.isIP(address) || address.includes('%')) return 'never';
  // An IPv4 address in IPv6 clothes reaches the former.
  if (family === 'ipv6' && MAPPED.check(address, 'ipv6')) return 'never';
  if (PRIVATE.check(address, family)) return 'private';
  if (family === 'ipv4') return NEVER_V4.check(address) ? 'never' : 'public';
  return GLOBAL_V6.check(address, 'ipv6') && !NEVER_V6.check(address, 'ipv6') ? 'public' : 'never';
}
const MAPPED = blockList(['::ffff:0:0', 96]);

/** Why an address must not be sent to, in words for the administrator. */
export class TargetRefused extends Error {}

export interface Target {
  address: string;
  family: 4 | 6;
}

/**
 * Where a webhook's host is, all of its addresses checked. The caller connects to just this address: asking again could
 * give another one. Throws `TargetRefused` for what must not be sent to, an error of the resolver for what is not there.
 */
export async function resolveTarget(url: URL, allowPrivate: boolean): Promise<Target> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = net.isIP(host);
  const found = family ? [{ address: host, family }] : await dns.lookup(host, { all: true, verbatim: true });
  const kinds = new Set(found.map(({ address }) => addressKind(address)));
  if (kinds.has('never') || (kinds.has('private') && !allowPrivate) || found.length === 0)
    throw new TargetRefused(`${host} is at an address inside a network; only public ones are sent to`);
  if (url.protocol === 'http:' && kinds.has('public'))
    throw new TargetRefused('over http only private addresses are sent to; use https');
  const [first] = found;
  return { address: first!.address, family: first!.family === 6 ? 6 : 4 };
}

/** A sentence when the URL itself, before any look-up, cannot be a receiver's. */
export function urlFault(text: string, allowPrivate: boolean): { en: string; vi: string } | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && allowPrivate)))
    return { en: 'url must be an https address', vi: 'url phải là địa chỉ https' };
  if (url.username || url.password || url.hash)
    return {
      en: 'url must hold neither user, password nor fragment',
      vi: 'url không được chứa tên người dùng, mật khẩu hay phần sau dấu #',
    };
  return undefined;
}

function blockList(...subnets: [address: string, prefix: number][]): net.BlockList {
  const list = new net.BlockList();
  for (const [address, prefix] of subnets)
    list.addSubnet(address, prefix, net.isIPv6(address) ? 'ipv6' : 'ipv4');
  return list;
}
