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
  readonly source: string;
  readonly partition: number;
  readonly offset: number;
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
    source: at?.source ?? '',
    partition: at?.partition ?? 0,
    offset: at?.offset ?? 0,
    sealed: Buffer.from(outcome.sealed).toString('base64'),
  };
}
