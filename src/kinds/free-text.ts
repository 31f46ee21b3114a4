import type { Kind } from './kind.js';
import { maskFully } from './normal/mask.js';
import { normalizeText } from './normal/text.js';

const MAX_BYTES = 1024 * 1024;

/**
 * Normal form: NFC, runs of white space as one space, none at the ends. Width and case stay: text means them. Text of nothing but
 * stars was masked before and is refused.
 */
const normalize = normalizeText(text => {
  const words = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return /[^*\s]/u.test(words) ? words : undefined;
}, MAX_BYTES);

/** Text that people wrote: it may hold anything, so it counts as sensitive and shows nothing. */
export const FREE_TEXT: Kind = {
  name: 'free-text',
  title: 'Free text',
  titleZh: '自由文本',
  classA: 'A08',
  classB: 'B5',
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 12,
  normalize,
  mask: maskFully,
  maskReveals: 'nothing',
  maskRevealsAtMost: 0,
  redacted: '[free-text]',
  fieldNames: [
    /(^|_)(note|notes|remark|remarks|comment|comments|memo|message|content|text|description|feedback|summary|transcript|body)$/,
    /beizhu|liuyan/,
    /备注|留言|评论|内容|描述|说明|意见|短信/,
  ],
  examples: [
    { in: ' 请放  门口\n谢谢 ', normal: '请放 门口 谢谢', masked: '******' },
    { in: 'x', normal: 'x', masked: '******' },
    { in: '****' },
    { in: ' \n ' },
  ],
};
