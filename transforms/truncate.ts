import { textOf, utf8 } from '../src/core/bytes.js';
import type { Kind } from '../src/kinds/kind.js';
import type { Parameters, RuleFinding, TransformDefinition } from '../src/transform/spec.js';

const MAX_CHARACTERS = 1000;

/**
 * truncate: the first characters of the value (grapheme clusters, Unicode UAX 29: a flag or a family emoji is one), the rest removed.
 * A value that is not longer than that would leave as it is, so it is refused (VALUE_RANGE).
 * When not to use it: for identifiers whose beginning says who it is (names, id cards); see the mask of the kind.
 * What an attacker still learns: the beginning of the value, and that it was longer.
 */
export const truncate: TransformDefinition = {
  spec: {
    name: 'truncate',
    summary: 'the first characters of the value',
    family: 'generalization',
    way: 'column',
    reversible: 'no',
    deterministic: 'always',
    keyed: false,
    linking: 'none',
    input: 'normal',
    needsKind: false,
    subtree: false,
    output: 'string',
    parameters: {
      characters: {
        type: 'integer',
        min: 1,
        max: MAX_CHARACTERS,
        unit: 'grapheme clusters',
        required: true,
        about: 'how many characters stay',
      },
    },
    analystCan: 'group by the beginning of the value',
    attackerLearns: 'the beginning of the value',
    whenNotToUse: 'for values whose beginning identifies a person',
    examples: [
      { params: { characters: 3 }, in: 'SF1234567', out: 'SF1' },
      { params: { characters: 1 }, in: '👨‍👩‍👧x', out: '👨‍👩‍👧' },
      { params: { characters: 9 }, in: 'SF1234567', code: 'VALUE_RANGE' },
    ],
    lint: lintTruncate,
  },
  create(params) {
    const keep = Math.max(1, Number(params.characters));
    const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
    return {
      apply(column, out) {
        for (let row = 0; row < column.count; row++) {
          const start = column.starts[row] ?? 0;
          const length = prefixLength(column.bytes, start, column.ends[row] ?? 0, keep, graphemes);
          if (length === undefined) out.invalid(row, 'VALUE_RANGE');
          else out.copyText(row, column.bytes, start, start + length);
        }
      },
    };
  },
};

/** Bytes of the first `keep` graphemes, or undefined when the value has no more than those (or `keep` is not a number). */
function prefixLength(
  bytes: Uint8Array,
  start: number,
  end: number,
  keep: number,
  graphemes: Intl.Segmenter,
): number | undefined {
  if (isAscii(bytes, start, Math.min(end, start + keep + 1))) return end - start > keep ? keep : undefined;
  const text = textOf(bytes, start, end);
  let seen = 0;
  for (const { index } of graphemes.segment(text)) {
    if (seen === keep) return utf8(text.slice(0, index)).length;
    seen += 1;
  }
  return undefined;
}

/** Printable ASCII only: there every byte is one grapheme. (CR LF would be one, and a combining mark may follow the last byte looked at.) */
function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}

function lintTruncate(params: Parameters, kind: Kind | undefined): readonly RuleFinding[] {
  const keep = Number(params.characters);
  if (kind?.identifier !== 'direct' || keep <= kind.maskRevealsAtMost) return [];
  return [
    {
      severity: 'wrong',
      message: `${keep} characters of a ${kind.name} show more than its mask may (${kind.maskRevealsAtMost})`,
      fix: 'keep fewer characters, or use mask, pseudonymize or generalize',
    },
  ];
}
