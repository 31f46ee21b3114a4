import { type Draft, type DraftRule, ruleAt } from './draft.js';
import type { Findings } from './findings.js';
import { lintCoveredPath } from './lint-paths.js';
import { treeAt } from './plain-tree.js';
import { entryPlace } from './shape.js';

interface End {
  readonly topic?: string | undefined;
  readonly file?: string | undefined;
}

/** Checks the route: its ends, its key and subject, and settings that need one another. */
export function lintRoute(draft: Draft, findings: Findings): void {
  lintEnds(draft, findings);
  lintFormat(draft, findings);
  lintKey(draft, findings);
  lintKeyRule(draft, findings);
  lintCoveredPath(draft, draft.subject, 'subject', findings);
  if (draft.header?.sample !== undefined && draft.subject === undefined) {
    findings.error('POLICY_MISSING', entryPlace(draft.tree, 'sample'), {
      message: '"sample" chooses subjects, and the policy names none',
      fix: 'add "subject: <path>"',
    });
  }
}

function lintEnds({ header, tree }: Draft, findings: Findings): void {
  if (header === undefined) return;
  const ends: [string, End | undefined][] = [
    ['source', header.source],
    ['sink', header.sink],
    ['quarantine', header.quarantine],
  ];
  for (const [name, end] of ends) {
    if (end === undefined) continue;
    const place = entryPlace(tree, name);
    if (end.topic === undefined && end.file === undefined) {
      findings.error('POLICY_MISSING', place, { message: `"${name}" needs "topic" or "file"`, fix: 'add one of them' });
    } else if (end.topic !== undefined && end.file !== undefined) {
      findings.error('CONFIG_CONFLICT', place, { message: `"${name}" has both "topic" and "file"` });
    }
  }
  lintLoop('sink', 'source', header.sink, header.source, { tree, findings });
  lintLoop('quarantine', 'source', header.quarantine, header.source, { tree, findings });
  lintLoop('quarantine', 'sink', header.quarantine, header.sink, { tree, findings });
  if (header.source.topic !== undefined && header.quarantine === undefined) {
    findings.warning('POLICY_MISSING', entryPlace(tree, 'source'), {
      message: 'the route names no "quarantine"; `veil run` refuses to start without one',
      fix: 'add "quarantine: { topic: … }"',
    });
  }
}

function lintLoop(
  name: string,
  otherName: string,
  end: End | undefined,
  other: End,
  { tree, findings }: { tree: Draft['tree']; findings: Findings },
): void {
  const same =
    (end?.topic !== undefined && end.topic === other.topic) || (end?.file !== undefined && end.file === other.file);
  if (!same) return;
  const place = treeAt(tree, [name, end?.topic === undefined ? 'file' : 'topic'])?.place ?? entryPlace(tree, name);
  findings.error('ROUTE_LOOP', place, { message: `"${name}" is the same as "${otherName}"` });
}

function lintFormat({ header, tree }: Draft, findings: Findings): void {
  if (header === undefined) return;
  const { source, sink } = header;
  const format = source.format ?? (source.file?.toLowerCase().endsWith('.csv') === true ? 'csv' : 'json');
  if (format === 'csv') {
    if (source.topic !== undefined) {
      findings.error('CONFIG_CONFLICT', treeAt(tree, ['source', 'format'])?.place ?? tree.place, {
        message: '"format: csv" is for files: a topic has no header row that names the columns',
        fix: 'read a file, or produce JSON to the topic',
      });
    }
    if (source.delimiter !== undefined && source.delimiter === source.quote) {
      findings.error('CONFIG_CONFLICT', entryPlace(treeAt(tree, ['source']) ?? tree, 'quote'), {
        message: '"quote" and "delimiter" are the same character',
        fix: 'choose two characters',
      });
    }
    return;
  }
  for (const [end, name, value] of [
    ['source', 'delimiter', source.delimiter],
    ['source', 'quote', source.quote],
    ['source', 'encoding', source.encoding],
    ['sink', 'neutralizeFormulas', sink.neutralizeFormulas],
  ] as const) {
    if (value === undefined) continue;
    findings.error('CONFIG_CONFLICT', treeAt(tree, [end, name])?.place ?? tree.place, {
      message: `"${name}" is for CSV, and the format is json`,
      fix: `remove "${name}", or set "source.format: csv"`,
    });
  }
}

/** The output key is the result of a rule, and equal inputs must give equal keys: order and compaction hang on it. */
function lintKey(draft: Draft, findings: Findings): void {
  const { key } = draft;
  if (key === undefined || key.path.root !== 'value') return;
  const rule = ruleAt(draft, key.path);
  if (rule === undefined) {
    findings.error('POLICY_MISSING', key.place, {
      message: `"key" names "${key.path.text}", which has no rule`,
      fix: 'add a rule for it',
    });
  } else if (!makesStableKey(rule)) {
    findings.error('CONFIG_CONFLICT', key.place, {
      message: `"key" needs equal results for equal values, and "${rule.spec.name}" gives none`,
      fix: 'pseudonymize, hash or keep the key field',
    });
  }
}

function makesStableKey({ spec }: DraftRule): boolean {
  return spec.deterministic !== 'no' && spec.output !== 'none' && spec.way !== 'omit';
}

/** Tombstones have no value, so their key is made by the `$key` rule: it must give what the `key` field gives. */
function lintKeyRule(draft: Draft, findings: Findings): void {
  const keyRule = draft.rules.find(({ path }) => path.root === 'key');
  if (keyRule === undefined) return;
  if (!makesStableKey(keyRule)) {
    findings.error('CONFIG_CONFLICT', entryPlace(keyRule.tree, 'do'), {
      message: `"$key" needs equal results for equal keys, and "${keyRule.spec.name}" gives none`,
      fix: 'pseudonymize, hash or keep it',
    });
    return;
  }
  const field = draft.key === undefined ? undefined : ruleAt(draft, draft.key.path);
  if (field === undefined || agree(field, keyRule)) return;
  findings.error('CONFIG_CONFLICT', keyRule.place, {
    message: `"$key" and "key: ${field.path.text}" give different keys, so tombstones would not match their records`,
    fix: 'give both rules the same transform, kind, domain and parameters',
  });
}

function agree(a: DraftRule, b: DraftRule): boolean {
  // Without a domain a keyed rule is separated by its path, so two paths never agree.
  const linked = !a.spec.keyed || a.entry.domain !== undefined;
  return (
    linked &&
    a.spec.name === b.spec.name &&
    a.kind === b.kind &&
    a.entry.domain === b.entry.domain &&
    JSON.stringify(a.params) === JSON.stringify(b.params)
  );
}
