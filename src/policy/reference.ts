import { TRANSFORMS } from '../../transforms/index.js';
import { KINDS } from '../kinds/index.js';
import type { Kind } from '../kinds/kind.js';
import type { Example, Parameter, TransformSpec } from '../transform/spec.js';
import { clauseOf } from './clauses.js';
import { policyShape } from './policy-shape.js';
import { entryTable, table } from './reference-tables.js';
import { PATHS_TEXT, RULES_TEXT, TESTS_TEXT } from './reference-text.js';

/** docs/policy-reference.md: everything that policies may say, made from shapes, specs and kinds. */
export function policyReference(): string {
  return [
    '# Policy reference',
    'This page is generated from the source by `npm run generate`. A policy is one YAML 1.2 file for one route: one source, one purpose, one destination. Entries of veil.yaml and the codes of findings: docs/operations.md.',
    '## Entries of a policy',
    entryTable(policyShape),
    PATHS_TEXT,
    RULES_TEXT,
    '## Transforms',
    transformTable(),
    ...[...TRANSFORMS.values()].map(({ spec }) => transformSection(spec)),
    '## Kinds',
    'A kind says what a value is: how it is written when everything that does not matter is taken away, which values are valid, what its mask shows, and its class in GB/T 35273-2020 (Table A.1; Table B.1 when it is sensitive).',
    kindTable(),
    TESTS_TEXT,
    '',
  ].join('\n\n');
}

function transformTable(): string {
  const rows = [...TRANSFORMS.values()].map(({ spec }) => [
    `\`${spec.name}\``,
    spec.summary,
    spec.family,
    spec.reversible,
    spec.deterministic,
    spec.linking === 'none'
      ? 'no'
      : spec.linking === 'path'
        ? 'yes, per field unless a domain is named'
        : 'yes, inside its domain',
    clauseOf(spec),
  ]);
  return table(
    [
      'name',
      'result',
      'family (ISO/IEC 20889)',
      'original can be had',
      'equal input, equal output',
      'keyed',
      'clause of GB/T 35273',
    ],
    rows,
  );
}

function transformSection(spec: TransformSpec): string {
  const parameters = Object.entries(spec.parameters).map(([name, parameter]) => [
    `\`${name}\``,
    boundsText(parameter),
    parameter.required === true ? 'required' : defaultText(parameter),
    parameter.about,
  ]);
  const kinds = spec.kinds === undefined ? 'every kind' : spec.kinds.map(name => `\`${name}\``).join(', ');
  const lines = [
    `### ${spec.name}`,
    `${sentence(spec.summary)} Accepts ${kinds}${spec.needsKind ? '; `is` is required' : ''}${spec.subtree ? '; may stand on an object or array and covers all of it' : ''}.`,
    `An analyst can: ${spec.analystCan}. An attacker learns: ${spec.attackerLearns}. Not to be used: ${spec.whenNotToUse}.`,
  ];
  if (parameters.length > 0) lines.push(table(['parameter', 'values', 'default', 'meaning'], parameters));
  if (spec.examples.length > 0)
    lines.push(
      table(
        ['rule', 'input', 'output'],
        spec.examples.map(example => exampleRow(spec, example)),
      ),
    );
  return lines.join('\n\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function boundsText(parameter: Parameter): string {
  switch (parameter.type) {
    case 'choice':
      return parameter.values.map(value => `\`${value}\``).join(', ');
    case 'flag':
      return '`true`, `false`';
    case 'text':
      return `text up to ${parameter.maxLength} characters`;
    case 'numbers':
      return `up to ${parameter.maxItems} numbers`;
    default:
      return `${parameter.min} to ${parameter.max} ${parameter.unit}`;
  }
}

function defaultText(parameter: Parameter): string {
  return 'default' in parameter && parameter.default !== undefined ? `\`${String(parameter.default)}\`` : '';
}

function exampleRow(spec: TransformSpec, { kind, params, in: input, out, code }: Example): string[] {
  const entries = [...(kind === undefined ? [] : [`is: ${kind}`]), `do: ${spec.name}`];
  for (const [name, value] of Object.entries(params ?? {})) entries.push(`${name}: ${JSON.stringify(value)}`);
  return [
    `\`{ ${entries.join(', ')} }\``,
    `\`${JSON.stringify(input)}\``,
    code === undefined ? outputText(out) : `refused: ${code}`,
  ];
}

function outputText(out: Example['out']): string {
  if (out === null || out === undefined) return 'nothing';
  return typeof out === 'object' ? `like \`${out.matches}\`` : `\`${JSON.stringify(out)}\``;
}

function kindTable(): string {
  return table(
    ['kind', 'what it is', 'class', 'identifier', 'mask shows', 'mask of an example'],
    [...KINDS.values()].map(kindRow),
  );
}

function kindRow(kind: Kind): string[] {
  const shown = kind.examples.find(({ masked }) => masked !== undefined);
  const example = shown === undefined ? '' : `\`${shown.in}\` → \`${shown.masked ?? ''}\``;
  const classes = kind.classB === undefined ? kind.classA : `${kind.classA}, sensitive ${kind.classB}`;
  return [`\`${kind.name}\``, `${kind.title} (${kind.titleZh})`, classes, kind.identifier, kind.maskReveals, example];
}
