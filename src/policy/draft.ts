import type { FieldPath } from '../core/field-path.js';
import type { Kind } from '../kinds/kind.js';
import type { Parameters, TransformSpec } from '../transform/spec.js';
import type { Place } from './findings.js';
import type { PolicyHeader } from './policy-shape.js';
import type { RuleEntry } from './rule-shape.js';
import type { YamlTree } from './yaml-tree.js';

/** A rule whose words are right, with the places that lint points at. What it means together with others is not yet checked. */
export interface DraftRule {
  readonly path: FieldPath;
  /** Place of the path. */
  readonly place: Place;
  readonly spec: TransformSpec;
  readonly kind: Kind | undefined;
  readonly entry: RuleEntry;
  readonly params: Parameters;
  readonly tree: YamlTree;
}

/** A path that the header names: subject, key, eventTime. */
export interface DraftPath {
  readonly path: FieldPath;
  readonly place: Place;
}

/** What could be read of a policy file. Lint looks at everything that is there, even when other parts are broken. */
export interface Draft {
  readonly tree: YamlTree;
  readonly header: PolicyHeader | undefined;
  readonly rules: readonly DraftRule[];
  readonly subject: DraftPath | undefined;
  readonly key: DraftPath | undefined;
  readonly eventTime: DraftPath | undefined;
}

/** The rule with exactly this path. */
export function ruleAt(draft: Draft, path: FieldPath): DraftRule | undefined {
  return draft.rules.find(rule => rule.path.text === path.text);
}
