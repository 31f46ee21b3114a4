import { type TagForm, tagTokenPrefix, writeTagTokens } from '../../src/crypto/token-grammar.js';
import type { RuleKeys } from '../../src/transform/context.js';
import type { Transform } from '../../src/transform/spec.js';
import { roomForTags } from './keyed.js';

/** The PRF label of tag tokens: docs/formats.md. */
const LABEL = 'token';

/** Each row becomes the token of its PRF tag: one PRF call and one run of hex digits per column. */
export function tagTokens(form: TagForm, keys: RuleKeys): Transform {
  const prf = keys.prf(LABEL);
  const prefix = tagTokenPrefix(form, keys.epoch);
  let tags: Uint8Array = new Uint8Array(0);
  return {
    apply({ bytes, starts, ends, count }, out) {
      tags = roomForTags(tags, count);
      prf.evaluate(bytes, starts, ends, count, tags);
      let at = writeTagTokens(prefix, tags, count, out);
      for (let row = 0; row < count; row++) {
        const end = at + prefix.length + 32;
        out.plain(row, at, end);
        at = end;
      }
    },
  };
}
