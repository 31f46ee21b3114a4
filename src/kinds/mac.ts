import type { ByteSink, Kind } from './kind.js';
import { asciiSet, foldAscii, lower, strip, trim } from './normal/ascii.js';
import { FULL_MASK, maskText } from './normal/mask.js';

const LONGEST = 40;
const HYPHEN = 0x2d;
const HEX_DIGITS = 12;
const SEPARATORS = asciiSet(':-. ');
const HEX = asciiSet('0123456789abcdef');
/** Bytes of a normal form. */
const WRITTEN = 17;
const COLON = 0x3a;
const ZERO = 0x30;
const LETTER_F = 0x66;

/** Normal form: six pairs of lower-case hexadecimal digits joined by colons (EUI-48), however they were grouped. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < HEX_DIGITS || out[at] === HYPHEN) return false;
  const length = strip(out, at, trim(out, at, folded), SEPARATORS);
  if (length !== HEX_DIGITS) return false;
  lower(out, at, length);
  if (!isAddress(out, at)) return false;
  for (let pair = 5; pair >= 0; pair -= 1) {
    out[at + 3 * pair + 1] = out[at + 2 * pair + 1] ?? 0;
    out[at + 3 * pair] = out[at + 2 * pair] ?? 0;
    if (pair > 0) out[at + 3 * pair - 1] = COLON;
  }
  sink.length = at + WRITTEN;
  return true;
}

/** Twelve hexadecimal digits, not all `0` (no address yet) and not all `f` (everybody). */
function isAddress(bytes: Uint8Array, at: number): boolean {
  let same = 0;
  for (let k = at; k < at + HEX_DIGITS; k += 1) {
    if (HEX[bytes[k] ?? 0] !== 1) return false;
    if (bytes[k] === bytes[at]) same += 1;
  }
  return same < HEX_DIGITS || (bytes[at] !== ZERO && bytes[at] !== LETTER_F);
}

/** A random (locally administered) or group address has no vendor prefix: its first half is as telling as the rest. */
function show(mac: string): string {
  return (Number.parseInt(mac.slice(0, 2), 16) & 3) === 0 ? `${mac.slice(0, 8)}:**:**:**` : FULL_MASK;
}

/** A network interface address. */
export const MAC: Kind = {
  name: 'mac',
  title: 'MAC address',
  titleZh: 'MAC 地址',
  classA: 'A11',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 12,
  normalize,
  mask: maskText(normalize, show),
  maskReveals: 'the vendor prefix; nothing of random and group addresses',
  maskRevealsAtMost: 11,
  redacted: '[mac]',
  fieldNames: [/(^|_)(mac|mac_?addr|mac_?address|bssid)$/, /mac地址|物理地址/],
  examples: [
    { in: 'A4-5E-60-C2-01-9F', normal: 'a4:5e:60:c2:01:9f', masked: 'a4:5e:60:**:**:**' },
    { in: 'a45e.60c2.019f', normal: 'a4:5e:60:c2:01:9f', masked: 'a4:5e:60:**:**:**' },
    { in: 'a45e60c2019f', normal: 'a4:5e:60:c2:01:9f', masked: 'a4:5e:60:**:**:**' },
    { in: 'da:a1:19:00:00:01', normal: 'da:a1:19:00:00:01', masked: FULL_MASK },
    { in: '02:00:00:00:00:zz' },
    { in: '00:00:00:00:00:00' },
  ],
};
