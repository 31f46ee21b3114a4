import { scrypt } from 'node:crypto';
import { asVeilError } from '../core/errors.js';
import type { RandomSource } from '../core/ports.js';
import { Secret } from '../core/secret.js';

/**
 * How a passphrase becomes a key, as it stands in a file: scrypt (RFC 7914). 128 · n · r bytes of memory; n = 2^17, r = 8, p = 1
 * (OWASP Password Storage Cheat Sheet) take 128 MiB and about half a second.
 */
export interface PassphraseKdf {
  readonly kdf: 'scrypt';
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** Hex, 32 bytes. */
  readonly salt: string;
}

const KEY_BYTES = 32;
const SALT_BYTES = 32;
const COST = { n: 2 ** 17, r: 8, p: 1 } as const;
/** Enough for n = 2^20: an altered file cannot make a process claim all memory. */
const MAX_MEMORY = 2 ** 30 + 2 ** 24;

/** Fresh parameters with a random salt. */
export function freshKdf(random: RandomSource): PassphraseKdf {
  return { kdf: 'scrypt', ...COST, salt: Buffer.from(random.bytes(SALT_BYTES)).toString('hex') };
}

/** Parameters read from a file, or undefined when they are malformed, weaker than ours, or beyond 1 GiB of memory. */
export function kdfOf(value: unknown): PassphraseKdf | undefined {
  if (typeof value !== 'object' || value === null || !('kdf' in value && 'n' in value && 'salt' in value))
    return undefined;
  const { kdf, n, salt } = value;
  const [r, p] = ['r' in value ? value.r : undefined, 'p' in value ? value.p : undefined];
  if (kdf !== 'scrypt' || typeof n !== 'number' || typeof salt !== 'string' || r !== COST.r || p !== COST.p)
    return undefined;
  const isPower = Number.isInteger(Math.log2(n)) && n >= COST.n && n <= 2 ** 20;
  return isPower && /^[0-9a-f]{64}$/.test(salt) ? { kdf, n, r, p, salt } : undefined;
}

/** The 32-byte key of a passphrase. The passphrase's bytes are used as they are: no trimming, no normalization. */
export function passphraseKey(passphrase: Secret, { n, r, p, salt }: PassphraseKdf): Promise<Secret> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: MAX_MEMORY };
    const entered = passphrase.use(bytes => Buffer.from(bytes));
    scrypt(entered, Buffer.from(salt, 'hex'), KEY_BYTES, options, (error, key) => {
      entered.fill(0);
      if (error === null) resolve(new Secret(new Uint8Array(key)));
      else reject(asVeilError(error, 'INTERNAL', { where: 'scrypt' }));
    });
  });
}
