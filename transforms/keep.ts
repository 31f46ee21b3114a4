import type { Kind } from '../src/kinds/kind.js';
import type { RuleFinding, TransformDefinition } from '../src/transform/spec.js';

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
    lint: (_params, kind) => lintKeep(kind),
  },
  create: () => ({
    apply(column, out) {
      for (let row = 0; row < column.count; row++) {
        out.copyText(row, column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0);
      }
    },
  }),
};

/** No reason is good enough to publish an identifier or a sensitive value; quasi-identifiers single people out together. */
function lintKeep(kind: Kind | undefined): readonly RuleFinding[] {
  if (kind === undefined) return [];
  if (kind.identifier === 'direct' || kind.classB !== undefined) {
    const what = kind.identifier === 'direct' ? 'a direct identifier' : 'sensitive (GB/T 35273 Table B.1)';
    const message = `${kind.name} is ${what} and must not be kept`;
    return [{ severity: 'wrong', message, fix: 'pseudonymize, mask, generalize or drop it' }];
  }
  if (kind.identifier !== 'quasi') return [];
  const message = `${kind.name} is kept and can single people out together with other fields`;
  return [{ severity: 'weak', message, fix: 'generalize it if the purpose allows' }];
}
