import { utf8 } from '../core/bytes.js';
import type { ByteSink, Kind } from './kind.js';
import { foldAscii, isDigit, trim } from './normal/ascii.js';
import { maskNormal } from './normal/mask.js';

/** Room for `::ffff:255.255.255.255` and spaces around it. */
const LONGEST = 40;
const DOT = 0x2e;
const ZERO = 0x30;
const MAPPED = utf8('::ffff:');
const HIDDEN = utf8('.*.*.*');

/**
 * Normal form: four decimal octets. The IPv4-mapped spelling `::ffff:192.0.2.1` (RFC 4291 2.5.5.2) is the same address. Leading
 * zeros are refused: programs disagree whether they mean octal.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < 7) return false;
  let length = trim(out, at, folded);
  if (isMapped(out, at, length)) {
    out.copyWithin(at, at + MAPPED.length, at + length);
    length -= MAPPED.length;
  }
  if (!isDotted(out, at, at + length)) return false;
  sink.length = at + length;
  return true;
}

function isMapped(bytes: Uint8Array, at: number, length: number): boolean {
  if (length <= MAPPED.length) return false;
  for (let i = 0; i < MAPPED.length; i += 1) {
    const code = bytes[at + i] ?? 0;
    if ((code >= 0x41 ? code | 0x20 : code) !== MAPPED[i]) return false;
  }
  return true;
}

/** True when `bytes[start .. end)` is a dotted quad (RFC 3986 3.2.2 IPv4address). */
export function isDotted(bytes: Uint8Array, start: number, end: number): boolean {
  let octets = 0;
  let at = start;
  while (at < end) {
    const first = at;
    let value = 0;
    while (at < end && isDigit(bytes[at])) value = value * 10 + (bytes[at++] ?? 0) - ZERO;
    const digits = at - first;
    if (digits === 0 || digits > 3 || value > 255 || (digits > 1 && bytes[first] === ZERO)) return false;
    octets += 1;
    if (at === end) return octets === 4;
    if (bytes[at] !== DOT) return false;
    at += 1;
  }
  return false;
}

/** An IP address of version 4. */
export const IPV4: Kind = {
  name: 'ipv4',
  title: 'IPv4 address',
  titleZh: 'IPv4 地址',
  classA: 'A04',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 9.6,
  normalize,
  mask: maskNormal(normalize, (bytes, start, end, sink) => {
    const at = sink.reserve(end - start + HIDDEN.length);
    const head = bytes.indexOf(DOT, start) - start;
    sink.bytes.set(bytes.subarray(start, start + head), at);
    sink.bytes.set(HIDDEN, at + head);
    sink.length = at + head + HIDDEN.length;
  }),
  maskReveals: 'the first octet',
  maskRevealsAtMost: 6,
  redacted: '[ipv4]',
  fieldNames: [
    /(^|_)(ip|ipv4|ip_?addr|ip_?address|client_?ip|remote_?(ip|addr)|source_?ip|src_?ip|dst_?ip)$/,
    /^ip地址$|登录ip/,
  ],
  examples: [
    { in: '192.168.1.1', normal: '192.168.1.1', masked: '192.*.*.*' },
    { in: ' ８.8.8.8 ', normal: '8.8.8.8', masked: '8.*.*.*' },
    { in: '::ffff:10.0.0.1', normal: '10.0.0.1', masked: '10.*.*.*' },
    { in: '192.168.01.1' },
    { in: '256.1.1.1' },
    { in: '1.2.3' },
  ],
};
