import { transformNamed } from '../../transforms/index.js';
import { VeilError } from '../core/errors.js';
import { type FieldPath, parseFieldPath } from '../core/field-path.js';
import { kindNamed } from '../kinds/index.js';
import type { Draft, DraftPath, DraftRule } from './draft.js';
import type { Findings, Place } from './findings.js';
import { treeAt } from './plain-tree.js';
import { headerShape } from './policy-shape.js';
import { kindShape, parametersOf, type RuleEntry, ruleShape } from './rule-shape.js';
import { checkShape } from './shape.js';
import { unkeyedDigest } from './unkeyed-digest.js';
import type { YamlEntry, YamlTree } from './yaml-tree.js';

const MAX_RULES = 10_000;

/** Checks words, types and bounds of a policy's tree, reporting each mistake, and returns what could be understood. */
export function readDraft(tree: YamlTree, findings: Findings): Draft {
  return {
    tree,
    header: checkShape(headerShape, tree, 'the policy', findings),
    rules: readRules(tree, findings),
    subject: readPath(tree, 'subject', findings),
    key: readPath(tree, 'key', findings),
    eventTime: readPath(tree, 'eventTime', findings),
  };
}

function readRules(tree: YamlTree, findings: Findings): DraftRule[] {
  const fields = treeAt(tree, ['fields']);
  if (fields === undefined) return [];
  if (fields.type !== 'map') {
    findings.error('POLICY_TYPE', fields.place, {
      message: '"fields" must be a map',
      fix: 'write one line "path: { do: … }" per field',
    });
  } else if (fields.entries.length > MAX_RULES) {
    findings.error('POLICY_BOUNDS', fields.place, { message: `"fields" has more than ${MAX_RULES} rules` });
  } else return fields.entries.flatMap(entry => readRule(entry, findings) ?? []);
  return [];
}

function readRule({ name, place, textPlace, value }: YamlEntry, findings: Findings): DraftRule | undefined {
  const path = parsePathAt(name, textPlace, findings);
  const digest = unkeyedDigest(value);
  if (digest !== undefined) {
    findings.error('RULE_UNKEYED_HASH', digest.place, {
      message: digest.message,
      fix: 'use "do: hash", which is keyed',
    });
    return undefined;
  }
  const rule = checkShape(ruleShape, value, 'the rule', findings);
  // The transform's name chooses the shape, so a rule with an unknown one has only its kind left to check.
  if (!isKnownTransform(value)) checkShape(kindShape, value, 'the rule', findings);
  if (rule === undefined || path === undefined) return undefined;
  const entry = rule as unknown as RuleEntry;
  const spec = transformNamed(entry.do)?.spec;
  const kind = entry.is === undefined ? undefined : kindNamed(entry.is);
  return spec === undefined ? undefined : { path, place, spec, kind, entry, params: parametersOf(rule), tree: value };
}

function isKnownTransform(rule: YamlTree): boolean {
  const word = treeAt(rule, ['do']);
  return rule.type !== 'map' || (word?.type === 'scalar' && transformNamed(String(word.value)) !== undefined);
}

function readPath(tree: YamlTree, name: string, findings: Findings): DraftPath | undefined {
  const found = treeAt(tree, [name]);
  if (found?.type !== 'scalar' || typeof found.value !== 'string' || found.value === '') return undefined;
  const path = parsePathAt(found.value, found.textPlace, findings);
  return path === undefined ? undefined : { path, place: found.place };
}

/** Parses a path; a mistake is reported at its own column. */
function parsePathAt(source: string, at: Place, findings: Findings): FieldPath | undefined {
  try {
    return parseFieldPath(source);
  } catch (error) {
    if (!(error instanceof VeilError)) throw error;
    const column = Number(/column (\d+)/.exec(error.where ?? '')?.[1] ?? 1);
    const message = `a field path must have ${error.detail.expected ?? 'names'} here`;
    findings.error('PATH_SYNTAX', { line: at.line, col: at.col + column - 1 }, { message });
    return undefined;
  }
}
