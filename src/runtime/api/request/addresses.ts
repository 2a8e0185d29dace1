/**
 * True for an IP address outside the public internet: loopback, private, link-local (including the metadata services of
 * clouds), carrier-grade NAT, multicast, unspecified, reserved. IPv6 forms that contain an IPv4 address (mapped,
 * translated, NAT64, 6to4) are checked by that address. Text that is not an IP address counts as private, so the check
 * fails closed.
 *
 * IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), "Globally Reachable: False".
 */
export function isPrivateAddress(address: string): boolean {
  const bytes = parseAddress(address);
  if (bytes === undefined) return true;
  return bytes.length === 4 ? isPrivateIpv4(bytes) : isPrivateIpv6(bytes);
}

/**
 * True for a host that only has a meaning inside a machine or network: a private address, `localhost`, a name without a
 * dot, or one below a top-level name that public DNS never contains (RFC 6761, 6762, 8375; ICANN's `internal`). `host`
 * is the `hostname` of a `URL`: lower case, IPv6 in brackets. Other names are not resolved.
 */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (parseAddress(name) !== undefined) return isPrivateAddress(name);
  return !name.includes('.') || INTERNAL_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/** True if `address` is in the block, `10.0.0.0/8` or `fd00::/8`. An invalid block contains nothing. */
export function isInBlock(address: string, block: string): boolean {
  const [prefix = '', length = ''] = block.split('/');
  const given = parseAddress(address);
  const network = parseAddress(prefix);
  if (given?.length !== network?.length || given === undefined || network === undefined) return false;
  return /^\d{1,3}$/.test(length) && startsWith(given, network, Number(length));
}

/** The 4 or 16 bytes of an IP address; `undefined` for any other text. A zone (`fe80::1%eth0`) is ignored. */
export function parseAddress(address: string): readonly number[] | undefined {
  if (!address.includes(':')) return parseIpv4(address);
  const [text = ''] = address.split('%');
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const before = parseGroups(head);
  const after = parseGroups(tail ?? '');
  if (before === undefined || after === undefined) return undefined;
  const missing = 16 - before.length - after.length;
  // RFC 4291 §2.2: "::" stands for at least one group of zeros, and without it all eight groups are required.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...before, ...new Array<number>(missing).fill(0), ...after];
}

const INTERNAL_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa'];

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const bytes = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return parts.length === 4 && bytes.every((byte) => byte < 256) ? bytes : undefined;
}

function parseGroups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const parsed = groups.map((group, index) => {
    if (/^[0-9a-f]{1,4}$/i.test(group)) return [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff];
    return index === groups.length - 1 ? parseIpv4(group) : undefined;
  });
  return parsed.every((group) => group !== undefined) ? parsed.flat() : undefined;
}

type Block = readonly [prefix: readonly number[], length: number];
const block = (text: string): Block => {
  const [prefix = '', length] = text.split('/');
  return [parseAddress(prefix) ?? [], Number(length)];
};

const PRIVATE_IPV4: readonly Block[] = [
  '0.0.0.0/8', // "this" network, RFC 791
  '10.0.0.0/8', // private use, RFC 1918
  '100.64.0.0/10', // carrier-grade NAT, RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122
  '168.63.129.16/32', // Azure's host services, reachable from its machines only
  '169.254.0.0/16', // link-local, RFC 3927; 169.254.169.254 is the metadata service of most clouds
  '172.16.0.0/12', // private use
  '192.0.0.0/24', // IETF protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.88.99.0/24', // 6to4 relays, RFC 7526
  '192.168.0.0/16', // private use
  '198.18.0.0/15', // benchmarking, RFC 2544
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // reserved and limited broadcast, RFC 1112
].map(block);

/** Global unicast (RFC 4291 §2.4): everything else (loopback, fc00::/7, fe80::/10, ff00::/8 …) is outside. */
const GLOBAL_IPV6 = block('2000::/3');
const PRIVATE_IPV6: readonly Block[] = [
  '2001::/23', // IETF protocol assignments with Teredo, RFC 2928 and 4380
  '2001:db8::/32', // documentation, RFC 3849
  '3fff::/20', // documentation, RFC 9637
].map(block);

/** IPv6 blocks whose addresses contain an IPv4 address, and its byte offset. */
const IPV4_CARRIERS: readonly (readonly [carrier: Block, at: number])[] = [
  [block('::ffff:0:0/96'), 12], // IPv4-mapped, RFC 4291 §2.5.5.2
  [block('::ffff:0:0:0/96'), 12], // IPv4-translated, RFC 7915
  [block('64:ff9b::/96'), 12], // NAT64, RFC 6052
  [block('2002::/16'), 2], // 6to4, RFC 3056
];

function isPrivateIpv4(bytes: readonly number[]): boolean {
  return PRIVATE_IPV4.some(([prefix, length]) => startsWith(bytes, prefix, length));
}

function isPrivateIpv6(bytes: readonly number[]): boolean {
  const carrier = IPV4_CARRIERS.find(([[prefix, length]]) => startsWith(bytes, prefix, length));
  if (carrier !== undefined) return isPrivateIpv4(bytes.slice(carrier[1], carrier[1] + 4));
  if (!startsWith(bytes, ...GLOBAL_IPV6)) return true;
  return PRIVATE_IPV6.some(([prefix, length]) => startsWith(bytes, prefix, length));
}

/** True if the first `length` bits are equal. */
function startsWith(bytes: readonly number[], prefix: readonly number[], length: number): boolean {
  return bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, length - index * 8));
    const mask = (0xff00 >> bits) & 0xff;
    return (byte & mask) === ((prefix[index] ?? 0) & mask);
  });
}
