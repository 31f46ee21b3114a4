import { VeilError } from '../core/errors.js';
import { parseFieldPath } from '../core/field-path.js';
import { type ExplainedField, type ExplainedPolicy, explainPlan } from '../policy/explain.js';
import { nearestWord } from '../policy/nearest-word.js';
import { compilePlan } from '../policy/plan.js';
import { print, printJson, type Verb } from './command-line.js';
import { usablePolicy } from './policy-input.js';

/** `veil explain`: what a policy does to each field, what stays possible, and what still leaks. */
export const explain: Verb = {
  name: 'explain',
  summary: 'say what a policy does to each field: class, key, what an analyst can do, what an attacker learns',
  arguments: [
    { name: 'policy', about: 'policy file, or - for standard input' },
    { name: 'field', about: 'path of one field', optional: true },
  ],
  examples: [
    'veil explain orders-analytics.yaml',
    'veil explain orders-analytics.yaml user.mobile',
    'veil explain p.yaml --json',
  ],
  run({ args, options }) {
    const [file, field] = args;
    const explained = explainPlan(compilePlan(usablePolicy(String(file))));
    if (typeof field === 'string') {
      const found = fieldOf(explained, field);
      if (options.json === true) printJson(found);
      else printField(found);
      return 0;
    }
    if (options.json === true) printJson(explained);
    else printPolicy(explained);
    return 0;
  },
};

function fieldOf({ fields }: ExplainedPolicy, source: string): ExplainedField {
  const { text } = parseFieldPath(source);
  const found = fields.find(({ path }) => path === text);
  if (found !== undefined) return found;
  const near = nearestWord(
    text,
    fields.map(({ path }) => path),
  );
  const next =
    near === undefined ? 'a field without a rule is dropped or quarantined (unlisted)' : `did you mean "${near}"?`;
  throw new VeilError('USAGE', { where: 'field', expected: 'the path of a rule', next });
}

function printPolicy({ fields, domains, ...facts }: ExplainedPolicy): void {
  for (const [name, value] of Object.entries(facts)) print(`${name.padEnd(11)} ${value}`);
  print(`${'domains'.padEnd(11)} ${domains.length === 0 ? 'none' : domains.join(', ')}`);
  for (const field of fields) {
    print('');
    printField(field);
  }
}

function printField(field: ExplainedField): void {
  const lines: [string, string | undefined][] = [
    ['kind', field.kind],
    ['class', field.class],
    ['identifier', field.identifier],
    ['transform', `${field.transform} (${field.result})`],
    ['because', field.because],
    ['original', field.reversible === 'no' ? 'nobody can get it back' : field.reversible],
    ['analyst can', field.analystCan],
    ['attacker learns', field.attackerLearns],
    ['key', field.key],
    ['refused values', field.invalidValues],
    ['clause', `GB/T 35273-2020 ${field.clause}`],
  ];
  print(field.path);
  for (const [name, text] of lines) if (text !== undefined) print(`  ${name.padEnd(16)}${text}`);
}
