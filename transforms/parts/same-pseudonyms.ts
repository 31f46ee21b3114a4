import { textOf, utf8 } from '../../src/core/bytes.js';
import { Token } from '../../src/core/token.js';
import type { FormatPreserving } from '../../src/kinds/kind.js';
import type { Column } from '../../src/transform/column.js';
import type { DecimalFpe } from '../../src/transform/context.js';
import type { Output } from '../../src/transform/output.js';
import type { Transform } from '../../src/transform/spec.js';

/** 10^6: smaller domains can be tried out completely (SP 800-38G Rev. 1, section 5.1). */
const FEWEST_DIGITS = 6;

/**
 * Rounds of cycle walking. Kinds have at least a tenth of their numerals valid, so that a walk is longer than this with a
 * probability below 10^-45; such a value is refused.
 */
const MOST_ROUNDS = 1000;

const JSON_INTEGER = /^[1-9][0-9]*$/;

/** A value on its walk: its row and normal form. */
interface Walker {
  readonly row: number;
  readonly normal: string;
}

/**
 * Each row becomes another valid value of its kind: numerals are encrypted, again and again until they are a valid value (cycle
 * walking, Black and Rogaway 2002), which keeps the map one to one. All values of one length walk together, one FF1 call a round.
 */
export function samePseudonyms(kind: FormatPreserving, cipher: DecimalFpe): Transform {
  return {
    apply(column, out) {
      const results = new Array<string | undefined>(column.count);
      for (const [digits, group] of groupsByLength(kind, column)) walk(kind, cipher, digits, group, results);
      for (let row = 0; row < column.count; row++) writeResult(column, row, results[row], out);
    },
  };
}

interface Group {
  readonly walkers: Walker[];
  readonly numerals: Uint8Array[];
}

function groupsByLength(kind: FormatPreserving, column: Column): ReadonlyMap<number, Group> {
  const groups = new Map<number, Group>();
  for (let row = 0; row < column.count; row++) {
    const normal = textOf(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0);
    const numerals = kind.encode(normal);
    if (numerals === undefined || numerals.length < FEWEST_DIGITS) continue;
    const group = groups.get(numerals.length) ?? { walkers: [], numerals: [] };
    group.walkers.push({ row, normal });
    group.numerals.push(numerals);
    groups.set(numerals.length, group);
  }
  return groups;
}

/** Fills `results` for the rows of one group. Walkers that arrived leave; the others move together to the front. */
function walk(
  kind: FormatPreserving,
  cipher: DecimalFpe,
  digits: number,
  group: Group,
  results: (string | undefined)[],
): void {
  const numerals = new Uint8Array(digits * group.walkers.length);
  group.numerals.forEach((one, index) => {
    numerals.set(one, index * digits);
  });
  let walking: readonly Walker[] = group.walkers;
  for (let round = 0; round < MOST_ROUNDS && walking.length > 0; round++) {
    cipher.encrypt(numerals, digits, walking.length);
    const next: Walker[] = [];
    walking.forEach((walker, index) => {
      const from = index * digits;
      const arrived = kind.decode(numerals.subarray(from, from + digits), walker.normal);
      if (arrived !== undefined) {
        results[walker.row] = arrived;
        return;
      }
      numerals.copyWithin(next.length * digits, from, from + digits);
      next.push(walker);
    });
    walking = next;
  }
}

/** A JSON number stays one when its digits allow it. */
function writeResult(column: Column, row: number, result: string | undefined, out: Output): void {
  if (result === undefined) {
    out.invalid(row, 'VALUE_INVALID');
    return;
  }
  const bytes = utf8(result);
  const at = out.reserve(bytes.length);
  out.bytes.set(bytes, at);
  if (column.tokens[row] === Token.NUMBER && JSON_INTEGER.test(result)) out.number(row, at, at + bytes.length);
  else out.text(row, at, at + bytes.length);
}
