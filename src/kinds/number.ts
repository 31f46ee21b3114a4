import type { ByteSink, Kind } from './kind.js';
import { plainDecimal, putPlainDecimal } from './normal/decimal.js';
import { maskFully } from './normal/mask.js';
import { compatible, normalizeText } from './normal/text.js';

const MAX_BYTES = 512;

/** Normal form: see `plainDecimal`. Thousands separators and units are refused: `1,234` is one number here and another there. */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  const at = sink.reserve(end - start);
  const to = putPlainDecimal(bytes, start, end, sink.bytes, at);
  if (to < 0) return normalizeUnicode(bytes, start, end, sink);
  sink.length = to;
  return true;
}

const normalizeUnicode = normalizeText(text => plainDecimal(compatible(text).trim()), MAX_BYTES);

/** A quantity: an amount, a weight, a count. */
export const QUANTITY: Kind = {
  name: 'number',
  title: 'Number',
  titleZh: '数值',
  classA: 'A13',
  classB: undefined,
  identifier: 'quasi',
  acceptsNumber: true,
  guessSpaceLog10: 4,
  normalize,
  mask: maskFully,
  maskReveals: 'nothing',
  maskRevealsAtMost: 0,
  redacted: '[number]',
  fieldNames: [
    /(^|_)(amount|price|salary|income|balance|weight|height|total|fee|cost|score|count|quantity|qty)$/,
    /jine|gongzi|shouru/,
    /金额|价格|工资|收入|余额|体重|身高|数量/,
  ],
  examples: [
    { in: '0012.50', normal: '12.5', masked: '******' },
    { in: '-1.5e3', normal: '-1500', masked: '******' },
    { in: '5e-7', normal: '0.0000005', masked: '******' },
    { in: '-0.0', normal: '0', masked: '******' },
    { in: '１２', normal: '12', masked: '******' },
    { in: '1,234' },
    { in: 'NaN' },
  ],
};
