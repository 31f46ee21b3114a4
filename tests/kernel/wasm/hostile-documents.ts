import { parseFieldPath } from '../../../src/core/field-path.js';
import type { ScanPlan } from '../../../src/kernel/kernel.js';
import { mutated, type Random, randomObject, randomRules } from '../json-generator.js';
import { planOf } from '../scan-harness.js';

const PIECES = ['a', '7', ' ', '张', 'é', '😀', '\\n', '\\u0041', '\\ud83d\\ude00', '\\u00e9', '\\/', '\u007f', '-'];
const BROKEN = ['\\ud800', '\\udc00', '\\x', '\\u12g4', '\u0000', '\u001f', '\ud800', '"', '\\'];

/** A plan with random rules, values that are only looked at, and sometimes narrow limits. */
export function randomPlan(random: Random): ScanPlan {
  const plan = planOf(randomRules(random), { unlisted: random.below(3) === 0 ? 'fault' : 'omit' });
  const looks = random.below(2) === 0 ? [] : Object.keys(randomRules(random));
  const rules = looks.map((path, i) => ({
    path: parseFieldPath(path),
    action: 'capture' as const,
    field: 100 + i,
    output: false,
  }));
  const narrow = random.below(4) === 0;
  return {
    ...plan,
    rules: [...plan.rules, ...rules],
    maxDepth: narrow ? 1 + random.below(6) : 64,
    maxMembers: narrow ? 1 + random.below(40) : 100_000,
    maxUnlistedNames: narrow ? random.below(5) : 1000,
  };
}

/** Records for one batch: different ones, or variations of a few that come again and again. */
export function randomRecords(random: Random, count: number): Uint8Array[] {
  const templates = random.below(2) === 0 ? [] : Array.from({ length: 1 + random.below(3) }, () => document(random));
  return Array.from({ length: count }, () => {
    let bytes: Uint8Array = Buffer.from(templates.length > 0 ? random.pick(templates) : document(random));
    for (let left = Math.max(0, random.below(8) - 5); left > 0 && bytes.length > 0; left--)
      bytes = mutated(bytes, random);
    return bytes;
  });
}

function document(random: Random): string {
  const kind = random.below(12);
  if (kind < 7) return randomObject(random);
  if (kind < 9) return `{${members(random, 1 + random.below(6))}}`;
  if (kind === 9) return nested(random, 1 + random.below(90));
  if (kind === 10) return `{"a":1,${members(random, 3)},"items":[${randomObject(random)},${randomObject(random)}]}`;
  return Array.from({ length: random.below(40) }, () => String.fromCharCode(random.below(256))).join('');
}

/** Members with names and values of every length around the steps in which the kernel reads. */
function members(random: Random, count: number): string {
  const one = (): string => `"${text(random, random.below(70))}"${random.pick(['', ' '])}:${scalar(random)}`;
  return Array.from({ length: count }, one).join(random.pick([',', ', ', ',\n']));
}

function scalar(random: Random): string {
  const kind = random.below(4);
  if (kind === 0) return Array.from({ length: 1 + random.below(40) }, () => random.below(10)).join('');
  if (kind === 1) return `[${random.below(9)},"${text(random, random.below(20))}",{"id":${random.below(9)}}]`;
  return `"${text(random, random.below(70))}"`;
}

/** String content of about `length` characters: mostly plain, with something else anywhere. */
function text(random: Random, length: number): string {
  const isPlain = random.below(2) === 0;
  let made = '';
  for (let k = 0; k < length; k++) made += isPlain || random.below(6) > 0 ? 'x' : random.pick(PIECES);
  if (random.below(8) > 0) return made;
  const at = random.below(made.length + 1);
  return made.slice(0, at) + random.pick(BROKEN) + made.slice(at);
}

function nested(random: Random, depth: number): string {
  const opens = Array.from({ length: depth }, () => random.pick(['[', '{"items":', '{"a":']));
  const closes = opens.map(open => (open === '[' ? ']' : '}')).reverse();
  return `{"items":${opens.join('')}${random.pick(['1', '"x"', 'null', ''])}${closes.join('')}}`;
}
