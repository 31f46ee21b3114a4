import { kindNamed } from '../kinds/index.js';
import type { Place } from './findings.js';
import { treeAt } from './plain-tree.js';
import type { YamlTree } from './yaml-tree.js';

const DIGEST =
  /^(?:md[245]|sha-?[0-9]{0,3}(?:[-/_]?[0-9]{3})?|sha3-?[0-9]{3}|sm3|blake[23]?[bs]?|crc-?(?:32|64)|ripemd-?160|murmur[23]?|xxhash)$/i;

/** Digests a second on one graphics card (hashcat publishes 10^10 and more for SHA-256). */
const GUESSES_PER_SECOND_LOG10 = 10;

/** A rule that asks for a plain digest (`do: sha256`), with how long guessing all values of its kind takes; otherwise undefined. */
export function unkeyedDigest(rule: YamlTree): { place: Place; message: string } | undefined {
  const word = treeAt(rule, ['do']);
  if (word?.type !== 'scalar' || typeof word.value !== 'string' || !DIGEST.test(word.value)) return undefined;
  const is = treeAt(rule, ['is']);
  const kind = is?.type === 'scalar' && typeof is.value === 'string' ? kindNamed(is.value) : undefined;
  const message =
    kind === undefined
      ? 'an unkeyed digest of personal data can be reversed by guessing'
      : `every ${kind.name} can be guessed through an unkeyed digest in ${guessingTime(kind.guessSpaceLog10)}`;
  return { place: word.place, message };
}

/** Words for the time that 10^`spaceLog10` guesses take on one graphics card. */
export function guessingTime(spaceLog10: number): string {
  const log = spaceLog10 - GUESSES_PER_SECOND_LOG10;
  if (log <= 0) return 'less than a second';
  if (log < 2) return `${Math.ceil(10 ** log)} seconds`;
  if (log < 5) return `${Math.ceil(10 ** log / 3600)} hours`;
  if (log < 7.5) return `${Math.ceil(10 ** log / 86_400)} days`;
  return log < 11 ? `${Math.ceil(10 ** log / 31_557_600)} years` : 'more than a thousand years';
}
