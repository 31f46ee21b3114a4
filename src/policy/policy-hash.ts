import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '../core/canonical-json.js';
import type { Policy } from './policy.js';

/** A policy without its hash. */
export type UnhashedPolicy = Omit<Policy, 'hash'>;

/**
 * SHA-256 (lowercase hex) of the canonical JSON (RFC 8785) of what the policy means. Comments, order, spelling of paths, the
 * description, the file's name and its tests do not matter; everything that can change an output record or its handling does.
 */
export function policyHash(policy: UnhashedPolicy): string {
  const { version, name, purpose, source, format, sink, quarantine, partition, lineage, unlisted, sample, retention } =
    policy;
  const meaning: JsonValue = {
    version,
    name,
    purpose,
    source: { ...source },
    format,
    csv: format === 'csv' ? { ...policy.csv } : undefined,
    sink: { ...sink },
    quarantine: quarantine === undefined ? undefined : { ...quarantine },
    subject: policy.subject?.text,
    eventTime: policy.eventTime?.text,
    key: policy.key?.text,
    partition,
    lineage,
    unlisted,
    rules: Object.fromEntries(policy.rules.map(rule => [rule.path.text, ruleMeaning(rule)])),
    sample: sample === undefined ? undefined : { ...sample },
    retention: retention === undefined ? undefined : { ...retention },
    allowPlaintext: policy.allowPlaintext,
  };
  return createHash('sha256').update(canonicalJson(meaning)).digest('hex');
}

function ruleMeaning(rule: Policy['rules'][number]): JsonValue {
  const { is, because, domain, onInvalid, params } = rule;
  return { do: rule.do, is, because, domain, onInvalid, params: { ...params } };
}
