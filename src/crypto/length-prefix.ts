import { concatBytes, utf8 } from '../core/bytes.js';

/**
 * Joins components so that different lists never give the same bytes: each one is preceded by its length in bytes as a 32-bit
 * big-endian number. Text is UTF-8. Every derivation label, associated data and header of the product is built with this.
 */
export function lengthPrefixed(components: readonly (string | Uint8Array)[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const component of components) {
    const bytes = typeof component === 'string' ? utf8(component) : component;
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, bytes.length, false);
    parts.push(new Uint8Array(length.buffer), bytes);
  }
  return concatBytes(...parts);
}
