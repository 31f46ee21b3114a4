import { concatBytes, toHex } from '../../src/core/bytes.js';
import type { Prf } from '../../src/transform/context.js';

/** Values as a column's bytes, starts and ends, with foreign bytes before, between and after them. */
export interface LaidColumn {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Lays values out with three other bytes around each. */
export function layColumn(values: readonly Uint8Array[]): LaidColumn {
  const gap = Uint8Array.of(0xa5, 0x5a, 0xff);
  const starts = new Uint32Array(values.length);
  const ends = new Uint32Array(values.length);
  let at = gap.length;
  values.forEach((value, i) => {
    starts[i] = at;
    ends[i] = at + value.length;
    at += value.length + gap.length;
  });
  return { bytes: concatBytes(gap, ...values.flatMap(value => [value, gap])), starts, ends };
}

/** Tags of a whole column, as hex. */
export function tagsOfColumn(prf: Prf, values: readonly Uint8Array[]): string[] {
  const { bytes, starts, ends } = layColumn(values);
  const tags = new Uint8Array(values.length * 16);
  prf.evaluate(bytes, starts, ends, values.length, tags);
  return values.map((_, i) => toHex(tags.subarray(16 * i, 16 * i + 16)));
}

/** Tags of each value in a column of its own, as hex. */
export function tagsOneByOne(prf: Prf, values: readonly Uint8Array[]): string[] {
  return values.flatMap(value => tagsOfColumn(prf, [value]));
}
