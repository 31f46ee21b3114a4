import { BLOCK } from './bulk-ecb.js';

/**
 * `dbl` of RFC 5297 2.3, which is the subkey step of SP 800-38B 6.1: multiplication by x in GF(2^128), big-endian,
 * reduced by x^128 + x^7 + x^2 + x + 1. Returns a new block. Without branches on secret bits.
 */
export function doubled(block: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK);
  let carry = 0;
  for (let k = BLOCK - 1; k >= 0; k--) {
    const byte = block[k] ?? 0;
    out[k] = (byte << 1) | carry;
    carry = byte >>> 7;
  }
  out[BLOCK - 1] = (out[BLOCK - 1] ?? 0) ^ (-carry & 0x87);
  return out;
}

/** The bitwise sum of two blocks. Returns a new block. */
export function xorBlocks(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: BLOCK }, (_, k) => (a[k] ?? 0) ^ (b[k] ?? 0));
}
