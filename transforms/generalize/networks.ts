import { textOf, utf8 } from '../../src/core/bytes.js';
import type { Generalizer } from './generalizer.js';

/** IPv4 addresses (dotted decimal) to their network: `203.0.113.0/24`. */
export function generalizeIpv4(prefix: number): Generalizer {
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  const suffix = utf8(`/${prefix}`);
  return {
    write(bytes, start, end, row, out) {
      const address = readIpv4(bytes, start, end);
      if (address < 0) {
        out.invalid(row, 'VALUE_INVALID');
        return;
      }
      const network = (address & mask) >>> 0;
      const at = out.reserve(15 + suffix.length);
      let next = at;
      for (let shift = 24; shift >= 0; shift -= 8) {
        if (shift < 24) out.bytes[next++] = 0x2e;
        next = writeOctet(out.bytes, next, (network >>> shift) & 0xff);
      }
      out.bytes.set(suffix, next);
      out.plain(row, at, next + suffix.length);
    },
  };
}

/** Four decimal numbers below 256 without leading zeros, as one unsigned 32-bit number; -1 when it is something else. */
function readIpv4(bytes: Uint8Array, start: number, end: number): number {
  let address = 0;
  let at = start;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && bytes[at++] !== 0x2e) return -1;
    const first = at;
    let octet = 0;
    while (at < end && at - first < 3 && isDigit(bytes[at] ?? 0)) octet = octet * 10 + (bytes[at++] ?? 0) - 0x30;
    if (at === first || octet > 255 || (bytes[first] === 0x30 && at - first > 1)) return -1;
    address = address * 256 + octet;
  }
  return at === end ? address : -1;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function writeOctet(bytes: Uint8Array, at: number, octet: number): number {
  let next = at;
  if (octet >= 100) bytes[next++] = 0x30 + Math.floor(octet / 100);
  if (octet >= 10) bytes[next++] = 0x30 + (Math.floor(octet / 10) % 10);
  bytes[next++] = 0x30 + (octet % 10);
  return next;
}

/** IPv6 addresses to their network in the text form of RFC 5952: `2001:db8::/48`. */
export function generalizeIpv6(prefix: number): Generalizer {
  return {
    write(bytes, start, end, row, out) {
      const groups = end - start > 45 ? undefined : readIpv6(textOf(bytes, start, end));
      if (groups === undefined) {
        out.invalid(row, 'VALUE_INVALID');
        return;
      }
      const network = groups.map((group, index) => group & groupMask(prefix - 16 * index));
      const text = utf8(`${printIpv6(network)}/${prefix}`);
      const at = out.reserve(text.length);
      out.bytes.set(text, at);
      out.plain(row, at, at + text.length);
    },
  };
}

function groupMask(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 16 ? 0xffff : (0xffff << (16 - bits)) & 0xffff;
}

/** The eight groups of an address (RFC 4291 section 2.2, dotted tail included), or undefined. */
function readIpv6(source: string): readonly number[] | undefined {
  const tail = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(source);
  const text = tail === null ? source : `${tail[1]}${dottedGroups(tail[2] ?? '')}`;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, rest] = halves.map(half => (half === '' ? [] : half.split(':')));
  if (head === undefined) return undefined;
  const missing = 8 - head.length - (rest?.length ?? 0);
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = rest === undefined ? head : [...head, ...Array<string>(missing).fill('0'), ...rest];
  return groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map(group => Number.parseInt(group, 16))
    : undefined;
}

function dottedGroups(dotted: string): string {
  const bytes = utf8(dotted);
  const address = readIpv4(bytes, 0, bytes.length);
  return address < 0 ? '-' : `${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
}

/** RFC 5952 section 4: lower case, no leading zeros, the longest run (first of equals) of two or more zero groups as `::`. */
function printIpv6(groups: readonly number[]): string {
  let [bestAt, bestSize] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let size = 0;
    while (at + size < 8 && groups[at + size] === 0) size += 1;
    if (size > bestSize) [bestAt, bestSize] = [at, size];
  }
  const hex = groups.map(group => group.toString(16));
  if (bestAt < 0) return hex.join(':');
  return `${hex.slice(0, bestAt).join(':')}::${hex.slice(bestAt + bestSize).join(':')}`;
}
