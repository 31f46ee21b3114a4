import type { TransformDefinition } from '../src/transform/spec.js';

/**
 * keep: the value leaves as the producer wrote it, byte for byte.
 * When not to use it: for anything that names or singles out a person. GB/T 35273 5.2 (minimum necessary) asks for a reason: `because`.
 * What an attacker still learns: everything in the value.
 */
export const keep: TransformDefinition = {
  spec: {
    name: 'keep',
    summary: 'the value as it is; needs a reason',
    family: 'selection',
    way: 'copy',
    reversible: 'it is the original',
    deterministic: 'always',
    keyed: false,
    linking: 'none',
    input: 'text',
    needsKind: false,
    subtree: true,
    output: 'same',
    parameters: {},
    analystCan: 'everything: it is the original value',
    attackerLearns: 'the whole value',
    whenNotToUse: 'for direct identifiers and sensitive personal information',
    examples: [{ in: '深圳市', out: '深圳市' }],
    lint: (_params, kind) =>
      kind === undefined || (kind.identifier !== 'direct' && kind.classB === undefined)
        ? []
        : [
            {
              severity: 'weak',
              message: `"keep" publishes a ${kind.name} as it is`,
              fix: 'pseudonymize, mask or drop it, unless the purpose cannot be met otherwise',
            },
          ],
  },
  create: () => ({
    apply(column, out) {
      for (let row = 0; row < column.count; row++) {
        out.copyText(row, column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0);
      }
    },
  }),
};
