/** Bytes of one message block of SHA-256 (FIPS 180-4 section 5.2.1). */
export const SHA256_BLOCK = 64;

/** Bytes of a digest. */
export const SHA256_BYTES = 32;

const FIRST_64_PRIMES = primes(64);

/** FIPS 180-4 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const K = Int32Array.from(FIRST_64_PRIMES, prime => fraction32(Math.cbrt(prime)));

/** FIPS 180-4 5.3.3: the first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL = Int32Array.from(FIRST_64_PRIMES.slice(0, 8), prime => fraction32(Math.sqrt(prime)));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every(prime => n % prime !== 0)) found.push(n);
  return found;
}

function fraction32(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
}

/** The eight words of the initial hash value (FIPS 180-4 5.3.3). */
export function initialState(): Int32Array {
  return INITIAL.slice();
}

/** The message schedule of one block at a time: SHA-256's only working memory. */
export class Sha256Schedule {
  readonly #w = new Int32Array(64);

  /** Step 6.2.2 for one block: reads 64 bytes at `at`, starts from `state`, writes the next state to `out` (which may be `state`). */
  compress(block: DataView, at: number, state: Int32Array, out: Int32Array): void {
    const w = this.#w;
    for (let t = 0; t < 16; t++) w[t] = block.getInt32(at + 4 * t, false);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15] ?? 0;
      const y = w[t - 2] ?? 0;
      const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (sigma1 + (w[t - 7] ?? 0) + sigma0 + (w[t - 16] ?? 0)) | 0;
    }
    rounds(w, state, out);
  }

  /** Overwrites the schedule. */
  wipe(): void {
    this.#w.fill(0);
  }
}

/** FIPS 180-4 6.2.2 steps 2 to 4: sixty-four rounds, then the sum with the state before. */
function rounds(w: Int32Array, state: Int32Array, out: Int32Array): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  const before = [a, b, c, d, e, f, g, h] as const;
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + sum1 + (g ^ (e & (f ^ g))) + (K[t] ?? 0) + (w[t] ?? 0)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (sum0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  out[0] = before[0] + a;
  out[1] = before[1] + b;
  out[2] = before[2] + c;
  out[3] = before[3] + d;
  out[4] = before[4] + e;
  out[5] = before[5] + f;
  out[6] = before[6] + g;
  out[7] = before[7] + h;
}
