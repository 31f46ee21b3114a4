import { utf8 } from '../src/core/bytes.js';
import type { TransformDefinition } from '../src/transform/spec.js';

const DEFAULT_TEXT = '***';

/**
 * redact: every value becomes the same constant: the kind's own (`kind.redacted`), or the text given by `with`.
 * When not to use it: when the consumer does not need the field to exist; then `drop` says less.
 * What an attacker still learns: that the record had a value here.
 */
export const redact: TransformDefinition = {
  spec: {
    name: 'redact',
    summary: 'a constant in the place of the value',
    family: 'suppression',
    way: 'column',
    reversible: 'no',
    deterministic: 'always',
    keyed: false,
    linking: 'none',
    input: 'text',
    needsKind: false,
    subtree: false,
    output: 'string',
    parameters: {
      with: {
        type: 'text',
        maxLength: 200,
        about: 'the constant; default: the constant of the kind, or *** without a kind',
      },
    },
    analystCan: 'see that a value was present',
    attackerLearns: 'that a value was present',
    whenNotToUse: 'when nobody needs the field to exist: use drop',
    examples: [
      { in: '深圳市', out: DEFAULT_TEXT },
      { params: { with: '(removed)' }, in: '深圳市', out: '(removed)' },
    ],
  },
  create(params, context) {
    const constant = utf8(typeof params.with === 'string' ? params.with : (context.kind?.redacted ?? DEFAULT_TEXT));
    return {
      apply(column, out) {
        const at = out.reserve(constant.length);
        out.bytes.set(constant, at);
        // All rows share one copy of the constant.
        for (let row = 0; row < column.count; row++) out.text(row, at, at + constant.length);
      },
    };
  },
};
