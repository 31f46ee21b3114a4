import type { ByteSink, Kind } from './kind.js';
import { appendDate } from './normal/date-bytes.js';
import { parseDate } from './normal/date-time.js';
import { maskFully } from './normal/mask.js';
import { normalizeText } from './normal/text.js';

const MAX_BYTES = 64;

/**
 * Normal form: `YYYY-MM-DD`, 1900 to 2099. A time of day after the date is dropped (systems that store a birth date as a timestamp
 * write midnight); a time zone does not move the date.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  return appendDate(bytes, start, end, sink) || normalizeUnicode(bytes, start, end, sink);
}

const normalizeUnicode = normalizeText(parseDate, MAX_BYTES);

/** The date of birth of a person. */
export const BIRTH_DATE: Kind = {
  name: 'birth-date',
  title: 'Date of birth',
  titleZh: '出生日期',
  classA: 'A01',
  classB: undefined,
  identifier: 'quasi',
  acceptsNumber: true,
  guessSpaceLog10: 4.5,
  normalize,
  mask: maskFully,
  maskReveals: 'nothing',
  maskRevealsAtMost: 0,
  redacted: '[birth-date]',
  fieldNames: [
    /(^|_)(birth|birthday|birth_?date|date_?of_?birth|dob|born(_?(on|at|date))?)$/,
    /shengri|chusheng|(^|_)csrq$/,
    /生日|出生/,
  ],
  examples: [
    { in: '1990-01-02', normal: '1990-01-02', masked: '******' },
    { in: '19900102', normal: '1990-01-02', masked: '******' },
    { in: '1990/1/2', normal: '1990-01-02', masked: '******' },
    { in: '１９９０年1月2日', normal: '1990-01-02', masked: '******' },
    { in: '1990-01-02T00:00:00+08:00', normal: '1990-01-02', masked: '******' },
    { in: '1990-02-30' },
    { in: '02/01/1990' },
  ],
};
