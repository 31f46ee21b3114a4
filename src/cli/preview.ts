import { openJsonKernel } from '../adapters/json-kernel.js';
import { SYSTEM_RANDOM } from '../adapters/system.js';
import { VeilError } from '../core/errors.js';
import { DEFAULT_LIMITS } from '../core/limits.js';
import type { Outcome } from '../core/outcome.js';
import { throwawayKeys } from '../keys/throwaway-keys.js';
import { Pipeline } from '../pipeline/pipeline.js';
import { compilePlan } from '../policy/plan.js';
import type { Policy } from '../policy/policy.js';
import { encodingOf } from '../replay/decoding.js';
import { type FileFormat, fileFormat } from '../replay/file-format.js';
import { firstRecords, shownFields } from '../replay/first-records.js';
import type { Input } from '../replay/input.js';
import { openInput } from '../replay/open-input.js';
import { print, printError, printJson, textOption, type Verb } from './command-line.js';
import { usablePolicy } from './policy-input.js';
import { textTable } from './table.js';

/** One record before and after. */
interface Shown {
  readonly outcome: Outcome['kind'];
  readonly code: string | undefined;
  readonly path: string | undefined;
  readonly fields: readonly { readonly field: string; readonly before: string; readonly after: string }[];
}

const GONE = '(left out)';
const MAX_RECORDS = 100;

/** `veil preview`: the first records of a file before and after, in the terminal. */
export const preview: Verb = {
  name: 'preview',
  summary: 'show the first records of a file before and after; shows original values on this terminal and nowhere else',
  arguments: [{ name: 'policy', about: 'the policy' }],
  options: [
    { flags: '--in <file>', about: 'CSV or JSON lines, or - for standard input' },
    { flags: '--records <n>', about: `how many, at most ${MAX_RECORDS}`, default: '3' },
  ],
  examples: [
    'veil preview customers.yaml --in customers.csv',
    'veil preview orders.yaml --in orders.jsonl --records 10',
  ],
  async run({ args, options }) {
    const policy = usablePolicy(String(args[0]));
    const path = textOption(options, 'in') ?? ('file' in policy.source ? policy.source.file : undefined);
    const count = Number(textOption(options, 'records'));
    if (path === undefined) throw new VeilError('USAGE', { where: 'veil preview', expected: '--in FILE' });
    if (!Number.isInteger(count) || count < 1 || count > MAX_RECORDS)
      throw new VeilError('USAGE', { where: '--records', expected: `a number from 1 to ${MAX_RECORDS}` });
    const shown = await previewFile(policy, path, count);
    if (options.json === true) printJson(shown);
    else {
      for (const record of shown) printRecord(record);
      printError('Tokens were made with throw-away keys: they are not those of `veil replay` and `veil run`.');
    }
    return shown.some(({ outcome }) => outcome === 'quarantine') ? 1 : 0;
  },
};

async function previewFile(policy: Policy, path: string, count: number): Promise<Shown[]> {
  const input = openInput(path, encodingOf(policy));
  try {
    return await previewInput(policy, input, count);
  } finally {
    input.close();
  }
}

async function previewInput(policy: Policy, input: Input, count: number): Promise<Shown[]> {
  const plan = compilePlan(policy);
  const format = await fileFormat(plan, input, DEFAULT_LIMITS.recordBytes);
  const values = await firstRecords(input, format, count, DEFAULT_LIMITS.recordBytes);
  const pipeline = new Pipeline({
    plan,
    kernel: format.kernel ?? openJsonKernel(plan),
    keys: throwawayKeys(SYSTEM_RANDOM),
    sealer: { seal: () => new Uint8Array(), close() {} },
    random: SYSTEM_RANDOM,
  });
  try {
    const outcomes = pipeline.process(values.map(value => ({ key: null, value, headers: [], timestamp: 0 })));
    return outcomes.map((outcome, r) => shownRecord(policy, format, values[r] ?? new Uint8Array(), outcome));
  } finally {
    pipeline.close();
  }
}

function shownRecord(policy: Policy, { columns }: FileFormat, value: Uint8Array, outcome: Outcome): Shown {
  const before = shownFields(policy, columns.read, value);
  const result = outcome.kind === 'forward' && outcome.value !== null ? outcome.value : new Uint8Array();
  const after = outcome.kind === 'forward' ? shownFields(policy, columns.written, result) : new Map<string, string>();
  return {
    outcome: outcome.kind,
    code: outcome.kind === 'forward' ? undefined : outcome.code,
    path: outcome.kind === 'quarantine' ? outcome.path : undefined,
    fields: [...before].map(([field, text]) => ({ field, before: text, after: after.get(field) ?? GONE })),
  };
}

function printRecord({ outcome, code, path, fields }: Shown): void {
  const reason = code === undefined ? '' : `  ${code}${path === undefined || path === '' ? '' : ` at ${path}`}`;
  print(`${outcome}${reason}`);
  print(
    textTable(
      ['field', 'before', 'after'],
      fields.map(cells => [cells.field, cells.before, cells.after].map(shownCell)),
    ),
  );
}

const MAX_CELL = 80;

/**
 * A value as a terminal may show it: control characters (Unicode class Cc; a record could move the cursor or set the title) and
 * overrides of the writing direction as U+FFFD, long texts cut.
 */
function shownCell(text: string): string {
  const shown = [...text.slice(0, MAX_CELL * 4).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD')];
  return shown.length > MAX_CELL ? `${shown.slice(0, MAX_CELL).join('')}…` : shown.join('');
}
