import { VeilError } from '../src/core/errors.js';
import type { TransformDefinition } from '../src/transform/spec.js';

/**
 * mask: the display mask of the kind (GB/T 35273 7.2), made from its normal form: `138****8000`, `张*`.
 * When not to use it: to join or count people (many share a mask), and for secrets, which must not be shown at all.
 * What an attacker still learns: the characters that the kind's `maskReveals` names. With other fields they may single somebody out.
 */
export const mask: TransformDefinition = {
  spec: {
    name: 'mask',
    summary: 'the display mask of the kind',
    family: 'masking',
    way: 'column',
    reversible: 'no',
    deterministic: 'always',
    keyed: false,
    linking: 'none',
    input: 'normal',
    needsKind: true,
    subtree: false,
    output: 'string',
    parameters: {},
    analystCan: 'show the value to a person who knows it already; not join or count people',
    attackerLearns: 'the characters that the mask of the kind leaves readable',
    whenNotToUse: 'for joins, and together with other fields of the same person that reveal what the mask hides',
    examples: [{ kind: 'cn-mobile', in: '13800138000', out: '138****8000' }],
    lint: (_params, kind) =>
      kind?.name === 'secret'
        ? [{ severity: 'wrong', message: 'a secret has nothing that may be shown', fix: 'drop or redact it' }]
        : [],
  },
  create(_params, context) {
    const { kind } = context;
    if (kind === undefined) throw new VeilError('RULE_KIND_MISSING', { where: context.path.text });
    return {
      apply(column, out) {
        for (let row = 0; row < column.count; row++) {
          const at = out.length;
          kind.mask(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0, out);
          out.text(row, at, out.length);
        }
      },
    };
  },
};
