import { VeilError } from '../core/errors.js';
import { lengthPrefixed } from '../crypto/length-prefix.js';
import type { KeyState, KeySuite, StoredKey } from './ports.js';

/** Names of domains and policies: they stand in key labels, metrics and file names. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** The same in words. */
export const NAME_RULE = '1 to 63 letters, digits, ".", "_" or "-", beginning with a letter or digit';

/** Key suites, default first. */
export const KEY_SUITES: readonly KeySuite[] = ['intl-cmac', 'intl-hmac'];

const STATES: readonly KeyState[] = ['primary', 'enabled', 'decrypt-only', 'destroyed'];
const KEY_ID = /^[0-9a-f]{8}$/;
const KEK_ID = /^[A-Za-z0-9][A-Za-z0-9:/._-]{0,255}$/;
const MAX_WRAPPED = 4096;
/** The last time that ECMAScript can print. */
const MAX_TIME = 8.64e15;

/** The suite of this name, or undefined. */
export function keySuiteOf(text: unknown): KeySuite | undefined {
  return KEY_SUITES.find(suite => suite === text);
}

/** The state of this name, or undefined. */
export function keyStateOf(text: unknown): KeyState | undefined {
  return STATES.find(state => state === text);
}

/** `domain/epoch/keyId`: how messages and reports name a key. */
export function keyName(key: Pick<StoredKey, 'domain' | 'epoch' | 'keyId'>): string {
  return `${key.domain}/${key.epoch}/${key.keyId}`;
}

/**
 * Associated data under which a domain key is wrapped: everything the store says about it that never changes. A wrapped key moved to
 * another row, or from a test store to a real one, does not open.
 */
export function wrapContext(key: Omit<StoredKey, 'wrapped' | 'state' | 'createdAt'>, isTest: boolean): Uint8Array {
  const { domain, epoch, keyId, suite, kekId } = key;
  return lengthPrefixed([
    'veilstream domain key 1',
    isTest ? 'test' : 'live',
    domain,
    String(epoch),
    keyId,
    suite,
    kekId,
  ]);
}

/**
 * Allows `enabled` and `decrypt-only` to change into one another or into `destroyed`; nothing else. A primary is replaced by a new
 * epoch, never switched off, and `destroyed` is final. Throws KEY_STATE.
 */
export function checkTransition(from: KeyState, to: KeyState, name: string): void {
  const isFree = from === 'enabled' || from === 'decrypt-only';
  if (from === to || (isFree && to !== 'primary')) return;
  throw new VeilError('KEY_STATE', {
    where: `key ${name}`,
    expected: 'state enabled or decrypt-only to begin with',
    got: from,
  });
}

/** Validates a row as read from a database. Throws KEY_STORE_CORRUPT: a store that was edited by hand is not trusted. */
export function storedKeyOf(row: Readonly<Record<string, unknown>>): StoredKey {
  const { domain, epoch: rawEpoch, key_id: keyId, kek_id: kekId, wrapped, created_at: rawCreated } = row;
  const [epoch, createdAt] = [Number(rawEpoch), Number(rawCreated)];
  const [suite, state] = [keySuiteOf(row.suite), keyStateOf(row.state)];
  const isWhole =
    isMatch(domain, NAME_PATTERN) &&
    isMatch(keyId, KEY_ID) &&
    isMatch(kekId, KEK_ID) &&
    epoch >= 1 &&
    Number.isSafeInteger(epoch);
  if (
    !isWhole ||
    suite === undefined ||
    state === undefined ||
    !(createdAt >= 0 && createdAt <= MAX_TIME) ||
    !isWrapped(wrapped, state)
  ) {
    throw new VeilError('KEY_STORE_CORRUPT', { where: 'domain_key', expected: 'a valid row' });
  }
  return { domain, epoch, keyId, suite, state, kekId, wrapped: new Uint8Array(wrapped), createdAt };
}

function isMatch(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isWrapped(value: unknown, state: KeyState): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= MAX_WRAPPED && (value.length === 0) === (state === 'destroyed');
}
