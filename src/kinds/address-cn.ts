import type { ByteSink, Kind } from './kind.js';
import { asciiSet } from './normal/ascii.js';
import { HAN_BYTES, hanAt } from './normal/han.js';
import { appendFullMask, maskNormal } from './normal/mask.js';
import { appendBytes, compatible, normalizeText } from './normal/text.js';
import { REGION_PREFIX_MAX, regionAt } from './regions.js';

const MAX_BYTES = 2048;
const SHORTEST = 4;
const FEWEST_HAN = 2;
const HAN = /\p{Script=Han}/gu;
const ZHONG = 0x4e2d;
const GUO = 0x56fd;
const LEFT_OUT = asciiSet(' ,;|/\\');
const STAR = 0x2a;

/**
 * Normal form: NFKC, upper case, without spaces, invisible characters and the punctuation that people put between parts, so that
 * `北京市 海淀区，中关村大街１号` and `北京市海淀区中关村大街1号` join. Numerals in Han characters and abbreviated provinces stay as
 * they are written. Valid: four characters or more, two of them Han.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  return normalizePlain(bytes, start, end, sink) || normalizeUnicode(bytes, start, end, sink);
}

const normalizeUnicode = normalizeText(text => {
  const address = compatible(text)
    .replace(/[\s,、。;|/\\]+/gu, '')
    .replace(/^中国(?=.)/u, '')
    .toUpperCase();
  const odd = address.length < SHORTEST || /[\p{C}*]/u.test(address);
  return odd || (address.match(HAN)?.length ?? 0) < FEWEST_HAN ? undefined : address;
}, MAX_BYTES);

/** The same for Han and visible ASCII characters, byte by byte; false for all other addresses, which `normalizeUnicode` decides. */
function normalizePlain(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (end - start > MAX_BYTES) return false;
  const at = sink.reserve(end - start);
  const out = sink.bytes;
  let to = at;
  let han = 0;
  for (let from = start; from < end; ) {
    const byte = bytes[from] ?? 0;
    if (byte >= 0x80) {
      if (hanAt(bytes, from, end) === 0) return false;
      out[to] = byte;
      out[to + 1] = bytes[from + 1] ?? 0;
      out[to + 2] = bytes[from + 2] ?? 0;
      to += HAN_BYTES;
      from += HAN_BYTES;
      han += 1;
    } else {
      if (byte < 0x20 || byte === 0x7f || byte === STAR) return false;
      from += 1;
      if (LEFT_OUT[byte] !== 1) out[to++] = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
    }
  }
  const characters = to - at - (HAN_BYTES - 1) * han;
  if (characters < SHORTEST || han < FEWEST_HAN || isChina(out, at, to)) return false;
  sink.length = to;
  return true;
}

function isChina(bytes: Uint8Array, at: number, end: number): boolean {
  return hanAt(bytes, at, end) === ZHONG && hanAt(bytes, at + HAN_BYTES, end) === GUO;
}

function show(bytes: Uint8Array, start: number, end: number, sink: ByteSink): void {
  appendBytes(sink, bytes, start, regionAt(bytes, start, end).end);
  appendFullMask(sink);
}

/** A postal address in China. */
export const ADDRESS_CN: Kind = {
  name: 'address-cn',
  title: 'Address in China',
  titleZh: '地址',
  classA: 'A01',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 9,
  normalize,
  mask: maskNormal(normalize, show),
  maskReveals: 'the province and the prefecture-level city at its start, nothing below them',
  maskRevealsAtMost: REGION_PREFIX_MAX,
  redacted: '[address-cn]',
  fieldNames: [
    /(^|_)(addr|address|street|residence|domicile)(_?(line)?_?\d)?$/,
    /(^|_)(home|work|office|shipping|billing|delivery|detail|full|receiver|sender|consignee)_?(addr|address)$/,
    /dizhi|zhuzhi/,
    /地址|住址|住所|籍贯/,
  ],
  examples: [
    { in: '北京市海淀区马连洼街道289号', normal: '北京市海淀区马连洼街道289号', masked: '北京市******' },
    { in: '广东省 深圳市 南山区，科技园１号', normal: '广东省深圳市南山区科技园1号', masked: '广东省深圳市******' },
    { in: '中国上海市徐汇区888号', normal: '上海市徐汇区888号', masked: '上海市******' },
    { in: '海南藏族自治州共和县1号', normal: '海南藏族自治州共和县1号', masked: '海南藏族自治州******' },
    { in: '马连洼街道289号', normal: '马连洼街道289号', masked: '******' },
    { in: '289号' },
    { in: 'Room 501' },
  ],
};
