import { packedDate } from '../src/core/calendar.js';
import { Token } from '../src/core/token.js';
import type { Column } from '../src/transform/column.js';
import type { Prf } from '../src/transform/context.js';
import type { Output } from '../src/transform/output.js';
import type { TransformDefinition } from '../src/transform/spec.js';
import { keysOf, roomForTags, TAG_BYTES, tagNumber } from './parts/keyed.js';
import { WrittenDate, writeDigits } from './parts/written-date.js';

const MAX_DAYS = 36_500;
const MIN_GOOD_DAYS = 30;

/**
 * shift-date: moves every date of one subject by the same secret number of days, from -maxDays to maxDays and never 0, so that
 * intervals between the dates of a person stay exact. The number is PRF(subject); the written form, the time of day and the zone stay.
 * When not to use it: when absolute dates matter (season, weekday, public events), and when the true date of one event of a
 * person is known: it gives away the shift of all others.
 * What an attacker still learns: the date within ±maxDays, the time of day, and the intervals.
 */
export const shiftDate: TransformDefinition = {
  spec: {
    name: 'shift-date',
    summary: 'dates of a subject moved by the same secret number of days',
    family: 'perturbation',
    way: 'column',
    reversible: 'with the domain key',
    deterministic: 'per epoch',
    keyed: true,
    linking: 'domain',
    perSubject: true,
    input: 'text',
    needsKind: false,
    kinds: ['birth-date', 'date-time'],
    subtree: false,
    output: 'string or number',
    parameters: {
      maxDays: {
        type: 'integer',
        min: 1,
        max: MAX_DAYS,
        unit: 'days',
        required: true,
        about: 'greatest shift in either direction',
      },
    },
    analystCan: 'measure intervals between the dates of one subject; not place them in the calendar',
    attackerLearns:
      'the date within maxDays, time of day and intervals; everything once one true date of the subject is known',
    whenNotToUse: 'when the calendar matters to the analysis, or events of the subject are publicly known',
    examples: [
      { params: { maxDays: 30 }, in: '2024-05-17', out: { matches: '^2024-0[456]-\\d\\d$' } },
      {
        params: { maxDays: 30 },
        in: '2024-05-17T08:30:00+08:00',
        out: { matches: '^2024-0[456]-\\d\\dT08:30:00\\+08:00$' },
      },
      { params: { maxDays: 30 }, in: '2023-02-29', code: 'VALUE_INVALID' },
      { params: { maxDays: 30 }, in: 'yesterday', code: 'VALUE_INVALID' },
    ],
    lint: params =>
      Number(params.maxDays) >= MIN_GOOD_DAYS
        ? []
        : [
            {
              severity: 'weak',
              message: `a shift of at most ${Number(params.maxDays)} days leaves the month nearly known`,
              fix: `use maxDays of ${MIN_GOOD_DAYS} or more`,
            },
          ],
  },
  create(params, context) {
    const shifts = new SubjectShifts(keysOf(context).prf('shift'), Number(params.maxDays));
    const date = new WrittenDate();
    return {
      apply(column, out) {
        shifts.compute(column);
        for (let row = 0; row < column.count; row++) {
          const start = column.starts[row] ?? 0;
          const end = column.ends[row] ?? 0;
          const shift = shifts.of(row);
          if (shift === 0) out.invalid(row, 'SUBJECT_MISSING');
          else if (!date.read(column.bytes, start, end)) out.invalid(row, 'VALUE_INVALID');
          else writeShifted(date, shift, column, row, out);
        }
      },
    };
  },
};

/** The shift of each row of a column, in days; 0 = the record has no subject. */
class SubjectShifts {
  readonly #prf: Prf;
  readonly #maxDays: number;
  #starts = new Uint32Array(0);
  #ends = new Uint32Array(0);
  #shifts = new Int32Array(0);
  #tags: Uint8Array = new Uint8Array(0);

  constructor(prf: Prf, maxDays: number) {
    this.#prf = prf;
    this.#maxDays = maxDays;
  }

  compute({ count, records, subjects }: Column): void {
    this.#makeRoom(count);
    for (let row = 0; row < count; row++) {
      const record = records[row] ?? 0;
      this.#starts[row] = subjects.starts[record] ?? 0;
      this.#ends[row] = subjects.ends[record] ?? 0;
    }
    this.#prf.evaluate(subjects.bytes, this.#starts, this.#ends, count, this.#tags);
    for (let row = 0; row < count; row++) {
      const hasSubject = (this.#starts[row] ?? 0) < (this.#ends[row] ?? 0);
      // 2 * maxDays shifts: -maxDays .. -1 and 1 .. maxDays. The bias of the remainder is below 2^-31.
      const index = (tagNumber(this.#tags, row) % (2 * this.#maxDays)) - this.#maxDays;
      this.#shifts[row] = hasSubject ? (index < 0 ? index : index + 1) : 0;
    }
  }

  of(row: number): number {
    return this.#shifts[row] ?? 0;
  }

  #makeRoom(count: number): void {
    this.#tags = roomForTags(this.#tags, count);
    if (count <= this.#starts.length) return;
    const rows = this.#tags.length / TAG_BYTES;
    this.#starts = new Uint32Array(rows);
    this.#ends = new Uint32Array(rows);
    this.#shifts = new Int32Array(rows);
  }
}

/** Writes the moved date in the form it was read in. Years outside 1-9999 and counts that change their length are refused. */
function writeShifted(date: WrittenDate, shift: number, column: Column, row: number, out: Output): void {
  const start = column.starts[row] ?? 0;
  const size = (column.ends[row] ?? 0) - start;
  const moved = date.unitsPerDay === 0 ? packedDate(date.day + shift) : date.units + shift * date.unitsPerDay;
  const inRange = date.unitsPerDay === 0 ? moved >= 1_01_01 && moved <= 9999_12_31 : String(moved).length === size;
  if (!inRange) {
    out.invalid(row, 'VALUE_RANGE');
    return;
  }
  const at = out.reserve(size);
  const end = at + size;
  if (date.unitsPerDay !== 0) {
    writeDigits(out.bytes, at, moved, size);
  } else {
    writeDate(out.bytes, at, moved, date.separator);
    out.bytes.set(column.bytes.subarray(date.timeAt, start + size), end - (start + size - date.timeAt));
  }
  if (column.tokens[row] === Token.NUMBER) out.number(row, at, end);
  else out.plain(row, at, end);
}

function writeDate(bytes: Uint8Array, at: number, packed: number, separator: number): void {
  let next = writeDigits(bytes, at, Math.floor(packed / 10_000), 4);
  if (separator !== 0) bytes[next++] = separator;
  next = writeDigits(bytes, next, Math.floor(packed / 100) % 100, 2);
  if (separator !== 0) bytes[next++] = separator;
  writeDigits(bytes, next, packed % 100, 2);
}
