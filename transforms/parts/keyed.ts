import { VeilError } from '../../src/core/errors.js';
import type { RuleKeys, TransformContext } from '../../src/transform/context.js';

/** Bytes of a PRF tag. */
export const TAG_BYTES = 16;

/** 2^48: tag numbers lie below it. */
export const TAG_NUMBERS = 2 ** 48;

/** The rule's keys. Throws INTERNAL when a keyed transform was made without them. */
export function keysOf(context: TransformContext): RuleKeys {
  if (context.keys === undefined) throw new VeilError('INTERNAL', { where: context.path.text, expected: 'rule keys' });
  return context.keys;
}

/** The first 48 bits of a row's tag as an integer: uniform on 0 .. 2^48 - 1. */
export function tagNumber(tags: Uint8Array, row: number): number {
  let value = 0;
  for (let at = row * TAG_BYTES; at < row * TAG_BYTES + 6; at++) value = value * 256 + (tags[at] ?? 0);
  return value;
}

/** `tags` when it has room for `rows` tags, otherwise a larger array. */
export function roomForTags(tags: Uint8Array, rows: number): Uint8Array {
  return tags.length >= rows * TAG_BYTES ? tags : new Uint8Array(rows * TAG_BYTES * 2);
}
