import { guessKind } from '../kinds/guess.js';
import { kindNamed } from '../kinds/index.js';
import type { Draft, DraftRule } from './draft.js';
import type { Findings } from './findings.js';
import { entryPlace } from './shape.js';

/** Checks each rule by itself: transform against kind, reasons, domains, and the transform's own lint. */
export function lintRules(draft: Draft, findings: Findings): void {
  for (const rule of draft.rules) {
    lintKind(rule, findings);
    lintKeep(rule, findings);
    lintDomain(rule, draft, findings);
    for (const { severity, message, fix } of rule.spec.lint?.(rule.params, rule.kind) ?? []) {
      const place = entryPlace(rule.tree, 'do');
      if (severity === 'wrong') findings.error('RULE_WEAK', place, { message, fix });
      else findings.warning('RULE_WEAK', place, { message, fix });
    }
  }
}

function lintKind({ spec, kind, tree }: DraftRule, findings: Findings): void {
  if (kind === undefined) {
    if (spec.needsKind)
      findings.error('RULE_KIND_MISSING', entryPlace(tree, 'do'), { message: `"${spec.name}" needs "is: <kind>"` });
    return;
  }
  if (spec.kinds === undefined || spec.kinds.includes(kind.name)) return;
  findings.error('RULE_KIND', entryPlace(tree, 'is'), {
    message: `"${spec.name}" does not accept ${kind.name}`,
    fix: spec.kinds.length === 0 ? 'leave "is" out' : `it accepts: ${spec.kinds.join(', ')}`,
  });
}

/** `keep` publishes the value: it needs a reason, and a kind when the name looks like an identifier. */
function lintKeep({ spec, kind, path, entry, tree, place }: DraftRule, findings: Findings): void {
  if (spec.reversible !== 'it is the original') return;
  if (entry.because === undefined) findings.error('RULE_KEEP_BECAUSE', entryPlace(tree, 'do'));
  if (kind !== undefined) return;
  const guess = kindNamed(guessKind(path.text, [])?.kind ?? '');
  if (guess?.identifier !== 'direct') return;
  findings.warning('RULE_WEAK', place, {
    message: `"${path.text}" is kept and looks like ${guess.name}, a direct identifier`,
    fix: `say "is: ${guess.name}" and choose another transform, if it is one`,
  });
}

function lintDomain({ spec, entry, tree }: DraftRule, draft: Draft, findings: Findings): void {
  if (spec.linking === 'domain' && entry.domain === undefined) {
    findings.error('RULE_DOMAIN_MISSING', entryPlace(tree, 'do'), { message: `"${spec.name}" needs "domain"` });
  }
  if (spec.perSubject === true && draft.header !== undefined && draft.subject === undefined) {
    findings.error('POLICY_MISSING', entryPlace(tree, 'do'), {
      message: `"${spec.name}" works per subject, and the policy names none`,
      fix: 'add "subject: <path>"',
    });
  }
}
