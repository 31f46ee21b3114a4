import type { TransformDefinition } from '../src/transform/spec.js';

/**
 * drop: the field is left out of the record, with everything below it.
 * When not to use it: when the purpose needs the field. Unlisted fields are dropped without a rule; a rule documents the decision.
 * What an attacker still learns: nothing, not even whether the field was present.
 */
export const drop: TransformDefinition = {
  spec: {
    name: 'drop',
    summary: 'the field is left out',
    family: 'suppression',
    way: 'omit',
    reversible: 'no',
    deterministic: 'always',
    keyed: false,
    linking: 'none',
    input: 'text',
    needsKind: false,
    subtree: true,
    output: 'none',
    parameters: {},
    analystCan: 'nothing with this field',
    attackerLearns: 'nothing, not even whether the record had the field',
    whenNotToUse: 'when the purpose needs the field',
    examples: [{ in: '张三', out: null }],
  },
  create: () => ({
    apply(column, out) {
      for (let row = 0; row < column.count; row++) out.omit(row);
    },
  }),
};
