import { isDate } from './calendar.js';
import { compatible } from './text.js';

const DATE =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))/u;
const TIME = /^(?:[T ]|(?<=日))?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/iu;
const COMPACT_TIME = /^T?(\d{2})(\d{2})(\d{2})(Z|[+-]\d{2}(?::?\d{2})?)?$/iu;
const EPOCH_SECONDS = 10;
const EPOCH_MILLISECONDS = 13;
const LAST_HOUR = 23;
const LAST_OFFSET_HOUR = 14;

/** The parts of text that begins with a date: the date as `YYYY-MM-DD` and what follows it. */
function splitDate(text: string): readonly [date: string, rest: string] | undefined {
  const match = DATE.exec(text);
  const [year = 0, month = 0, day = 0] = match?.slice(1).filter(Boolean).map(Number) ?? [];
  if (match === null || !isDate(year, month, day)) return undefined;
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return [date, text.slice(match[0].length)];
}

/**
 * The date of text in one of the forms `1990-1-2`, `1990/01/02`, `1990.1.2`, `19900102`, `1990年1月2日`, with or without a time after
 * it, as `YYYY-MM-DD`; undefined when it is none or outside 1900-2099.
 */
export function parseDate(text: string): string | undefined {
  const [date, rest] = splitDate(compatible(text).trim()) ?? [];
  return date !== undefined && rest !== undefined && (rest === '' || time(rest) !== undefined) ? date : undefined;
}

/**
 * A date or a timestamp in normal form: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS[.fraction][offset]`. It stays the reading of the clock
 * that wrote it: an offset is kept (`+08:00`; `Z` for zero), a missing one is not invented. Epoch seconds (10 digits) and
 * milliseconds (13 digits) become UTC. Undefined when the text is none of these or outside 1900-2099.
 */
export function parseDateTime(text: string): string | undefined {
  const written = compatible(text).trim();
  if (/^\d+$/.test(written) && (written.length === EPOCH_SECONDS || written.length === EPOCH_MILLISECONDS)) {
    const milliseconds = written.length === EPOCH_SECONDS ? Number(written) * 1000 : Number(written);
    return parseDateTime(new Date(milliseconds).toISOString());
  }
  const [date, rest] = splitDate(written) ?? [];
  if (date === undefined || rest === undefined || rest === '') return date;
  const clock = time(rest);
  return clock === undefined ? undefined : `${date}T${clock}`;
}

/** `HH:MM:SS[.fraction][offset]` of the text after a date. */
function time(text: string): string | undefined {
  const compact = COMPACT_TIME.exec(text);
  const [, hour = '', minute = '', second = '00', fraction = '', offset = ''] =
    compact === null ? (TIME.exec(text) ?? []) : [...compact.slice(0, 4), '', compact[4]];
  if (hour === '' || Number(hour) > LAST_HOUR || Number(minute) > 59 || Number(second) > 59) return undefined;
  const zone = zoneOf(offset);
  const precise = fraction.replace(/0+$/, '');
  const clock = `${hour.padStart(2, '0')}:${minute}:${second}${precise === '' ? '' : `.${precise}`}`;
  return zone === undefined ? undefined : clock + zone;
}

/** A UTC offset as `+HH:MM`, `Z` for zero, empty when none was written. */
function zoneOf(offset: string): string | undefined {
  if (offset === '' || offset.toUpperCase() === 'Z') return offset.toUpperCase();
  const digits = offset.replace(':', '').slice(1).padEnd(4, '0');
  if (Number(digits.slice(0, 2)) > LAST_OFFSET_HOUR || Number(digits.slice(2)) > 59) return undefined;
  return digits === '0000' ? 'Z' : `${offset.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
