import { textOf, utf8 } from '../../src/core/bytes.js';
import type { Output } from '../../src/transform/output.js';
import type { Parameters } from '../../src/transform/spec.js';
import type { Generalizer } from './generalizer.js';

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MOST_LABELS = 10_000;
const MOST_FAST_DIGITS = 15;

/**
 * A number as JSON writes it (RFC 8259 section 6), or NaN. Up to 15 digits without exponent are read without a string; the
 * quotient of two integers below 2^53 and a power of ten up to 10^22 is correctly rounded (Clinger 1990).
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  let value = 0;
  let point = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x2e && point < 0) point = at;
    else if (byte >= 0x30 && byte <= 0x39) value = value * 10 + byte - 0x30;
    else return slowNumber(bytes, start, end);
  }
  const leadingZero = bytes[first] === 0x30 && first + 1 < end && bytes[first + 1] !== 0x2e;
  if (end - first > MOST_FAST_DIGITS || leadingZero || point === first || point === end - 1 || first === end) {
    return slowNumber(bytes, start, end);
  }
  const scaled = point < 0 ? value : value / 10 ** (end - point - 1);
  return first === start ? scaled : -scaled;
}

function slowNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 400) return Number.NaN;
  const text = textOf(bytes, start, end);
  return JSON_NUMBER.test(text) ? Number(text) : Number.NaN;
}

/** Multiples of a decimal step, free of binary rounding: the cell of 0.3 at step 0.1 begins at 0.3. */
export class Grid {
  readonly #step: number;
  readonly #digits: number;

  constructor(step: number) {
    this.#step = step;
    this.#digits = decimalsOf(step);
  }

  /** The number of the cell that holds `value`; NaN when it cannot be counted exactly. */
  cellOf(value: number): number {
    let cell = Math.floor(value / this.#step);
    if (!Number.isSafeInteger(cell) || !Number.isSafeInteger(cell + 1)) return Number.NaN;
    while (this.edge(cell + 1) <= value) cell += 1;
    while (this.edge(cell) > value) cell -= 1;
    return cell;
  }

  /** The lower edge of a cell. */
  edge(cell: number): number {
    return Number((cell * this.#step).toFixed(this.#digits));
  }

  /** True when `value` is an edge. */
  hasEdge(value: number): boolean {
    return this.edge(Math.round(value / this.#step)) === value;
  }
}

function decimalsOf(step: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(step)) ?? [];
  return Math.min(100, Math.max(0, fraction.length - Number(exponent)));
}

/**
 * Puts numbers into cells: steps or ranges, written `[20,30)`, and the open ends `<18` and `>=90` (bottom and top coding). Without
 * steps or ranges the number itself is written, as far as bottom and top allow.
 */
export class Banding {
  readonly #grid: Grid | undefined;
  readonly #ranges: readonly number[];
  readonly #bottom: number;
  readonly #top: number;
  readonly #labels = new Map<number, Uint8Array>();

  constructor(params: Parameters) {
    this.#grid = typeof params.step === 'number' ? new Grid(params.step) : undefined;
    this.#ranges = Array.isArray(params.ranges) ? params.ranges : [];
    this.#bottom = typeof params.bottom === 'number' ? params.bottom : Number.NEGATIVE_INFINITY;
    this.#top = typeof params.top === 'number' ? params.top : Number.POSITIVE_INFINITY;
  }

  /** Gives the row the cell of `value`; VALUE_RANGE outside all cells. */
  write(value: number, row: number, out: Output): void {
    if (value < this.#bottom) writeLabel(this.#label(Number.NEGATIVE_INFINITY, `<${this.#bottom}`), row, out);
    else if (value >= this.#top) writeLabel(this.#label(Number.POSITIVE_INFINITY, `>=${this.#top}`), row, out);
    else if (this.#grid !== undefined) this.#writeStep(this.#grid, value, row, out);
    else if (this.#ranges.length > 0) this.#writeRange(value, row, out);
    else writeNumber(value, row, out);
  }

  #writeStep(grid: Grid, value: number, row: number, out: Output): void {
    const cell = grid.cellOf(value);
    if (Number.isNaN(cell)) out.invalid(row, 'VALUE_RANGE');
    else
      writeLabel(this.#labels.get(cell) ?? this.#label(cell, `[${grid.edge(cell)},${grid.edge(cell + 1)})`), row, out);
  }

  #writeRange(value: number, row: number, out: Output): void {
    let upper = 0;
    while (upper < this.#ranges.length && value >= (this.#ranges[upper] ?? 0)) upper += 1;
    if (upper === 0 || upper === this.#ranges.length) out.invalid(row, 'VALUE_RANGE');
    else writeLabel(this.#label(upper, `[${this.#ranges[upper - 1]},${this.#ranges[upper]})`), row, out);
  }

  /** Labels are few, so they are made once; a wild step over wild values must not fill the memory. */
  #label(cell: number, text: string): Uint8Array {
    const known = this.#labels.get(cell);
    if (known !== undefined) return known;
    const label = utf8(text);
    if (this.#labels.size < MOST_LABELS) this.#labels.set(cell, label);
    return label;
  }
}

function writeLabel(label: Uint8Array, row: number, out: Output): void {
  out.copyText(row, label, 0, label.length);
}

function writeNumber(value: number, row: number, out: Output): void {
  const literal = utf8(String(value));
  const at = out.reserve(literal.length);
  out.bytes.set(literal, at);
  out.number(row, at, at + literal.length);
}

/** Numbers, as JSON numbers or as text, to steps or ranges. */
export function generalizeNumbers(params: Parameters): Generalizer {
  const banding = new Banding(params);
  return {
    write(bytes, start, end, row, out) {
      const value = readNumber(bytes, start, end);
      if (Number.isNaN(value)) out.invalid(row, 'VALUE_INVALID');
      else if (!Number.isFinite(value)) out.invalid(row, 'VALUE_RANGE');
      else banding.write(value, row, out);
    },
  };
}
