import type { Kind } from './kind.js';
import { maskFully } from './normal/mask.js';
import { compatible, normalizeText } from './normal/text.js';

const MAX_BYTES = 32;
const OLDEST = 150;

/** Normal form: whole years, 0 to 150, without `岁`. */
const normalize = normalizeText(text => {
  const years = /^(\d{1,3})(?:\.0+)?\s?(?:周?岁)?$/u.exec(compatible(text).trim())?.[1];
  return years === undefined || Number(years) > OLDEST ? undefined : String(Number(years));
}, MAX_BYTES);

/** The age of a person in completed years. */
export const AGE: Kind = {
  name: 'age',
  title: 'Age',
  titleZh: '年龄',
  classA: 'A01',
  classB: undefined,
  identifier: 'quasi',
  acceptsNumber: true,
  guessSpaceLog10: 2,
  normalize,
  mask: maskFully,
  maskReveals: 'nothing',
  maskRevealsAtMost: 0,
  redacted: '[age]',
  fieldNames: [/(^|_)age(_?(years|in_?years))?$/, /nianling/, /年龄/],
  examples: [
    { in: '28', normal: '28', masked: '******' },
    { in: '28岁', normal: '28', masked: '******' },
    { in: '007', normal: '7', masked: '******' },
    { in: '151' },
    { in: '-1' },
    { in: '28.5' },
  ],
};
