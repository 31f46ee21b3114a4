import { utf8 } from '../core/bytes.js';
import type { ByteSink, Kind } from './kind.js';
import { luhnDigit, luhnHolds } from './normal/check-digits.js';
import { digitsOf, foldDigits, numeralsOf } from './normal/digits.js';
import { maskMiddle } from './normal/mask.js';

const SHORTEST = 13;
const LONGEST = 19;

/** Normal form: 13 to 19 digits with a Luhn check digit (ISO/IEC 7812-1), no grouping. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const digits = foldDigits(bytes, start, end, sink, LONGEST);
  const at = sink.length;
  if (digits < SHORTEST || !luhnHolds(sink.bytes, at, at + digits)) return false;
  sink.length = at + digits;
  return true;
}

/** A bank card number. */
export const BANK_CARD: Kind = {
  name: 'bank-card',
  title: 'Bank card number',
  titleZh: '银行卡号',
  classA: 'A07',
  classB: 'B1',
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 12,
  normalize,
  mask: maskMiddle(normalize, 0, 4),
  maskReveals: 'the last four digits',
  maskRevealsAtMost: 4,
  redacted: '[bank-card]',
  fpe: {
    // Every digit but the check digit is encrypted, the issuer's six digits too: an issuer and a branch narrow a person down.
    encode: normal => (/^\d{13,19}$/.test(normal) ? numeralsOf(normal.slice(0, -1)) : undefined),
    decode(numerals) {
      if (numerals.length < SHORTEST - 1 || numerals.length > LONGEST - 1) return undefined;
      const body = digitsOf(numerals);
      return body + String(luhnDigit(utf8(body), 0, body.length));
    },
  },
  fieldNames: [
    /(bank|credit|debit|pay|payment)_?card(_?(no|num|number|id))?$/,
    /(^|_)(card_?(no|num|number)|pan)$|bank_?(account|acct)(_?(no|num|number))?$/,
    /yinhangka|(^|_)(yhk|yhkh|kahao)$/,
    /银行卡|信用卡|借记卡|储蓄卡|^卡号$|银行账[号户]/,
  ],
  examples: [
    { in: '6222021234567890128', normal: '6222021234567890128', masked: '***************0128' },
    { in: '4716-2210-5188-5662', normal: '4716221051885662', masked: '************5662' },
    { in: '4929 7226 5379 7141', normal: '4929722653797141', masked: '************7141' },
    { in: '4929722653797142' },
    { in: '123456' },
  ],
};
