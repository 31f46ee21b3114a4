import type { TransformDefinition } from '../src/transform/spec.js';
import { keysOf, roomForTags, TAG_NUMBERS, tagNumber } from './parts/keyed.js';

/**
 * sample: keeps the records of a share of the subjects and leaves out the others (SAMPLED_OUT). A subject is in the cohort when
 * PRF(subject) / 2^48 < rate: the same people in every run and route of the domain, and a cohort of 5 % lies inside one of 10 %.
 * The column holds the subject; it is not written to the output.
 * When not to use it: as the only protection. Who is in the sample is published like anybody else's record.
 * What an attacker still learns: of people in the sample all that the other rules leave; of others nothing.
 */
export const sample: TransformDefinition = {
  spec: {
    name: 'sample',
    summary: 'the records of a stable share of the subjects',
    family: 'sampling',
    way: 'column',
    reversible: 'no',
    deterministic: 'per epoch',
    keyed: true,
    linking: 'domain',
    input: 'normal',
    needsKind: false,
    subtree: false,
    output: 'none',
    parameters: {
      rate: {
        type: 'number',
        min: 0,
        max: 1,
        unit: 'share of subjects',
        required: true,
        about: 'share of the subjects that stay',
      },
    },
    analystCan: 'estimate rates and means; follow the sampled subjects over time',
    attackerLearns: 'of the sampled subjects what the other rules leave; that a subject is in the sample',
    whenNotToUse: 'as the only protection of a record',
    examples: [
      { params: { rate: 1 }, in: 'user-1', out: null },
      { params: { rate: 1e-9 }, in: 'user-1', code: 'SAMPLED_OUT' },
    ],
    lint: params =>
      Number(params.rate) > 0
        ? []
        : [{ severity: 'wrong', message: 'a rate of 0 leaves every record out', fix: 'choose a rate above 0' }],
  },
  create(params, context) {
    const prf = keysOf(context).prf('sample');
    const threshold = Number(params.rate) * TAG_NUMBERS;
    let tags: Uint8Array = new Uint8Array(0);
    return {
      apply(column, out) {
        tags = roomForTags(tags, column.count);
        prf.evaluate(column.bytes, column.starts, column.ends, column.count, tags);
        for (let row = 0; row < column.count; row++) {
          if (tagNumber(tags, row) < threshold) out.omit(row);
          else out.dropRecord(row, 'SAMPLED_OUT');
        }
      },
    };
  },
};
