/**
 * 32-bit hash of a member name's canonical bytes: FNV-1a with a final mix, so that high bits are usable as a table index.
 * Not a defence by itself: every table that uses it compares the bytes and bounds its probes.
 */
export function hashName(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), HASH_PRIME);
  return mixHash(hash);
}

/** Start value of the running hash. */
export const HASH_SEED = 0x811c9dc5 | 0;

/** Multiplier of the running hash (FNV-1a, 32 bit). */
export const HASH_PRIME = 0x01000193;

/** Finishes a running hash (the last steps of MurmurHash3's finalizer). */
export function mixHash(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** Where a search for a name with this hash in `owner` (a node, an object) begins, before the mask of the table. */
export function firstSlot(hash: number, owner: number): number {
  return hash ^ Math.imul(owner, 0x9e3779b1);
}

/** True when `a[aStart .. aStart + size)` equals `b[bStart .. bStart + size)`. */
export function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, size: number): boolean {
  for (let at = 0; at < size; at++) if (a[aStart + at] !== b[bStart + at]) return false;
  return true;
}
