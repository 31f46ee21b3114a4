import type { Kind } from './kind.js';
import { maskText } from './normal/mask.js';
import { normalizeText } from './normal/text.js';

const MAX_BYTES = 8192;
const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'ftp:', 'ws:', 'wss:']);

/**
 * Normal form: the WHATWG serialization (scheme and host in lower case, international hosts in ASCII, default port and `..` segments
 * resolved) without the fragment, which never leaves a browser. Path and query keep their case. Other schemes are refused.
 */
const normalize = normalizeText(text => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!SCHEMES.has(url.protocol) || !/[a-z0-9]/.test(url.hostname)) return undefined;
  url.hash = '';
  return url.href;
}, MAX_BYTES);

/** The address of a page or resource: what somebody browsed, and often ids in its path and query. */
export const WEB_ADDRESS: Kind = {
  name: 'url',
  title: 'URL',
  titleZh: '网址',
  classA: 'A10',
  classB: 'B5',
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 9,
  normalize,
  mask: maskText(normalize, url => `${url.slice(0, url.indexOf(':'))}://***`),
  maskReveals: 'the scheme',
  maskRevealsAtMost: 8,
  redacted: '[url]',
  fieldNames: [/(^|_)(url|uri|href|link|homepage|website|referer|referrer|avatar)$/, /wangzhi/, /网址|链接|主页/],
  examples: [
    {
      in: 'HTTPS://Example.org:443/a/../User?id=1#top',
      normal: 'https://example.org/User?id=1',
      masked: 'https://***',
    },
    { in: 'http://例子.中国/', normal: 'http://xn--fsqu00a.xn--fiqs8s/', masked: 'http://***' },
    { in: 'javascript:alert(1)' },
    { in: 'example.org' },
  ],
};
