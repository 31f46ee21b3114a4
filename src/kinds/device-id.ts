import type { ByteSink, Kind } from './kind.js';
import { asciiSet, foldAscii, lower, strip, trim } from './normal/ascii.js';
import { FULL_MASK, maskText } from './normal/mask.js';
import { decodeText } from './normal/text.js';

const LONGEST = 128;
const SHORTEST = 6;
const SHORTEST_SHOWN = 16;
const SHOWN = 4;
const HYPHENS = asciiSet('-{}');
const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/;
const DEVICE = /^(?=.*[a-z1-9])[a-z0-9][a-z0-9._:-]*$/;

/**
 * Normal form: lower case; a UUID without hyphens and braces, because systems store both spellings. An id of zeros alone (what a
 * phone gives when tracking is refused) is invalid: it would link everybody who refused.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(LONGEST);
  const out = sink.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded < SHORTEST) return false;
  let length = trim(out, at, folded);
  lower(out, at, length);
  if (UUID.test(decodeText(out, at, at + length) ?? '')) length = strip(out, at, length, HYPHENS);
  if (length < SHORTEST || !DEVICE.test(decodeText(out, at, at + length) ?? '')) return false;
  sink.length = at + length;
  return true;
}

function show(id: string): string {
  return id.length < SHORTEST_SHOWN ? FULL_MASK : `${FULL_MASK}${id.slice(-SHOWN)}`;
}

/** The id of a device or of an installation: Android ID, IDFA, OAID, serial number. */
export const DEVICE_ID: Kind = {
  name: 'device-id',
  title: 'Device identifier',
  titleZh: '设备标识',
  classA: 'A11',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 12,
  normalize,
  mask: maskText(normalize, show),
  maskReveals: 'the last four characters of ids of sixteen or more',
  maskRevealsAtMost: 4,
  redacted: '[device-id]',
  fieldNames: [
    /(^|_)(device|terminal|android|equipment)_?(id|no|sn|uuid)$|(^|_)(idfa|idfv|oaid|gaid|udid|serial|serial_?(no|number)|sn|imsi|iccid)$/,
    /shebei/,
    /设备(号|id|编号|标识)|序列号/,
  ],
  examples: [
    {
      in: '6D92078A-8246-4BA4-AE5B-76104861E7DC',
      normal: '6d92078a82464ba4ae5b76104861e7dc',
      masked: '******e7dc',
    },
    { in: '6d92078a82464ba4ae5b76104861e7dc', normal: '6d92078a82464ba4ae5b76104861e7dc', masked: '******e7dc' },
    { in: 'SN-0012345', normal: 'sn-0012345', masked: '******' },
    { in: '00000000-0000-0000-0000-000000000000' },
    { in: 'a b c d e f' },
  ],
};
