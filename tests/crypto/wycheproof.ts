import { readFileSync } from 'node:fs';
import { vectorPath } from '../testkit/vectors.js';

/** One case of a Wycheproof file; the fields depend on the algorithm. */
export interface WycheproofCase {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags?: readonly string[];
  readonly key: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly iv: string;
  readonly aad: string;
  readonly tweak: string;
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
}

/** A group of cases with common parameters. */
export interface WycheproofGroup {
  readonly keySize: number;
  readonly tagSize: number;
  readonly radix: number;
  readonly alphabet: string;
  readonly tests: readonly WycheproofCase[];
}

interface WycheproofFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly WycheproofGroup[];
}

/** Every case of a Wycheproof file with its group. Fails when the file holds fewer cases than it says. */
export function wycheproof(name: string): readonly (readonly [WycheproofGroup, WycheproofCase])[] {
  const file: WycheproofFile = JSON.parse(
    readFileSync(vectorPath('wycheproof', 'testvectors_v1', `${name}.json`), 'utf8'),
  );
  const cases = file.testGroups.flatMap(group => group.tests.map(one => [group, one] as const));
  if (cases.length !== file.numberOfTests || cases.length === 0) throw new Error(`${name}: incomplete vector file`);
  return cases;
}

/** Bytes of a hex string of a vector. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Prints how many external cases a test ran. */
export function ran(what: string, count: number): void {
  process.stdout.write(`${what}: ${count} cases\n`);
}
