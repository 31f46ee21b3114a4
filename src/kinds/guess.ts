import { KINDS, kindNamed } from './index.js';
import type { Kind } from './kind.js';
import { normalForm } from './normal/text.js';

/** A guess at what a field holds, and what it rests on. */
export interface KindGuess {
  readonly kind: string;
  readonly confidence: 'name' | 'values' | 'both';
}

/** Kinds whose values show what they are: a check digit or an unmistakable shape. In the order they are tried. */
const SELF_EVIDENT: readonly string[] = [
  'email',
  'cn-id-card',
  'cn-mobile',
  'uscc',
  'mac',
  'ipv4',
  'ipv6',
  'plate',
  'url',
  'bank-card',
];
/** Share of samples that must be valid: exports hold a few broken values. */
const SHARE_WITH_NAME = 0.8;
const SHARE_ALONE = 0.9;
const FEWEST_ALONE = 3;

/**
 * Guesses the kind of a field from its name or path and from samples of its values (raw text; empty ones do not count). Values only
 * decide validity and are never returned. The last member of a path is asked first (`user.name` is a name, `user_name` an
 * account), then the whole path. Undefined when nothing suggests a kind.
 */
export function guessKind(fieldName: string, samples: readonly string[]): KindGuess | undefined {
  const values = samples.filter(sample => sample.trim() !== '');
  const named = kindsByName(fieldName);
  const both = named.find(kind => values.length > 0 && share(kind, values) >= SHARE_WITH_NAME);
  if (both !== undefined) return { kind: both.name, confidence: 'both' };
  const evident = values.length < FEWEST_ALONE ? undefined : SELF_EVIDENT.find(name => isEvident(name, values));
  if (evident !== undefined) return { kind: evident, confidence: 'values' };
  const [first] = named;
  return first === undefined ? undefined : { kind: first.name, confidence: 'name' };
}

function kindsByName(fieldName: string): readonly Kind[] {
  const members = fieldName.split('.');
  const spellings = [...new Set([spelled(members.at(-1) ?? ''), spelled(fieldName)])];
  return spellings.flatMap(name => [...KINDS.values()].filter(kind => kind.fieldNames.some(known => known.test(name))));
}

/** `userIDCard`, `User-ID card` and `user.id_card` as `user_id_card`. */
function spelled(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

function isEvident(name: string, values: readonly string[]): boolean {
  const kind = kindNamed(name);
  return kind !== undefined && share(kind, values) >= SHARE_ALONE;
}

function share(kind: Kind, values: readonly string[]): number {
  return values.filter(value => normalForm(kind, value) !== undefined).length / values.length;
}
