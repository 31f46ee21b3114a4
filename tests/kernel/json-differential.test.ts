import { LosslessNumber, parse, stringify } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import type { Step } from '../../src/core/field-path.js';
import { Shape, Token } from '../../src/core/token.js';
import type { ScanRule } from '../../src/kernel/kernel.js';
import { Fault } from '../../src/kernel/span-table.js';
import { createJsonKernel } from '../../src/kernel/typescript/json-kernel.js';
import { mutated, Random, randomObject, randomRules } from './json-generator.js';
import { type Answer, itself, planOf, run, type Seen } from './scan-harness.js';

const POLICIES = 1000;
const DOCUMENTS = 100;
const OMITTED = Symbol('omitted');
const ODD_TEXT = 'x"\\\n张😀\u0000';

/** Stand-in transforms, chosen by field: most give the value back, some replace it. */
function answerOf(seen: Seen): Answer {
  const variant = seen.field % 5;
  if (variant === 1) return { shape: Shape.OMIT };
  if (variant === 2) return { shape: Shape.TEXT, text: ODD_TEXT };
  if (variant === 3) return seen.token === Token.NULL ? { shape: Shape.NULL } : { shape: Shape.NUMBER, text: '42' };
  return itself(seen);
}

function answered(field: number, value: unknown): unknown {
  const variant = field % 5;
  if (variant === 1) return OMITTED;
  if (variant === 2) return ODD_TEXT;
  if (variant === 3) return value === null ? null : new LosslessNumber('42');
  return value;
}

interface Tail {
  readonly steps: readonly Step[];
  readonly rule: ScanRule;
}

/** What the plan makes of a parsed value: written from the contract's words, sharing nothing with the scanner. */
function project(value: unknown, tails: readonly Tail[]): unknown {
  const whole = tails.find(({ steps }) => steps.length === 0);
  if (whole !== undefined) {
    if (whole.rule.action === 'omit') return OMITTED;
    return whole.rule.action === 'copy' ? value : answered(whole.rule.field, value);
  }
  // An object or array is written only when some rule at or below it writes.
  if (tails.every(({ rule }) => rule.action === 'omit')) return OMITTED;
  const below = (match: (step: Step) => boolean): Tail[] =>
    tails
      .filter(({ steps: [first] }) => first !== undefined && match(first))
      .map(({ steps, rule }) => ({ rule, steps: steps.slice(1) }));
  if (Array.isArray(value)) {
    const each = below(step => step.step === 'each');
    return each.length === 0 ? OMITTED : value.map(item => project(item, each)).filter(item => item !== OMITTED);
  }
  if (value === null || typeof value !== 'object' || value instanceof LosslessNumber) return OMITTED;
  if (tails.every(({ steps: [first] }) => first?.step === 'each')) return OMITTED;
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const named = below(step => step.step === 'member' && step.name === name);
    const next = named.length > 0 ? named : below(step => step.step === 'any');
    const result = next.length === 0 ? OMITTED : project(member, next);
    if (result !== OMITTED) kept[name] = result;
  }
  return kept;
}

/** The record itself is always written, if only as an empty object. */
function orEmpty(value: unknown): unknown {
  return value === OMITTED ? {} : value;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON.parse's opinion: the value, or undefined when it refuses. */
function opinion(bytes: Uint8Array): { value: unknown; text: string } | undefined {
  try {
    const text = strict.decode(bytes);
    return { value: JSON.parse(text) as unknown, text };
  } catch {
    return undefined;
  }
}

function countMembers(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + countMembers(inner), own);
}

/** True when the fault is one of the documented differences to JSON.parse, and really there. */
function isDocumented(fault: number, { value, text }: { value: unknown; text: string }): boolean {
  if (fault === Fault.NOT_OBJECT) return value === null || typeof value !== 'object' || Array.isArray(value);
  if (fault === Fault.UTF8) return /\\u[dD][89a-fA-F]/.test(text);
  const names = text.match(/"(?:[^"\\]|\\.)*"\s*:?/g)?.filter(token => token.endsWith(':')).length ?? 0;
  return fault === Fault.DUPLICATE && names > countMembers(value);
}

describe('against JSON.parse', () => {
  it(`${POLICIES * DOCUMENTS} generated documents under ${POLICIES} random plans give what the oracle says`, () => {
    const random = new Random(20_351);
    let written = 0;
    for (let policy = 0; policy < POLICIES; policy++) {
      const plan = planOf(randomRules(random));
      const tails = plan.rules.map(rule => ({ rule, steps: rule.path.steps }));
      const texts = Array.from({ length: DOCUMENTS }, () => randomObject(random));
      const { out } = run(createJsonKernel(plan), texts.map(utf8), answerOf);
      for (const [r, text] of texts.entries()) {
        const expected = stringify(orEmpty(project(parse(text), tails)));
        const got = stringify(parse(out[r] ?? 'null'));
        if (got !== expected) expect({ text, plan: plan.rules.map(rule => rule.path.text), got }).toEqual(expected);
        if (expected !== '{}') written++;
      }
    }
    process.stdout.write(`JSON differential: ${POLICIES * DOCUMENTS} documents, ${written} with output\n`);
    expect(written).toBeGreaterThan(POLICIES * DOCUMENTS * 0.2);
  }, 120_000);

  it('50000 damaged documents are accepted and refused alike, apart from the documented differences', () => {
    const random = new Random(77);
    const kernel = createJsonKernel(planOf({ a: 'copy', 'b.c': 'capture', 'items[].id': 'copy', phone: 'omit' }));
    let refused = 0;
    for (let round = 0; round < 100; round++) {
      const damaged = Array.from({ length: 500 }, () => mutated(utf8(randomObject(random)), random));
      const { faults } = run(kernel, damaged);
      for (const [r, bytes] of damaged.entries()) {
        const said = opinion(bytes);
        const fault = faults[r] ?? -1;
        const agrees = said === undefined ? fault !== Fault.NONE : fault === Fault.NONE || isDocumented(fault, said);
        if (!agrees) expect({ text: Buffer.from(bytes).toString(), fault }).toEqual('the same verdict as JSON.parse');
        if (fault !== Fault.NONE) refused++;
      }
    }
    process.stdout.write(`JSON differential: ${refused} of 50000 damaged documents refused\n`);
    expect(refused).toBeGreaterThan(20_000);
  }, 120_000);
});
