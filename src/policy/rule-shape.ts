import { z } from 'zod';
import { TRANSFORMS } from '../../transforms/index.js';
import { NAME_PATTERN, NAME_RULE } from '../keys/stored-key.js';
import { KINDS } from '../kinds/index.js';
import type { Parameter, Parameters, TransformSpec } from '../transform/spec.js';
import type { OnInvalid } from './policy.js';

/** A rule as the file writes it, with defaults filled in. Parameters of the transform stand beside the common entries. */
export interface RuleEntry {
  readonly do: string;
  readonly is?: string | undefined;
  readonly because?: string | undefined;
  readonly domain?: string | undefined;
  readonly onInvalid?: OnInvalid | undefined;
}

/** Names that every rule may have; no transform may call a parameter so. */
export const COMMON_ENTRIES: ReadonlySet<string> = new Set(['do', 'is', 'because', 'domain', 'onInvalid']);

/** A name of a policy or domain. */
export const nameShape = z.string().regex(NAME_PATTERN, NAME_RULE);

/** Non-empty prose of at most `max` characters. */
export function proseShape(max: number): z.ZodString {
  return z.string().min(1).max(max);
}

/** Transforms that a rule may name. Sampling acts on whole records and has its own entry of the policy (`sample`). */
export const RULE_TRANSFORMS: readonly TransformSpec[] = [...TRANSFORMS.values()]
  .map(({ spec }) => spec)
  .filter(({ family }) => family !== 'sampling');

/** The schema of one rule: the transform's name chooses which entries it may have. */
export const ruleShape = z.discriminatedUnion('do', optionsOf(RULE_TRANSFORMS));

/** The kind alone, for rules whose transform is unknown. */
export const kindShape = z.looseObject({ is: z.enum([...KINDS.keys()]).optional() });

function optionsOf(specs: readonly TransformSpec[]): [z.ZodObject, ...z.ZodObject[]] {
  const [first, ...rest] = specs.map(ruleOption);
  if (first === undefined) throw new TypeError('no transform is registered');
  return [first, ...rest];
}

function ruleOption(spec: TransformSpec): z.ZodObject {
  const kinds = [...KINDS.values()].filter(({ name }) => spec.kinds === undefined || spec.kinds.includes(name));
  const is = `What the value is. One of: ${kinds.map(({ name, title }) => `${name} (${title})`).join(', ')}`;
  const entries: Record<string, z.ZodType> = {
    do: z.literal(spec.name).describe(spec.summary),
    is: z
      .enum([...KINDS.keys()])
      .optional()
      .describe(is),
    because: proseShape(500).optional().describe('why the purpose needs this field (GB/T 35273 5.2)'),
  };
  if (spec.keyed) entries.domain = nameShape.optional().describe(domainText(spec));
  if (spec.way === 'column') {
    entries.onInvalid = z
      .enum(['quarantine', 'redact', 'drop-field'])
      .default('quarantine')
      .describe('what happens to a value that the kind or transform refuses');
  }
  for (const [name, parameter] of Object.entries(spec.parameters)) entries[name] = parameterShape(parameter);
  return z.strictObject(entries);
}

function domainText(spec: TransformSpec): string {
  return spec.linking === 'domain'
    ? 'where equal values get equal results and may be joined'
    : 'joins equal values across fields and routes; without it results can be joined with nothing';
}

function parameterShape(parameter: Parameter): z.ZodType {
  const about =
    'unit' in parameter && parameter.unit !== '' ? `${parameter.about} (${parameter.unit})` : parameter.about;
  const shape = valueShape(parameter);
  const otherwise = 'default' in parameter ? parameter.default : undefined;
  if (otherwise !== undefined) return shape.default(otherwise as never).describe(about);
  return (parameter.required === true ? shape : shape.optional()).describe(about);
}

function valueShape(parameter: Parameter): z.ZodType {
  switch (parameter.type) {
    case 'integer':
      return z.int().min(parameter.min).max(parameter.max);
    case 'number':
      return z.number().min(parameter.min).max(parameter.max);
    case 'choice':
      return z.enum([...parameter.values]);
    case 'text': {
      const text = z.string().max(parameter.maxLength);
      return parameter.pattern === undefined ? text : text.regex(new RegExp(parameter.pattern, 'u'), parameter.about);
    }
    case 'flag':
      return z.boolean();
    case 'numbers':
      return z.array(z.number().min(parameter.min).max(parameter.max)).min(1).max(parameter.maxItems);
  }
}

/** The transform's own parameters of a validated rule. */
export function parametersOf(rule: Readonly<Record<string, unknown>>): Parameters {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => !COMMON_ENTRIES.has(name))) as Parameters;
}
