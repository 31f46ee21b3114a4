import { randomBytes } from 'node:crypto';
import { openJsonKernel } from '../../src/adapters/json-kernel.js';
import type { Outcome, SourceRecord } from '../../src/core/outcome.js';
import { throwawayKeys } from '../../src/keys/throwaway-keys.js';
import { Pipeline, type PipelineParts } from '../../src/pipeline/pipeline.js';
import { loadPolicy } from '../../src/policy/load.js';
import { compilePlan } from '../../src/policy/plan.js';

/** The operating system's random generator as a port. */
export const systemRandom = { bytes: (size: number) => new Uint8Array(randomBytes(size)) };

/** A sealer that only marks: for tests that look at codes, not at ciphertext. */
export const countingSealer = { seal: (plain: Uint8Array) => new Uint8Array(plain.length), close() {} };

/** Opens a pipeline on a policy text with throw-away keys. Throws with the diagnostics when the policy is refused. */
export function openTestPipeline(yaml: string, parts: Partial<PipelineParts> = {}): Pipeline {
  const { policy, diagnostics } = loadPolicy('policy.yaml', new TextEncoder().encode(yaml), {});
  if (policy === undefined) throw new Error(`policy refused: ${JSON.stringify(diagnostics)}`);
  const plan = compilePlan(policy, parts.limits);
  return new Pipeline({
    plan,
    kernel: parts.kernel ?? openJsonKernel(plan),
    keys: throwawayKeys(systemRandom),
    sealer: countingSealer,
    random: systemRandom,
    ...parts,
  });
}

/** A record with a JSON body and nothing else. */
export function jsonRecord(value: unknown, rest: Partial<SourceRecord> = {}): SourceRecord {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { key: null, value: new TextEncoder().encode(body), headers: [], timestamp: 0, ...rest };
}

/** The parsed body of a forwarded record. Throws when the outcome is another one. */
export function bodyOf(outcome: Outcome | undefined): Record<string, unknown> {
  if (outcome?.kind !== 'forward' || outcome.value === null) {
    throw new Error(
      `expected a forwarded record, got ${outcome?.kind === 'forward' ? 'a tombstone' : JSON.stringify(outcome)}`,
    );
  }
  return JSON.parse(new TextDecoder().decode(outcome.value)) as Record<string, unknown>;
}
