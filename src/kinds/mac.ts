import type { ByteSink, Kind } from './kind.js';
import { asciiSet, foldAscii, lower, strip, trim } from './normal/ascii.js';
import { FULL_MASK, maskText } from './normal/mask.js';
import { append, decodeText } from './normal/text.js';

const LONGEST = 40;
const HYPHEN = 0x2d;
const HEX_DIGITS = 12;
const SEPARATORS = asciiSet(':-. ');
const HEX = /^[0-9a-f]{12}$/;

/** Normal form: six pairs of lower-case hexadecimal digits joined by colons (EUI-48), however they were grouped. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < HEX_DIGITS || out[at] === HYPHEN) return false;
  const length = strip(out, at, trim(out, at, folded), SEPARATORS);
  if (length !== HEX_DIGITS) return false;
  lower(out, at, length);
  const hex = decodeText(out, at, at + length) ?? '';
  if (!HEX.test(hex) || hex === '000000000000' || hex === 'ffffffffffff') return false;
  append(sink, hex.replace(/..(?=.)/g, '$&:'));
  return true;
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
