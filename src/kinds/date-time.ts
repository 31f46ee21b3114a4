import type { ByteSink, Kind } from './kind.js';
import { appendDateTime } from './normal/date-bytes.js';
import { parseDateTime } from './normal/date-time.js';
import { maskFully } from './normal/mask.js';
import { normalizeText } from './normal/text.js';

const MAX_BYTES = 64;

/**
 * Normal form: see `parseDateTime`. The same instant written with two offsets stays two values: generalizing to a day must give
 * the day that the person lived, not that of Greenwich.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  return appendDateTime(bytes, start, end, sink) || normalizeUnicode(bytes, start, end, sink);
}

const normalizeUnicode = normalizeText(parseDateTime, MAX_BYTES);

/** A date or timestamp of an event. */
export const DATE_TIME: Kind = {
  name: 'date-time',
  title: 'Date or timestamp',
  titleZh: '日期时间',
  classA: 'A13',
  classB: undefined,
  identifier: 'quasi',
  acceptsNumber: true,
  guessSpaceLog10: 8,
  normalize,
  mask: maskFully,
  maskReveals: 'nothing',
  maskRevealsAtMost: 0,
  redacted: '[date-time]',
  fieldNames: [
    /(^|_)(date|time|datetime|timestamp|ts|at|created|updated|modified)$/,
    /(^|_)(date|time)_?(created|updated|of_?\w+)$/,
    /riqi|shijian/,
    /日期|时间|时刻/,
  ],
  examples: [
    { in: '2024-01-02T03:04:05+08:00', normal: '2024-01-02T03:04:05+08:00', masked: '******' },
    { in: '2024-01-02 03:04:05.600', normal: '2024-01-02T03:04:05.6', masked: '******' },
    { in: '2024/1/2 3:04', normal: '2024-01-02T03:04:00', masked: '******' },
    { in: '20240102030405', normal: '2024-01-02T03:04:05', masked: '******' },
    { in: '1704164645', normal: '2024-01-02T03:04:05Z', masked: '******' },
    { in: '1704164645123', normal: '2024-01-02T03:04:05.123Z', masked: '******' },
    { in: '2024-01-02', normal: '2024-01-02', masked: '******' },
    { in: '2024-13-02T00:00:00Z' },
    { in: 'yesterday' },
  ],
};
