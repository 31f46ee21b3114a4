import type { Code } from '../core/codes.js';
import type { Quarantine } from '../core/outcome.js';
import type { QuarantineFacts } from '../pipeline/quarantine.js';

/** One line of a quarantine file: facts in clear, the record sealed. `veil-desk open-quarantine` reads it. */
export interface QuarantineLine {
  readonly v: 1;
  readonly code: Code;
  readonly path: string;
  /** Name and hash of the policy. */
  readonly policy: string;
  readonly policyHash: string;
  /** Null when the record came without coordinates. */
  readonly source: string | null;
  readonly partition: number | null;
  readonly offset: number | null;
  /** Base64. */
  readonly sealed: string;
}

/** Makes the line of a quarantined record. */
export function quarantineLine(outcome: Quarantine, facts: Omit<QuarantineFacts, 'code' | 'path'>): QuarantineLine {
  const { policy, policyHash, at } = facts;
  return {
    v: 1,
    code: outcome.code,
    path: outcome.path,
    policy,
    policyHash,
    source: at?.source ?? null,
    partition: at?.partition ?? null,
    offset: at?.offset ?? null,
    sealed: Buffer.from(outcome.sealed).toString('base64'),
  };
}
