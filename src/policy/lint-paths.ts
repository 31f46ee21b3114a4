import { type FieldPath, isRepeated, type Step } from '../core/field-path.js';
import type { Draft, DraftPath, DraftRule } from './draft.js';
import { ruleAt } from './draft.js';
import type { Findings } from './findings.js';

/** Checks every path against the others and against what the source can hold. */
export function lintPaths(draft: Draft, findings: Findings): void {
  lintDuplicates(draft.rules, findings);
  lintOverlaps(draft.rules, findings);
  lintReach(draft, findings);
  lintHeaderPath(draft.subject, 'subject', findings);
  lintHeaderPath(draft.eventTime, 'eventTime', findings);
  lintHeaderPath(draft.key, 'key', findings);
}

function lintDuplicates(rules: readonly DraftRule[], findings: Findings): void {
  const first = new Map<string, DraftRule>();
  for (const rule of rules) {
    const { text } = rule.path;
    const earlier = first.get(text);
    if (earlier === undefined) first.set(text, rule);
    else
      findings.error('PATH_DUPLICATE', rule.place, {
        message: `"${rule.path.text}" is the same path as in line ${earlier.place.line}`,
      });
  }
}

/** A node of the tree of all rules' steps. */
interface PathNode {
  rule: DraftRule | undefined;
  readonly next: Map<string, PathNode>;
}

function lintOverlaps(rules: readonly DraftRule[], findings: Findings): void {
  const root: PathNode = { rule: undefined, next: new Map() };
  const inValue = rules.filter(({ path }) => path.root === 'value');
  for (const rule of inValue) insert(root, rule);
  for (const rule of inValue) {
    const outer = outerRule(root, rule);
    if (outer !== undefined) {
      findings.error('PATH_OVERLAP', rule.place, {
        message: `"${rule.path.text}" lies inside "${outer.path.text}" of line ${outer.place.line}`,
      });
    }
    const shadowed = rule.path.steps.some(
      (step, depth) => step.step === 'any' && hasNamedSibling(root, rule.path, depth),
    );
    if (shadowed) {
      findings.warning('PATH_OVERLAP', rule.place, {
        message: `"*" in "${rule.path.text}" does not cover the names that other rules give at this level`,
        fix: 'nothing, if the named rules are meant to win; otherwise remove them',
      });
    }
  }
}

function insert(root: PathNode, rule: DraftRule): void {
  let node = root;
  for (const step of rule.path.steps) {
    const text = stepText(step);
    let next = node.next.get(text);
    if (next === undefined) {
      next = { rule: undefined, next: new Map() };
      node.next.set(text, next);
    }
    node = next;
  }
  node.rule ??= rule;
}

/** The rule on a proper prefix of this path, which covers it. */
function outerRule(root: PathNode, rule: DraftRule): DraftRule | undefined {
  let node: PathNode | undefined = root;
  for (const step of rule.path.steps.slice(0, -1)) {
    node = node?.next.get(stepText(step));
    if (node?.rule !== undefined) return node.rule;
  }
  return undefined;
}

function hasNamedSibling(root: PathNode, path: FieldPath, depth: number): boolean {
  let node: PathNode | undefined = root;
  for (const step of path.steps.slice(0, depth)) node = node?.next.get(stepText(step));
  return [...(node?.next.keys() ?? [])].some(text => text.startsWith('.'));
}

/** `.name`, `[]` or `*`: a member called `*` is not the wildcard. */
function stepText(step: Step): string {
  return step.step === 'member' ? `.${step.name}` : step.step === 'each' ? '[]' : '*';
}

/** `$key` and `$headers` exist on Kafka only. */
function lintReach(draft: Draft, findings: Findings): void {
  const source = draft.header?.source;
  if (source?.file === undefined) return;
  for (const { path, place } of draft.rules) {
    if (path.root === 'value') continue;
    findings.error('PATH_UNREACHABLE', place, {
      message: `"${path.text}" matches nothing: a file has no Kafka key or headers`,
    });
  }
}

/** Subject, event time and key are one value of the record each. */
function lintHeaderPath(named: DraftPath | undefined, name: string, findings: Findings): void {
  if (named === undefined) return;
  if (named.path.root !== 'value') {
    findings.error('PATH_UNREACHABLE', named.place, {
      message: `"${name}" must be a field of the value`,
      fix: 'name a field of the value',
    });
  } else if (isRepeated(named.path)) {
    findings.error('PATH_UNREACHABLE', named.place, {
      message: `"${name}" must be one value: "${named.path.text}" can match several`,
      fix: 'name a path without [] and *',
    });
  }
}

/** Subject and key must not lie inside a rule that covers them as a part, or hold parts with rules of their own. */
export function lintCoveredPath(draft: Draft, named: DraftPath | undefined, name: string, findings: Findings): void {
  if (named === undefined || named.path.root !== 'value' || ruleAt(draft, named.path) !== undefined) return;
  const steps = named.path.steps.map(stepText);
  for (const { path, place } of draft.rules) {
    if (path.root !== 'value') continue;
    const other = path.steps.map(stepText);
    const shared = other.slice(0, steps.length).every((text, depth) => text === steps[depth]);
    if (!shared || other.length === steps.length) continue;
    const relation = other.length < steps.length ? 'lies inside' : 'contains';
    findings.error('PATH_OVERLAP', named.place, {
      message: `"${name}" ${relation} "${path.text}" of line ${place.line}`,
    });
    return;
  }
}
