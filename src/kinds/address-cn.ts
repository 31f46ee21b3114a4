import type { Kind } from './kind.js';
import { FULL_MASK, maskText } from './normal/mask.js';
import { compatible, normalizeText } from './normal/text.js';
import { REGION_PREFIX_MAX, regionPrefix } from './regions.js';

const MAX_BYTES = 2048;
const SHORTEST = 4;
const HAN = /\p{Script=Han}/gu;

/**
 * Normal form: NFKC, upper case, without spaces, invisible characters and the punctuation that people put between parts, so that
 * `北京市 海淀区，中关村大街１号` and `北京市海淀区中关村大街1号` join. Numerals in Han characters and abbreviated provinces stay as
 * they are written. Valid: four characters or more, two of them Han.
 */
const normalize = normalizeText(text => {
  const address = compatible(text)
    .replace(/[\s,、。;|/\\]+/gu, '')
    .replace(/^中国(?=.)/u, '')
    .toUpperCase();
  const odd = address.length < SHORTEST || /[\p{C}*]/u.test(address);
  return odd || (address.match(HAN)?.length ?? 0) < 2 ? undefined : address;
}, MAX_BYTES);

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
  mask: maskText(normalize, address => regionPrefix(address) + FULL_MASK),
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
    { in: '马连洼街道289号', normal: '马连洼街道289号', masked: '******' },
    { in: '289号' },
    { in: 'Room 501' },
  ],
};
