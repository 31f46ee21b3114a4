import { readFileSync } from 'node:fs';
import { asVeilError } from '../core/errors.js';
import type { Diagnostic } from './diagnostic.js';
import type { Draft, DraftRule } from './draft.js';
import { type Environment, interpolate } from './environment.js';
import { Findings } from './findings.js';
import { lintPaths } from './lint-paths.js';
import { lintRoute } from './lint-route.js';
import { lintRules } from './lint-rules.js';
import { findLiteralSecrets } from './literal-secrets.js';
import type { CsvOptions, Endpoint, Policy, PolicyRule } from './policy.js';
import { policyHash, type UnhashedPolicy } from './policy-hash.js';
import type { PolicyHeader } from './policy-shape.js';
import { readDraft } from './read-draft.js';
import { parseYamlTree } from './yaml-tree.js';

/** What became of a policy file: a policy when no finding is an error, and everything that was found. */
export interface LoadedPolicy {
  readonly policy: Policy | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a policy file. Throws VeilError POLICY_UNREADABLE when there is nothing to read. */
export function readPolicy(file: string, env: Environment): LoadedPolicy {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw asVeilError(error, 'POLICY_UNREADABLE', { where: file });
  }
  return loadPolicy(file, bytes, env);
}

/** Checks the bytes of a policy file. `file` is how diagnostics call it. Every mistake is reported at once; never throws on content. */
export function loadPolicy(file: string, bytes: Uint8Array, env: Environment): LoadedPolicy {
  const findings = new Findings(file);
  const tree = parseYamlTree(bytes, findings);
  if (tree === undefined) return { policy: undefined, diagnostics: findings.diagnostics };
  findLiteralSecrets(tree, findings, path => path === 'fields');
  interpolate(tree, env, findings);
  const draft = readDraft(tree, findings);
  lintPaths(draft, findings);
  lintRules(draft, findings);
  lintRoute(draft, findings);
  const policy = findings.failed || draft.header === undefined ? undefined : policyOf(file, draft, draft.header);
  return { policy, diagnostics: findings.diagnostics };
}

function policyOf(file: string, draft: Draft, header: PolicyHeader): Policy {
  const { version, name, purpose, description, source, sink, quarantine } = header;
  const format = source.format ?? (source.file?.toLowerCase().endsWith('.csv') === true ? 'csv' : 'json');
  const unhashed: UnhashedPolicy = {
    file,
    version,
    name,
    purpose,
    description,
    source: endpointOf(source),
    format,
    csv: csvOf(header),
    sink: endpointOf(sink),
    quarantine: quarantine === undefined ? undefined : endpointOf(quarantine),
    subject: draft.subject?.path,
    eventTime: draft.eventTime?.path,
    key: draft.key?.path,
    partition: header.partition,
    lineage: header.lineage,
    unlisted: header.unlisted,
    rules: draft.rules.map(ruleOf),
    sample: header.sample,
    retention:
      header.retention === undefined
        ? undefined
        : { keepDays: Number.parseInt(header.retention.keep, 10), afterwards: 'delete' },
    allowPlaintext: header.allowPlaintext,
    tests: header.tests,
  };
  return { ...unhashed, hash: policyHash(unhashed) };
}

function csvOf({ source, sink }: PolicyHeader): CsvOptions {
  return {
    delimiter: source.delimiter ?? ',',
    quote: source.quote ?? '"',
    encoding: source.encoding ?? 'utf-8',
    neutralizeFormulas: sink.neutralizeFormulas ?? false,
  };
}

function endpointOf(end: { topic?: string | undefined; file?: string | undefined }): Endpoint {
  return end.topic === undefined ? { file: end.file ?? '' } : { topic: end.topic };
}

function ruleOf({ path, place, entry, params }: DraftRule): PolicyRule {
  return {
    path,
    do: entry.do,
    is: entry.is,
    because: entry.because,
    domain: entry.domain,
    onInvalid: entry.onInvalid ?? 'quarantine',
    params,
    line: place.line,
    column: place.col,
  };
}
