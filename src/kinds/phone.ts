import { utf8 } from '../core/bytes.js';
import { NUMBERING_PLANS } from './data/phone-metadata.js';
import type { ByteSink, Kind } from './kind.js';
import { allDigits, asciiSet, foldAscii, strip, trim } from './normal/ascii.js';
import { ByteBuffer } from './normal/byte-buffer.js';
import { maskText } from './normal/mask.js';
import { append, appendBytes, decodeText } from './normal/text.js';

const LONGEST = 40;
const HYPHEN = 0x2d;
const SEPARATORS = asciiSet(' -()');
const CHINA = '86';
const PREFIX = utf8('+86');
const MOBILE_DIGITS = 11;
/** Numbers that name one subscriber in the whole country: an area code and a number, not a number inside one town. */
const FEWEST_WITH_TRUNK = 9;
const FEWEST_WITHOUT_TRUNK = 10;
const FEWEST_INTERNATIONAL = 5;

/** The national numbers of one country calling code (ITU-T E.164). */
interface NumberingPlan {
  readonly trunks: readonly string[];
  readonly lengths: ReadonlySet<number>;
  readonly pattern: RegExp;
}

const plans = new Map<string, NumberingPlan>(
  NUMBERING_PLANS.trim()
    .split('\n')
    .map(line => {
      const [code = '', trunks = '', lengths = '', pattern = ''] = line.split(' ');
      const plan: NumberingPlan = {
        trunks: trunks === '-' ? [] : trunks.split(','),
        lengths: new Set(lengths.split(',').map(Number)),
        pattern: new RegExp(`^(?:${pattern})$`),
      };
      return [code, plan];
    }),
);

const scratch = new ByteBuffer(LONGEST);

/**
 * Normal form: E.164 (`+8613800138000`). A number without `+` or `00` is read as a number of mainland China, with or without the
 * trunk prefix 0; numbers without an area code are refused because every town has them. Extensions are refused.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (appendMobile(bytes, start, end, sink)) return true;
  scratch.length = 0;
  const at = scratch.reserve(LONGEST);
  const out = scratch.bytes;
  const folded = foldAscii(bytes, start, end, out, at, LONGEST);
  if (folded <= 0) return false;
  const trimmed = trim(out, at, folded);
  if (out[at] === HYPHEN) return false;
  const number = e164(decodeText(out, at, at + strip(out, at, trimmed, SEPARATORS)) ?? '');
  if (number === undefined) return false;
  append(sink, number);
  return true;
}

/** `13800138000` and `+8613800138000`, by far the most numbers; false for all others. */
function appendMobile(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const first = end - MOBILE_DIGITS;
  const hasPrefix = first === start + PREFIX.length && PREFIX.every((code, k) => bytes[start + k] === code);
  if (first !== start && !hasPrefix) return false;
  if (bytes[first] !== 0x31 || (bytes[first + 1] ?? 0) < 0x33 || !allDigits(bytes, first, end)) return false;
  appendBytes(sink, PREFIX, 0, PREFIX.length);
  appendBytes(sink, bytes, first, end);
  return true;
}

function e164(written: string): string | undefined {
  if (!/^\+?\d{5,20}$/.test(written)) return undefined;
  if (written.startsWith('+')) return international(written.slice(1));
  if (written.startsWith('00')) return international(written.slice(2));
  return chinese(written) ?? (written.startsWith(CHINA) ? international(written) : undefined);
}

function chinese(written: string): string | undefined {
  const trunk = written.startsWith('0');
  const national = trunk ? written.slice(1) : written;
  if (national.length < (trunk ? FEWEST_WITH_TRUNK : FEWEST_WITHOUT_TRUNK)) return undefined;
  return isNational(plans.get(CHINA), national) ? `+${CHINA}${national}` : undefined;
}

function international(digits: string): string | undefined {
  for (let length = 1; length <= 3; length += 1) {
    const code = digits.slice(0, length);
    const plan = plans.get(code);
    if (plan === undefined) continue;
    const rest = digits.slice(length);
    if (isNational(plan, rest)) return `+${code}${rest}`;
    const trunk = plan.trunks.find(prefix => rest.startsWith(prefix) && isNational(plan, rest.slice(prefix.length)));
    return trunk === undefined ? undefined : `+${code}${rest.slice(trunk.length)}`;
  }
  return undefined;
}

function isNational(plan: NumberingPlan | undefined, national: string): boolean {
  if (plan === undefined || national.length < FEWEST_INTERNATIONAL) return false;
  return plan.lengths.has(national.length) && plan.pattern.test(national);
}

/** Calling codes are prefix-free, so the first that matches is the one. */
function show(number: string): string {
  const code = [2, 3, 4].map(end => number.slice(1, end)).find(digits => plans.has(digits)) ?? '';
  const national = number.slice(code.length + 1);
  const tail = national.length >= 9 ? 4 : 0;
  return `+${code}${'*'.repeat(national.length - tail)}${tail > 0 ? national.slice(-tail) : ''}`;
}

/** A telephone number of any country, fixed or mobile. */
export const PHONE: Kind = {
  name: 'phone',
  title: 'Telephone number (any country)',
  titleZh: '电话号码',
  classA: 'A01',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 10,
  normalize,
  mask: maskText(normalize, show),
  maskReveals: 'the country code and the last four digits',
  maskRevealsAtMost: 8,
  redacted: '[phone]',
  fieldNames: [
    /(^|_)(tel|telephone|landline|phone|fax|contact)(_?(no|num|number))?$/,
    /dianhua|zuoji/,
    /电话|座机|传真|固话/,
  ],
  examples: [
    { in: '+86 138-0013-8000', normal: '+8613800138000', masked: '+86*******8000' },
    { in: '13800138000', normal: '+8613800138000', masked: '+86*******8000' },
    { in: '010-12345678', normal: '+861012345678', masked: '+86******5678' },
    { in: '(0755) 7654321', normal: '+867557654321', masked: '+86******4321' },
    { in: '400-860-8608', normal: '+864008608608', masked: '+86******8608' },
    { in: '+44 (0)20 7946 0958', normal: '+442079460958', masked: '+44******0958' },
    { in: '12345678' },
    { in: '0755-7654.321' },
    { in: '+999123456789' },
  ],
};
