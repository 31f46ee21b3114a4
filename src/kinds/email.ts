import { textOf, utf8 } from '../core/bytes.js';
import type { ByteSink, Kind } from './kind.js';
import { asciiSet, foldAscii, lower, trim } from './normal/ascii.js';
import { maskText } from './normal/mask.js';
import { compatible, normalizeText } from './normal/text.js';

/** RFC 5321 4.5.3.1: local part 64, path 256 with its angle brackets. */
const LONGEST = 254;
const LOCAL_LONGEST = 64;
const MAX_BYTES = 1024;

const AT = 0x40;
const DOT = 0x2e;
const HYPHEN = 0x2d;
/** RFC 5322 atext. */
const ATEXT = asciiSet("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~");
/** What `lowerPlain` writes for a byte; 0 = it declines. */
const LOWER = new Uint8Array(256);
for (let code = 0; code < ATEXT.length; code += 1)
  if (ATEXT[code] === 1 || code === AT || code === DOT) LOWER[code] = code;
for (let code = 0x41; code <= 0x5a; code += 1) LOWER[code] = code | 0x20;
const LABEL = asciiSet('abcdefghijklmnopqrstuvwxyz0123456789-');
const LABEL_LONGEST = 63;
const INTERNATIONAL = utf8('xn--');

/**
 * Normal form: the whole address in lower case. RFC 5321 lets a host tell `A@x` from `a@x`; no public provider does, and people
 * write both, so they join. Dots and `+tags` stay: dropping them is the rule of single providers. A domain in another script
 * becomes its ASCII form (IDNA), so both spellings join. Comments, quoted local parts and display names are refused.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (end - start > MAX_BYTES) return false;
  const at = sink.reserve(MAX_BYTES);
  if (lowerPlain(bytes, start, end, sink.bytes, at) && isAddress(sink.bytes, at, at + end - start)) {
    sink.length = at + end - start;
    return true;
  }
  const folded = foldAscii(bytes, start, end, sink.bytes, at, MAX_BYTES);
  if (folded < 0) return normalizeUnicode(bytes, start, end, sink);
  const length = trim(sink.bytes, at, folded);
  lower(sink.bytes, at, length);
  if (!isAddress(sink.bytes, at, at + length)) return false;
  sink.length = at + length;
  return true;
}

/** Writes ASCII letters in lower case and other atext, dots and `@` as they are; false when anything else occurs. */
function lowerPlain(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): boolean {
  for (let from = start, at = to; from < end; from += 1, at += 1) {
    const code = LOWER[bytes[from] ?? 0] ?? 0;
    if (code === 0) return false;
    out[at] = code;
  }
  return true;
}

const normalizeUnicode = normalizeText(text => {
  const address = compatible(text).trim().toLowerCase();
  if (/[\p{C}\p{Z}]/u.test(address)) return undefined;
  const split = address.lastIndexOf('@');
  const lowered = utf8(`${address.slice(0, split + 1)}${asciiDomain(address.slice(split + 1))}`);
  return isAddress(lowered, 0, lowered.length) ? textOf(lowered) : undefined;
}, MAX_BYTES);

/** True for `dot-atom@domain` in lower case; the local part may hold characters beyond ASCII (RFC 6531 3.3). */
function isAddress(bytes: Uint8Array, start: number, end: number): boolean {
  let split = end - 1;
  while (split > start && bytes[split] !== AT) split -= 1;
  if (split - start > LOCAL_LONGEST || end - start > LONGEST) return false;
  return isDotAtom(bytes, start, split) && isDomain(bytes, split + 1, end);
}

function isDotAtom(bytes: Uint8Array, start: number, end: number): boolean {
  let previous = DOT;
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === DOT ? previous === DOT : code < 0x80 && ATEXT[code] !== 1) return false;
    previous = code;
  }
  return end > start && previous !== DOT;
}

/** Two labels or more (RFC 1123 2.1), the last of letters alone or an international one. */
function isDomain(bytes: Uint8Array, start: number, end: number): boolean {
  let label = start;
  for (let at = start; at <= end; at += 1) {
    if (at < end && bytes[at] !== DOT) {
      if (LABEL[bytes[at] ?? 0] !== 1) return false;
      continue;
    }
    const length = at - label;
    if (length === 0 || length > LABEL_LONGEST || bytes[label] === HYPHEN || bytes[at - 1] === HYPHEN) return false;
    if (at === end) return label > start && length > 1 && isTopLevel(bytes, label, end);
    label = at + 1;
  }
  return false;
}

function isTopLevel(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === INTERNATIONAL[0] && INTERNATIONAL.every((code, i) => bytes[start + i] === code)) return true;
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) < 0x61) return false;
  return true;
}

/** The ASCII form of a domain (UTS 46), or an empty text when it has none. */
function asciiDomain(domain: string): string {
  if (/[\s/?#@:\\]/.test(domain)) return '';
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : '';
}

/** Providers that serve millions: their names tell nothing about a person. A company's or a family's domain may name one. */
const PUBLIC_PROVIDERS: ReadonlySet<string> = new Set(
  (
    'qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net 139.com 189.cn wo.cn sina.com sina.cn sohu.com aliyun.com 21cn.com ' +
    'tom.com 88.com gmail.com outlook.com hotmail.com live.com live.cn msn.com yahoo.com yahoo.com.cn icloud.com me.com aol.com ' +
    'proton.me'
  ).split(' '),
);

function show(address: string): string {
  const split = address.lastIndexOf('@');
  const domain = address.slice(split + 1);
  const head = split > 2 && /^[a-z0-9]/.test(address) ? address.charAt(0) : '';
  return `${head}***@${PUBLIC_PROVIDERS.has(domain) ? domain : '***'}`;
}

/** An e-mail address. */
export const EMAIL: Kind = {
  name: 'email',
  title: 'E-mail address',
  titleZh: '电子邮箱',
  classA: 'A01',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 10,
  normalize,
  mask: maskText(normalize, show),
  maskReveals: 'the first character, and the domain when it is a large public provider',
  maskRevealsAtMost: 14,
  redacted: '[email]',
  fieldNames: [/(^|_)(e_?mail|mail)(_?(addr|address|id))?$/, /youxiang/, /邮箱|电子邮件|邮件地址/],
  examples: [
    { in: 'ZhangSan@QQ.com', normal: 'zhangsan@qq.com', masked: 'z***@qq.com' },
    { in: ' duandazhi-jack@gmail.com.cn ', normal: 'duandazhi-jack@gmail.com.cn', masked: 'd***@***' },
    { in: 'li＠１６３.com', normal: 'li@163.com', masked: '***@163.com' },
    { in: '张三@例子.中国', normal: '张三@xn--fsqu00a.xn--fiqs8s', masked: '***@***' },
    { in: 'a.b+tag@example.org', normal: 'a.b+tag@example.org', masked: 'a***@***' },
    { in: 'no-at.example.org' },
    { in: 'a@b' },
    { in: 'two@@example.org' },
  ],
};
