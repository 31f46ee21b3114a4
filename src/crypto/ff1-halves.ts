/**
 * The numbers A and B of FF1 for many values at once (SP 800-38G, algorithms 7 and 8). Two representations with one contract:
 * doubles where every step is exact, BigInt otherwise. A round changes the "left" numbers and reads the "right" ones.
 */
export interface Ff1Halves {
  /** Step 2 and NUM: `count` strings of u + v numerals, end to end from `numerals[at]`. */
  load(numerals: Uint8Array, at: number, count: number): void;
  /** STR: the reverse of `load`. */
  store(numerals: Uint8Array, at: number, count: number): void;
  /** Exchanges left and right. */
  swap(): void;
  /** [NUM(right)]^size, big-endian, as the last `size` bytes of each row of `stride` bytes. */
  writeRight(count: number, rows: DataView, stride: number, size: number): void;
  /** Steps iv to vi of round `i`: left = (left + sign · y) mod radix^m, y = the first `size` bytes of each row of S. */
  addToLeft(count: number, s: DataView, stride: number, size: number, i: number, sign: 1 | -1): void;
}

/** Largest modulus for doubles: every intermediate number of `NumberHalves` is then an integer of at most 2^53. */
const NUMBER_MODULUS_MAX = 2 ** 36;

/** The cheapest exact representation for halves of u and v numerals, for up to `capacity` values. */
export function halvesFor(radix: number, u: number, v: number, capacity: number): Ff1Halves {
  return radix ** v <= NUMBER_MODULUS_MAX ? new NumberHalves(radix, u, v, capacity) : new BigIntHalves(radix, u, v);
}

/** Halves as doubles: up to 20 decimal digits. */
class NumberHalves implements Ff1Halves {
  readonly #radix: number;
  readonly #u: number;
  readonly #v: number;
  #left: Float64Array;
  #right: Float64Array;

  constructor(radix: number, u: number, v: number, capacity: number) {
    this.#radix = radix;
    this.#u = u;
    this.#v = v;
    this.#left = new Float64Array(capacity);
    this.#right = new Float64Array(capacity);
  }

  load(numerals: Uint8Array, at: number, count: number): void {
    for (let row = 0, p = at; row < count; row++, p += this.#u + this.#v) {
      this.#left[row] = this.#number(numerals, p, p + this.#u);
      this.#right[row] = this.#number(numerals, p + this.#u, p + this.#u + this.#v);
    }
  }

  store(numerals: Uint8Array, at: number, count: number): void {
    for (let row = 0, p = at; row < count; row++, p += this.#u + this.#v) {
      this.#digits(this.#left[row] ?? 0, numerals, p, p + this.#u);
      this.#digits(this.#right[row] ?? 0, numerals, p + this.#u, p + this.#u + this.#v);
    }
  }

  swap(): void {
    [this.#left, this.#right] = [this.#right, this.#left];
  }

  writeRight(count: number, rows: DataView, stride: number, size: number): void {
    const right = this.#right;
    for (let row = 0, end = stride; row < count; row++, end += stride) {
      // up to 36 bits; setUint8 keeps the lowest eight
      for (let k = end - 1, x = right[row] ?? 0; k >= end - size; k--, x = Math.floor(x / 256)) rows.setUint8(k, x);
    }
  }

  addToLeft(count: number, s: DataView, stride: number, size: number, i: number, sign: 1 | -1): void {
    const m = this.#radix ** (i % 2 === 0 ? this.#u : this.#v);
    const inverse = 1 / m;
    const left = this.#left;
    for (let row = 0, at = 0; row < count; row++, at += stride) {
      // Horner, 16 bits at a time. The estimated quotient is off by at most one, so -m <= y < 2m after each step.
      let y = 0;
      for (let k = 0; k < size; k += 2) {
        y = y * 65536 + s.getUint16(at + k, false);
        y -= Math.floor(y * inverse) * m;
      }
      let x = (left[row] ?? 0) + sign * y;
      while (x < 0) x += m;
      while (x >= m) x -= m;
      left[row] = x;
    }
  }

  #number(numerals: Uint8Array, start: number, end: number): number {
    const radix = this.#radix;
    let x = 0;
    for (let k = start; k < end; k++) x = x * radix + (numerals[k] ?? 0);
    return x;
  }

  #digits(number: number, numerals: Uint8Array, start: number, end: number): void {
    const radix = this.#radix;
    let x = number;
    for (let k = end - 1; k >= start; k--) {
      const rest = Math.floor(x / radix);
      numerals[k] = x - rest * radix;
      x = rest;
    }
  }
}

/** Halves as BigInt: any length. */
class BigIntHalves implements Ff1Halves {
  readonly #radix: bigint;
  readonly #u: number;
  readonly #v: number;
  #left: bigint[] = [];
  #right: bigint[] = [];

  constructor(radix: number, u: number, v: number) {
    this.#radix = BigInt(radix);
    this.#u = u;
    this.#v = v;
  }

  load(numerals: Uint8Array, at: number, count: number): void {
    for (let row = 0, p = at; row < count; row++, p += this.#u + this.#v) {
      this.#left[row] = this.#number(numerals, p, p + this.#u);
      this.#right[row] = this.#number(numerals, p + this.#u, p + this.#u + this.#v);
    }
  }

  store(numerals: Uint8Array, at: number, count: number): void {
    for (let row = 0, p = at; row < count; row++, p += this.#u + this.#v) {
      this.#digits(this.#left[row] ?? 0n, numerals, p, p + this.#u);
      this.#digits(this.#right[row] ?? 0n, numerals, p + this.#u, p + this.#u + this.#v);
    }
    this.#left = [];
    this.#right = [];
  }

  swap(): void {
    [this.#left, this.#right] = [this.#right, this.#left];
  }

  writeRight(count: number, rows: DataView, stride: number, size: number): void {
    for (let row = 0, end = stride; row < count; row++, end += stride) {
      let x = this.#right[row] ?? 0n;
      for (let k = end - 1; k >= end - size; k--, x >>= 8n) rows.setUint8(k, Number(x & 0xffn));
    }
  }

  addToLeft(count: number, s: DataView, stride: number, size: number, i: number, sign: 1 | -1): void {
    const m = this.#radix ** BigInt(i % 2 === 0 ? this.#u : this.#v);
    for (let row = 0, at = 0; row < count; row++, at += stride) {
      let y = 0n;
      for (let k = 0; k < size; k += 4) y = (y << 32n) | BigInt(s.getUint32(at + k, false));
      const x = ((this.#left[row] ?? 0n) + BigInt(sign) * y) % m;
      this.#left[row] = x < 0n ? x + m : x;
    }
  }

  #number(numerals: Uint8Array, start: number, end: number): bigint {
    let x = 0n;
    for (let k = start; k < end; k++) x = x * this.#radix + BigInt(numerals[k] ?? 0);
    return x;
  }

  #digits(number: bigint, numerals: Uint8Array, start: number, end: number): void {
    let x = number;
    for (let k = end - 1; k >= start; k--, x /= this.#radix) numerals[k] = Number(x % this.#radix);
  }
}
