import { isDotted } from './ipv4.js';
import type { ByteSink, Kind } from './kind.js';
import { foldAscii, isDigit, lower, trim } from './normal/ascii.js';
import { maskText } from './normal/mask.js';

/** Room for 39 characters, a dotted tail, brackets, a zone and spaces. */
const LONGEST = 80;
const GROUPS = 8;
const COLON = 0x3a;
const DOT = 0x2e;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const PERCENT = 0x25;

/** The address that was parsed last: eight 16-bit groups. Kinds run to completion, so one is enough. */
const groups = new Uint16Array(GROUPS);

/**
 * Normal form: RFC 5952, always in hexadecimal groups (also for addresses that embed IPv4). Brackets and a zone (`%eth0`: a
 * name on one machine, not part of the address) are dropped.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < 2) return false;
  const length = trim(out, at, folded);
  lower(out, at, length);
  let from = at;
  let to = at + length;
  if (out[from] === OPEN && out[to - 1] === CLOSE) {
    from += 1;
    to -= 1;
  }
  const zone = out.subarray(from, to).indexOf(PERCENT);
  if (zone === 0 || zone === to - from - 1) return false;
  if (!parse(out, from, zone < 0 ? to : from + zone)) return false;
  sink.length = putGroups(out, at);
  return true;
}

/** Reads an IPv6 address (RFC 4291 2.2) into `groups`. */
function parse(bytes: Uint8Array, start: number, end: number): boolean {
  let count = 0;
  let gap = -1;
  let at = start;
  groups.fill(0);
  if (bytes[at] === COLON && bytes[at + 1] !== COLON) return false;
  while (at < end) {
    if (bytes[at] === COLON && bytes[at + 1] === COLON && at + 1 < end) {
      if (gap >= 0) return false;
      gap = count;
      at += 2;
      continue;
    }
    if (count > 0 && gap !== count) {
      if (bytes[at] !== COLON) return false;
      at += 1;
    }
    const next = groupEnd(bytes, at, end);
    if (bytes[next] === DOT && next < end) {
      if (count > GROUPS - 2 || !isDotted(bytes, at, end)) return false;
      count = putDotted(bytes, at, end, count);
      at = end;
      break;
    }
    if (next === at || next > at + 4 || count === GROUPS) return false;
    groups[count++] = hexAt(bytes, at, next);
    at = next;
  }
  return settleGap(gap, count);
}

/** Moves the groups after `::` to the end; true when the address is complete. */
function settleGap(gap: number, count: number): boolean {
  if (gap < 0) return count === GROUPS;
  if (count >= GROUPS) return false;
  groups.copyWithin(GROUPS - (count - gap), gap, count);
  groups.fill(0, gap, GROUPS - (count - gap));
  return true;
}

function groupEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (isDigit(bytes[at]) || isHexLetter(bytes[at]))) at += 1;
  return at;
}

function isHexLetter(code: number | undefined): boolean {
  return code !== undefined && code >= 0x61 && code <= 0x66;
}

function hexAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    value = value * 16 + (isDigit(code) ? code - 0x30 : code - 0x57);
  }
  return value;
}

function putDotted(bytes: Uint8Array, start: number, end: number, count: number): number {
  let octets = 0;
  let octet = 0;
  let pair = 0;
  for (let at = start; at <= end; at += 1) {
    if (at < end && bytes[at] !== DOT) {
      octet = octet * 10 + (bytes[at] ?? 0) - 0x30;
      continue;
    }
    pair = pair * 256 + octet;
    octet = 0;
    octets += 1;
    if (octets % 2 === 1) continue;
    groups[count + octets / 2 - 1] = pair;
    pair = 0;
  }
  return count + 2;
}

/**
 * Writes `groups` by RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. Returns
 * the position after it.
 */
function putGroups(out: Uint8Array, at: number): number {
  let runStart = GROUPS;
  let runLength = 1;
  for (let i = 0; i < GROUPS; i += 1) {
    let end = i;
    while (end < GROUPS && groups[end] === 0) end += 1;
    if (end - i > runLength) {
      runStart = i;
      runLength = end - i;
    }
  }
  let to = at;
  for (let i = 0; i < GROUPS; i += 1) {
    if (i === runStart) {
      out[to++] = COLON;
      if (i === 0) out[to++] = COLON;
      i += runLength - 1;
    } else {
      to = putHex(out, to, groups[i] ?? 0);
      if (i < GROUPS - 1) out[to++] = COLON;
    }
  }
  return to;
}

/** Writes a number below 65536 in lower-case hexadecimal without leading zeros. */
function putHex(out: Uint8Array, at: number, value: number): number {
  let to = at;
  for (let shift = value > 0xfff ? 12 : value > 0xff ? 8 : value > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 15;
    out[to++] = digit < 10 ? digit + 0x30 : digit + 0x57;
  }
  return to;
}

/** An IP address of version 6. */
export const IPV6: Kind = {
  name: 'ipv6',
  title: 'IPv6 address',
  titleZh: 'IPv6 地址',
  classA: 'A04',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 19,
  normalize,
  mask: maskText(
    normalize,
    address => `${address.startsWith('::') ? '0' : address.slice(0, address.indexOf(':'))}:*:*:*:*:*:*:*`,
  ),
  maskReveals: 'the first of eight groups',
  maskRevealsAtMost: 11,
  redacted: '[ipv6]',
  fieldNames: [/(^|_)(ipv6|ip6|ipv6_?addr|ipv6_?address)$/],
  examples: [
    {
      in: '2001:0db8:86a3:08d3:1319:8a2e:0370:7344',
      normal: '2001:db8:86a3:8d3:1319:8a2e:370:7344',
      masked: '2001:*:*:*:*:*:*:*',
    },
    { in: '2001:DB8:0:0:0:0:0:1', normal: '2001:db8::1', masked: '2001:*:*:*:*:*:*:*' },
    { in: '[fe80::1%eth0]', normal: 'fe80::1', masked: 'fe80:*:*:*:*:*:*:*' },
    { in: '::ffff:192.0.2.1', normal: '::ffff:c000:201', masked: '0:*:*:*:*:*:*:*' },
    { in: '::', normal: '::', masked: '0:*:*:*:*:*:*:*' },
    { in: '1::2::3' },
    { in: '192.168.1.1' },
    { in: '1:2:3:4:5:6:7:8:9' },
  ],
};
