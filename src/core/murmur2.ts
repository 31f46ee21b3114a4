import { viewOf } from './bytes.js';

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/**
 * MurmurHash2, 32 bits, as Kafka's Java client computes it (org.apache.kafka.common.utils.Utils.murmur2).
 * Returns a signed 32-bit integer. Not a cryptographic hash: it places keys on partitions and nothing else.
 */
export function murmur2(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  const whole = bytes.length & ~3;
  let h = SEED ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(view.getInt32(at, true), M);
    k ^= k >>> R;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  if (whole < bytes.length) {
    for (let at = bytes.length - 1; at >= whole; at--) h ^= view.getUint8(at) << (8 * (at - whole));
    h = Math.imul(h, M);
  }
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}

/** The partition that the Java client's default partitioner gives a record with this key: `toPositive(murmur2(key)) % partitions`. */
export function partitionForKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
