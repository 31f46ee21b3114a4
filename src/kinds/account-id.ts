import type { ByteSink, Kind } from './kind.js';
import { isDigit } from './normal/ascii.js';
import { digitsOf, numeralsOf } from './normal/digits.js';
import { FULL_MASK, firstCharacter, maskText } from './normal/mask.js';
import { appendBytes, compatible, normalizeText } from './normal/text.js';

const MAX_BYTES = 256;
/** Bounds of the format-preserving form: radix^digits >= 10^6 (SP 800-38G rev. 1), and more digits than any account has. */
const FEWEST_DIGITS = 6;
const MOST_DIGITS = 32;
/** Shorter ids show nothing. */
const SHORTEST_SHOWN = 8;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/**
 * Normal form: without surrounding spaces, full-width forms as ASCII (NFKC), inner spaces single; case and leading zeros are kept.
 * So ` u１２３ ` and `u123` join, `U123` and `u123`, `0123` and `123` do not: systems of accounts differ in both.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (end - start > MAX_BYTES || !isPlain(bytes, start, end)) return normalizeUnicode(bytes, start, end, sink);
  appendBytes(sink, bytes, start, end);
  return true;
}

const normalizeUnicode = normalizeText(text => {
  const id = compatible(text).replace(/\s+/gu, ' ').trim();
  return SAYS_SOMETHING.test(id) && !/\p{C}/u.test(id) ? id : undefined;
}, MAX_BYTES);

/** True for visible ASCII with a letter or digit: such an id is its own normal form, so no text is made of it. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  let saysSomething = false;
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code <= 0x20 || code >= 0x7f) return false;
    const letter = code | 0x20;
    saysSomething ||= isDigit(code) || (letter >= 0x61 && letter <= 0x7a);
  }
  return saysSomething;
}

function show(id: string): string {
  const first = [...id].length >= SHORTEST_SHOWN ? firstCharacter(id) : undefined;
  return first === undefined ? FULL_MASK : `${first}*****`;
}

/** An account number, user name or user id. */
export const ACCOUNT_ID: Kind = {
  name: 'account-id',
  title: 'Account',
  titleZh: '账号',
  classA: 'A04',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 9,
  normalize,
  mask: maskText(normalize, show),
  maskReveals: 'the first character of ids of eight or more',
  maskRevealsAtMost: 1,
  redacted: '[account-id]',
  fpe: {
    encode: normal =>
      normal.length >= FEWEST_DIGITS && normal.length <= MOST_DIGITS && /^\d+$/.test(normal)
        ? numeralsOf(normal)
        : undefined,
    decode: digitsOf,
  },
  fieldNames: [
    /(^|_)(user|account|acct|member|customer|client|login|buyer|seller|driver|courier|agent|patient|student)_?(id|no|num|number|name|code)$/,
    /(^|_)(uid|openid|unionid|userid|username|account|login|nickname|wechat|weixin|qq)$/,
    /zhanghao|yonghu|huiyuan/,
    /账号|帐号|账户(名|号|id)?$|用户(名|id|编号)|会员|昵称|微信|客户编号/,
  ],
  examples: [
    { in: ' user-00123 ', normal: 'user-00123', masked: 'u*****' },
    { in: '１００１２３４５６', normal: '100123456', masked: '1*****' },
    { in: 'Tom', normal: 'Tom', masked: FULL_MASK },
    { in: '小明  同学', normal: '小明 同学', masked: FULL_MASK },
    { in: '***' },
    { in: '  ' },
  ],
};
