import type { Kind } from '../kinds/kind.js';
import { clauseOf } from './clauses.js';
import type { CompiledRule, Plan } from './plan.js';
import type { Policy } from './policy.js';

/** What a policy does with one field, in words for engineers and auditors. */
export interface ExplainedField {
  readonly path: string;
  readonly kind: string;
  /** Class in GB/T 35273-2020, Table A.1 and, when sensitive, Table B.1. */
  readonly class: string;
  readonly identifier: string;
  readonly transform: string;
  readonly result: string;
  readonly reversible: string;
  readonly analystCan: string;
  readonly attackerLearns: string;
  /** Where the key lives and what it separates. */
  readonly key: string;
  readonly invalidValues: string;
  readonly because: string | undefined;
  readonly clause: string;
}

/** What a policy does as a whole. */
export interface ExplainedPolicy {
  readonly name: string;
  readonly purpose: string;
  readonly hash: string;
  readonly source: string;
  readonly sink: string;
  readonly quarantine: string;
  readonly unlisted: string;
  readonly subject: string;
  readonly domains: readonly string[];
  readonly fields: readonly ExplainedField[];
}

/** Explains every rule of a plan; the hidden rule of an unlisted subject is said with the subject. */
export function explainPlan(plan: Plan): ExplainedPolicy {
  const { policy } = plan;
  const fields = plan.rules.slice(0, policy.rules.length);
  const domains = fields.flatMap(({ keyScope }) => (keyScope === undefined ? [] : [keyScope.domain]));
  return {
    name: policy.name,
    purpose: policy.purpose,
    hash: policy.hash,
    source: endText(policy.source),
    sink: endText(policy.sink),
    quarantine: policy.quarantine === undefined ? 'none named' : `${endText(policy.quarantine)}, encrypted to the desk`,
    unlisted: policy.unlisted === 'drop' ? 'dropped' : 'the record goes to quarantine',
    subject: policy.subject?.text ?? 'none',
    domains: [...new Set([...domains, ...(policy.sample === undefined ? [] : [policy.sample.domain])])],
    fields: fields.map((rule, index) => explainRule(rule, policy.rules[index]?.because)),
  };
}

function endText(end: Policy['source']): string {
  return 'topic' in end ? `topic ${end.topic}` : `file ${end.file}`;
}

function explainRule(rule: CompiledRule, because: string | undefined): ExplainedField {
  const { kind, transform, path, onInvalid } = rule;
  const { spec } = transform;
  return {
    path: path.text,
    kind: kind === undefined ? 'not said' : `${kind.name}: ${kind.title} (${kind.titleZh})`,
    class: kind === undefined ? 'not said' : classText(kind),
    identifier: kind === undefined ? 'not said' : IDENTIFIER[kind.identifier],
    transform: transformText(rule),
    result: spec.summary,
    reversible: spec.reversible,
    analystCan: spec.analystCan,
    attackerLearns:
      spec.family === 'masking' && kind !== undefined
        ? `${spec.attackerLearns}: ${kind.maskReveals}`
        : spec.attackerLearns,
    key: keyText(rule),
    invalidValues: rule.way === 'column' ? ON_INVALID[onInvalid] : 'every value is treated alike',
    because,
    clause: clauseOf(spec),
  };
}

const IDENTIFIER: Readonly<Record<Kind['identifier'], string>> = {
  direct: 'direct: names a person by itself',
  quasi: 'quasi: singles people out together with other fields',
  none: 'none',
};

const ON_INVALID = {
  quarantine: 'the record goes to quarantine',
  redact: 'a constant is written',
  'drop-field': 'the field is left out',
} as const;

function classText(kind: Kind): string {
  const sensitive = kind.classB === undefined ? 'not sensitive' : `sensitive, Table B.1 ${kind.classB}`;
  return `Table A.1 ${kind.classA}; ${sensitive}`;
}

function transformText({ transform, params }: CompiledRule): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return [transform.spec.name, ...given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`)].join(', ');
}

function keyText({ keyScope, transform }: CompiledRule): string {
  if (keyScope === undefined) return 'no key';
  const { domain, kind, path } = keyScope;
  const where = `domain key "${domain}" of the key store`;
  if (transform.spec.perSubject === true) return `${where}; equal for all fields of one subject inside the domain`;
  const values = kind === '-' ? 'equal values' : `equal values of kind ${kind}`;
  return path === ''
    ? `${where}; joins ${values} inside the domain`
    : `${where}; for field ${path} of this policy alone: joins nothing else`;
}
