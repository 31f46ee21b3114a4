import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vectorPath } from '../../testkit/vectors.js';
import { Random } from '../json-generator.js';
import { planOf } from '../scan-harness.js';
import { randomPlan, randomRecords } from './hostile-documents.js';
import { bothKernels } from './kernels.js';
import { outcomeOf, randomResults, type TwinInput } from './twin-run.js';

/** Documents of one run; VEIL_FUZZ asks for another number. */
const DOCUMENTS = Number(process.env.VEIL_FUZZ ?? 200_000);
const SEED = Number(process.env.VEIL_FUZZ_SEED ?? 20_260_101);
const BATCHES_A_PLAN = 12;
const MAX_BATCH = 4096;

/** Mostly small batches, now and then up to the largest. */
function batchSize(random: Random): number {
  return 1 + random.below(random.below(24) === 0 ? MAX_BATCH : random.below(4) === 0 ? 256 : 16);
}

/** Names of everything in which the outcomes differ. */
function differences(a: ReadonlyMap<string, Uint8Array>, b: ReadonlyMap<string, Uint8Array>): string[] {
  return [...a]
    .filter(([name, bytes]) => Buffer.compare(bytes, b.get(name) ?? Buffer.from('?')) !== 0)
    .map(([name]) => name);
}

describe('both kernels', () => {
  it(`make the same of ${DOCUMENTS} documents`, { timeout: 30_000 + DOCUMENTS }, () => {
    const random = new Random(SEED);
    let [seen, refused] = [0, 0];
    while (seen < DOCUMENTS) {
      const plan = randomPlan(random);
      const [typescript, wasm] = bothKernels(plan);
      for (let k = 0; k < BATCHES_A_PLAN; k++) {
        const records = randomRecords(random, batchSize(random));
        const skip = Uint8Array.from(records, () => Number(random.below(10) === 0));
        const input: TwinInput = { records, skip, ownSlab: random.below(2) === 0, results: randomResults(random) };
        const [expected, found] = [outcomeOf(typescript, input), outcomeOf(wasm, input)];
        expect(differences(expected, found), `seed ${SEED}, after ${seen} documents`).toEqual([]);
        seen += records.length;
        refused += expected.get('faults')?.filter(fault => fault !== 0).length ?? 0;
      }
      expect(wasm.unlisted, `seed ${SEED}, after ${seen} documents`).toEqual(typescript.unlisted);
    }
    expect(refused).toBeGreaterThan(DOCUMENTS / 20);
    expect(refused).toBeLessThan((DOCUMENTS * 19) / 20);
    process.stdout.write(`kernels: ${seen} documents from seed ${SEED}, ${refused} refused by both\n`);
  });

  it('make the same of JSONTestSuite, file by file and all at once', () => {
    const folder = vectorPath('jsontestsuite', 'test_parsing');
    const records = readdirSync(folder).map(name => readFileSync(vectorPath('jsontestsuite', 'test_parsing', name)));
    expect(records.length).toBeGreaterThan(300);
    const [typescript, wasm] = bothKernels(planOf({ a: 'capture', b: 'copy', '*': 'capture' }));
    for (const batch of [...records.map(record => [record]), records]) {
      const results = randomResults(new Random(1));
      const input: TwinInput = { records: batch, skip: new Uint8Array(batch.length), ownSlab: false, results };
      expect(differences(outcomeOf(typescript, input), outcomeOf(wasm, input))).toEqual([]);
    }
  });
});
