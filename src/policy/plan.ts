import { transformNamed } from '../../transforms/index.js';
import { VeilError } from '../core/errors.js';
import type { FieldPath } from '../core/field-path.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';
import type { ScanPlan, ScanRule } from '../kernel/kernel.js';
import type { RuleKeyScope } from '../keys/ports.js';
import { kindNamed } from '../kinds/index.js';
import type { Kind } from '../kinds/kind.js';
import type { Parameters, TransformDefinition } from '../transform/spec.js';
import type { OnInvalid, Policy, PolicyRule } from './policy.js';

/**
 * One rule ready to run. Key material is not here: `keyScope` says which keys to ask a `KeyRing` for.
 * `way` says what the pipeline does with a captured value of this field:
 * `column` = run the transform; `copy` = write the value as the producer wrote it (`Shape.RAW`); `omit` = write nothing.
 */
export interface CompiledRule {
  /** Index in `Plan.rules`; the `field` of its spans. */
  readonly field: number;
  /** `path.root` says where the value comes from: the record's value, its key or a header. */
  readonly path: FieldPath;
  readonly way: 'copy' | 'omit' | 'column';
  readonly transform: TransformDefinition;
  readonly kind: Kind | undefined;
  readonly params: Parameters;
  /** Undefined for transforms without keys. */
  readonly keyScope: RuleKeyScope | undefined;
  readonly onInvalid: OnInvalid;
}

/** A policy compiled for the pipeline. It holds no keys and no mutable state: many pipelines may share it. */
export interface Plan {
  readonly policy: Policy;
  /** Rules of the record's value only, for a kernel. */
  readonly scan: ScanPlan;
  /** Every rule, the subject's hidden one included. `rules[i].field === i`. */
  readonly rules: readonly CompiledRule[];
  /** Field of the subject in the record's value (always captured), or undefined when the policy names no subject. */
  readonly subjectField: number | undefined;
  /** Field whose result becomes the output key (always captured), or undefined when the policy has no `key`. */
  readonly keyField: number | undefined;
  /** The rule for the Kafka key itself (`$key`): the output key when `keyField` is undefined, and the key of tombstones. */
  readonly keyRule: CompiledRule | undefined;
  /** Rules of headers by header name. Headers that are not here are left out. */
  readonly headerRules: ReadonlyMap<string, CompiledRule>;
  /**
   * Record sampling: run over the subject's column (`field === subjectField`); of its results only `droppedRows` counts.
   * Undefined when every record is wanted.
   */
  readonly sample: CompiledRule | undefined;
  /** Some field is sensitive (GB/T 35273 Table B.1) or a direct identifier: plain-text transport is refused. */
  readonly sensitive: boolean;
}

/** Compiles a validated policy. Throws VeilError POLICY_UNKNOWN_WORD for names that no registry knows. */
export function compilePlan(policy: Policy, limits: Limits = DEFAULT_LIMITS): Plan {
  const rules = policy.rules.map((rule, field) => compileRule(policy, rule, field));
  const listed = rules.find(rule => rule.path.text === policy.subject?.text);
  if (policy.subject !== undefined && listed === undefined) rules.push(hiddenSubject(policy.subject, rules.length));
  const subjectField = fieldOf(rules, policy.subject);
  const keyField = fieldOf(rules, policy.key);
  const looked = new Set([subjectField, keyField]);
  return {
    policy,
    scan: {
      rules: rules.filter(rule => rule.path.root === 'value').map(rule => scanRule(rule, looked)),
      unlisted: policy.unlisted === 'drop' ? 'omit' : 'fault',
      maxDepth: limits.depth,
      maxMembers: limits.members,
      maxUnlistedNames: limits.unlistedNames,
    },
    rules,
    subjectField,
    keyField,
    keyRule: rules.find(rule => rule.path.root === 'key'),
    headerRules: new Map(rules.filter(rule => rule.path.root === 'header').map(rule => [headerName(rule.path), rule])),
    sample: subjectField === undefined ? undefined : sampleRule(policy, rules[subjectField]),
    sensitive: rules.some(({ kind }) => kind !== undefined && isSensitive(kind)),
  };
}

/** True for kinds that must not cross a network in clear: Table B.1 of GB/T 35273, or direct identifiers. */
export function isSensitive(kind: Kind): boolean {
  return kind.classB !== undefined || kind.identifier === 'direct';
}

/**
 * The keys of a rule: a rule without `domain` whose transform links by path gets the policy's name as domain and its own path,
 * so that it can be joined with nothing; a named domain joins equal values of one kind across paths and routes.
 */
export function keyScopeOf(policy: Policy, rule: PolicyRule): RuleKeyScope | undefined {
  const { spec } = definitionOf(rule.do);
  if (!spec.keyed) return undefined;
  return {
    domain: rule.domain ?? policy.name,
    transform: spec.name,
    kind: spec.perSubject === true ? '-' : (rule.is ?? '-'),
    path: spec.linking === 'path' && rule.domain === undefined ? rule.path.text : '',
  };
}

function compileRule(policy: Policy, rule: PolicyRule, field: number): CompiledRule {
  const transform = definitionOf(rule.do);
  return {
    field,
    path: rule.path,
    way: transform.spec.way,
    transform,
    kind: rule.is === undefined ? undefined : kindOfName(rule.is),
    params: rule.params,
    keyScope: keyScopeOf(policy, rule),
    onInvalid: rule.onInvalid,
  };
}

/** A subject that the policy does not list is captured and never written. */
function hiddenSubject(path: FieldPath, field: number): CompiledRule {
  const transform = definitionOf('drop');
  return {
    field,
    path,
    way: 'omit',
    transform,
    kind: undefined,
    params: {},
    keyScope: undefined,
    onInvalid: 'quarantine',
  };
}

/** Subject and key are captured whatever their transform: the pipeline has to read them. */
function scanRule(rule: CompiledRule, looked: ReadonlySet<number | undefined>): ScanRule {
  const captured = rule.way === 'column' || looked.has(rule.field);
  return {
    path: rule.path,
    action: captured ? 'capture' : rule.way === 'copy' ? 'copy' : 'omit',
    field: rule.field,
    output: rule.way !== 'omit',
  };
}

function sampleRule(policy: Policy, subject: CompiledRule | undefined): CompiledRule | undefined {
  if (policy.sample === undefined || subject === undefined) return undefined;
  const transform = definitionOf('sample');
  const { rate, domain } = policy.sample;
  const kind = subject.kind?.name ?? '-';
  return {
    ...subject,
    way: 'column',
    transform,
    params: { rate },
    keyScope: { domain, transform: 'sample', kind, path: '' },
  };
}

function fieldOf(rules: readonly CompiledRule[], path: FieldPath | undefined): number | undefined {
  return path === undefined ? undefined : rules.find(rule => rule.path.text === path.text)?.field;
}

function headerName(path: FieldPath): string {
  const [step] = path.steps;
  return step?.step === 'member' ? step.name : '';
}

function definitionOf(name: string): TransformDefinition {
  const definition = transformNamed(name);
  if (definition === undefined) throw new VeilError('POLICY_UNKNOWN_WORD', { expected: 'the name of a transform' });
  return definition;
}

function kindOfName(name: string): Kind {
  const kind = kindNamed(name);
  if (kind === undefined) throw new VeilError('POLICY_UNKNOWN_WORD', { expected: 'the name of a kind' });
  return kind;
}
