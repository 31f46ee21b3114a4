import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import type { SourceRecord } from '../../src/core/outcome.js';
import { throwawayKeys } from '../../src/keys/throwaway-keys.js';
import { loadPolicy } from '../../src/policy/load.js';
import { compilePlan } from '../../src/policy/plan.js';
import { mutated, Random, randomObject } from '../kernel/json-generator.js';
import { bothKernels } from '../kernel/wasm/kernels.js';
import { openTestPipeline, systemRandom } from '../testkit/pipeline.js';

const POLICY = `
version: 1
name: twins
purpose: test
source: { topic: in, format: json }
sink: { topic: out }
quarantine: { topic: bad }
fields:
  $key: { is: account-id, do: pseudonymize, domain: d }
  $headers.trace: { do: keep, because: test }
  id: { do: keep, because: test }
  name: { is: person-name, do: mask, onInvalid: drop-field }
  phone: { is: cn-mobile, do: pseudonymize, domain: d, onInvalid: redact }
  a: { do: hash, domain: d }
  b: { do: drop }
  items[].id: { do: keep, because: test }
  items[].name: { is: person-name, do: mask }
  "姓名": { is: person-name, do: pseudonymize, domain: d }
`;

function record(random: Random): SourceRecord {
  const bytes = Buffer.from(randomObject(random));
  const value = random.below(5) === 0 ? mutated(bytes, random) : bytes;
  const headers = random.below(2) === 0 ? [] : [{ name: 'trace', value: Buffer.from(`t${random.below(9)}`) }];
  const key = random.below(9) === 0 ? null : Buffer.from(`u${random.below(50)}`);
  return { key, value: random.below(20) === 0 ? null : value, headers, timestamp: 0 };
}

it('a pipeline gives the same outcomes with either kernel, in batches of any size', () => {
  const { policy, diagnostics } = loadPolicy('policy.yaml', new TextEncoder().encode(POLICY), {});
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics));
  const random = new Random(7);
  const keys = throwawayKeys(systemRandom);
  const limits = { ...DEFAULT_LIMITS, failureRate: 1 };
  const pipelines = bothKernels(compilePlan(policy).scan).map(kernel =>
    openTestPipeline(POLICY, { kernel, keys, limits }),
  );
  const kinds = new Set<string>();
  for (const size of [1, 2, 700, 3, 64, 4096, 1, 500]) {
    const records = Array.from({ length: size }, () => record(random));
    const [typescript = [], wasm] = pipelines.map(pipeline => pipeline.process(records));
    expect(wasm).toEqual(typescript);
    for (const { kind } of typescript) kinds.add(kind);
  }
  const [typescript, wasm] = pipelines;
  expect(wasm?.unlisted).toEqual(typescript?.unlisted);
  expect(kinds).toEqual(new Set(['forward', 'quarantine']));
  for (const pipeline of pipelines) pipeline.close();
});
