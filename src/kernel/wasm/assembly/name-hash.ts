/** Start value of the running hash (see src/kernel/name-hash.ts: both kernels must agree). */
export const HASH_SEED: u32 = 0x811c9dc5;
/** Multiplier of the running hash. */
export const HASH_PRIME: u32 = 0x01000193;

/** Finishes a running hash. */
export function mixHash(hash: u32): u32 {
  const mixed = (hash ^ (hash >>> 15)) * 0x85ebca6b;
  return mixed ^ (mixed >>> 13);
}

/** Hash of the name from `start` to `end`. */
export function hashName(start: usize, end: usize): u32 {
  let hash = HASH_SEED;
  for (let at = start; at < end; at++) hash = (hash ^ (load<u8>(at) as u32)) * HASH_PRIME;
  return mixHash(hash);
}

/** Where a search for a name in `owner` (a node, an object) begins, before the mask. */
export function firstSlot(hash: u32, owner: u32): u32 {
  return hash ^ (owner * 0x9e3779b1);
}
