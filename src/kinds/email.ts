import type { ByteSink, Kind } from './kind.js';
import { foldAscii, lower, trim } from './normal/ascii.js';
import { maskText } from './normal/mask.js';
import { compatible, decodeText, normalizeText } from './normal/text.js';

/** RFC 5321 4.5.3.1: local part 64, path 256 with its angle brackets. */
const LONGEST = 254;
const LOCAL_LONGEST = 64;
const MAX_BYTES = 1024;

const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * Normal form: the whole address in lower case. RFC 5321 lets a host tell `A@x` from `a@x`; no public provider does, and people
 * write both, so they join. Dots and `+tags` stay: dropping them is the rule of single providers. A domain in another script
 * becomes its ASCII form (IDNA), so both spellings join. Comments, quoted local parts and display names are refused.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(MAX_BYTES);
  const out = sink.bytes;
  const folded = end - start > MAX_BYTES ? -1 : foldAscii(bytes, start, end, out, at, MAX_BYTES);
  if (folded < 0) return normalizeUnicode(bytes, start, end, sink);
  const length = trim(out, at, folded);
  lower(out, at, length);
  if (length > LONGEST || !isAddress(decodeText(out, at, at + length) ?? '')) return false;
  sink.length = at + length;
  return true;
}

const normalizeUnicode = normalizeText(text => {
  const address = compatible(text).trim().toLowerCase();
  const split = address.lastIndexOf('@');
  const lowered = `${address.slice(0, split + 1)}${asciiDomain(address.slice(split + 1))}`;
  return lowered.length <= LONGEST && isAddress(lowered) ? lowered : undefined;
}, MAX_BYTES);

function isAddress(address: string): boolean {
  const split = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(split, 0));
  return (
    local.length > 0 && local.length <= LOCAL_LONGEST && LOCAL.test(local) && DOMAIN.test(address.slice(split + 1))
  );
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
