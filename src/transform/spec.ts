import type { Kind } from '../kinds/kind.js';
import type { Column } from './column.js';
import type { TransformContext } from './context.js';
import type { Output } from './output.js';

/**
 * A parameter of a transform, as data: the policy's validation, JSON Schema and reference page are made from it.
 * A parameter without `default` may be left out (then it is undefined) unless it is `required`.
 */
export type Parameter = { readonly required?: true; readonly about: string } & (
  | {
      readonly type: 'integer';
      readonly min: number;
      readonly max: number;
      readonly unit: string;
      readonly default?: number;
    }
  | {
      readonly type: 'number';
      readonly min: number;
      readonly max: number;
      readonly unit: string;
      readonly default?: number;
    }
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly default?: string }
  | { readonly type: 'text'; readonly maxLength: number; readonly pattern?: string; readonly default?: string }
  | { readonly type: 'flag'; readonly default: boolean }
  | {
      readonly type: 'numbers';
      readonly min: number;
      readonly max: number;
      readonly maxItems: number;
      readonly unit: string;
    }
);

/** Values of a rule's parameters after validation and defaults. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly number[] | undefined>>;

/** An executable example: run by the law harness, shown in the reference page. `out: null` = omitted; `code` = refused with it. */
export interface Example {
  readonly kind?: string;
  readonly params?: Parameters;
  readonly in: string | number | boolean | null | object;
  /** Expected output; for keyed results a regular expression as `{ matches }`. */
  readonly out?: string | number | null | { readonly matches: string };
  readonly code?: string;
}

/** A finding of a transform's own lint: `weak` warns, `wrong` refuses. */
export interface RuleFinding {
  readonly severity: 'wrong' | 'weak';
  readonly message: string;
  readonly fix: string;
}

/** Everything about a transform that is not code: docs, schema, lint, law tests, benches and metric labels follow from it. */
export interface TransformSpec {
  readonly name: string;
  /** One line for tables. */
  readonly summary: string;
  /** ISO/IEC 20889 family. */
  readonly family:
    | 'selection'
    | 'suppression'
    | 'masking'
    | 'pseudonymization'
    | 'cryptographic'
    | 'generalization'
    | 'perturbation'
    | 'sampling';
  /** How the compiled plan treats it: `copy` and `omit` are decided while scanning, `column` goes through `create().apply`. */
  readonly way: 'copy' | 'omit' | 'column';
  /** Who could get the original back from the output. */
  readonly reversible: 'no' | 'with the domain key' | 'it is the original';
  /** Equal input gives equal output: always, under one key epoch, or never. */
  readonly deterministic: 'always' | 'per epoch' | 'no';
  /** Needs a domain key. */
  readonly keyed: boolean;
  /** `path` = default domain is the policy, separated by field path; `domain` = the rule must name a domain; `none` = unkeyed. */
  readonly linking: 'path' | 'domain' | 'none';
  /**
   * The keyed function reads the record's subject instead of the value: the rule's keys are not separated by kind (scope kind
   * `-`), so that all such fields of a subject agree, and the policy must name its `subject`.
   */
  readonly perSubject?: true;
  /** What rows hold: the kind's normal form, or the text as written. */
  readonly input: 'normal' | 'text';
  /** Needs `is: <kind>`. */
  readonly needsKind: boolean;
  /** Names of accepted kinds; undefined = every kind. */
  readonly kinds?: readonly string[];
  /** A rule may stand on an object or array and covers the whole subtree. */
  readonly subtree: boolean;
  /** JSON type of the output, for derived schemas. */
  readonly output: 'string' | 'number' | 'string or number' | 'same' | 'none';
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What an analyst can still do with the output. */
  readonly analystCan: string;
  /** What an attacker who sees only the output still learns. */
  readonly attackerLearns: string;
  readonly whenNotToUse: string;
  readonly examples: readonly Example[];
  /** Checks that bounds alone cannot express. */
  readonly lint?: (params: Parameters, kind: Kind | undefined) => readonly RuleFinding[];
}

/** A transform made for one rule. */
export interface Transform {
  /** The hot loop: reads every row, gives every row exactly one result. Must not keep references to column or out. */
  apply(column: Column, out: Output): void;
}

/** A transform as its file exports it. */
export interface TransformDefinition {
  readonly spec: TransformSpec;
  /** All set-up: keys, tables, scratch. Throws VeilError RULE_KIND or KEY_* when the rule cannot work. */
  create(params: Parameters, context: TransformContext): Transform;
}
