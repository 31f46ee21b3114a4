/** Bytes of a character of U+4E00-U+9FFF in UTF-8. */
export const HAN_BYTES = 3;

/**
 * Code point of the character of U+4E00-U+9FFF (CJK Unified Ideographs) at `at`, or 0 when another one stands there. All of the
 * block are of script Han, and neither NFKC nor case mapping changes them.
 */
export function hanAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + HAN_BYTES > end) return 0;
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  const c = bytes[at + 2] ?? 0;
  if (a < 0xe4 || a > 0xe9 || (b & 0xc0) !== 0x80 || (c & 0xc0) !== 0x80) return 0;
  const code = ((a & 0x0f) << 12) | ((b & 0x3f) << 6) | (c & 0x3f);
  return code >= 0x4e00 ? code : 0;
}

/**
 * Names in Han characters as a trie, looked up in bytes. Several tries, told apart by their root, lie in one table: open
 * addressing over (node, character).
 */
export class HanTrie {
  /** Value of the name that `longest` found; 0 when it found none. */
  value = 0;
  readonly #keys: Int32Array;
  readonly #children: Uint16Array;
  readonly #values: Uint16Array;
  readonly #mask: number;
  #nodes: number;

  /** `roots` tries, for names with at most `characters` characters together. Values are 1 to 65535. */
  constructor(roots: number, characters: number) {
    let size = 4;
    while (size < 2 * characters) size *= 2;
    this.#keys = new Int32Array(size);
    this.#children = new Uint16Array(size);
    this.#values = new Uint16Array(roots + characters);
    this.#mask = size - 1;
    this.#nodes = roots;
  }

  /** Adds a name; the last value of a name counts. */
  add(root: number, name: string, value: number): void {
    let node = root;
    for (let at = 0; at < name.length; at += 1) {
      const key = (node << 16) | name.charCodeAt(at);
      const slot = this.#slotOf(key);
      if (this.#keys[slot] === 0) {
        this.#keys[slot] = key;
        this.#children[slot] = this.#nodes++;
      }
      node = this.#children[slot] ?? 0;
    }
    this.#values[node] = value;
  }

  /** Where the longest name that stands at `start` ends; `start` when none does. Sets `value`. */
  longest(root: number, bytes: Uint8Array, start: number, end: number): number {
    this.value = 0;
    let found = start;
    let node = root;
    for (let at = start; ; ) {
      const code = hanAt(bytes, at, end);
      const slot = this.#slotOf((node << 16) | code);
      if (code === 0 || this.#keys[slot] === 0) return found;
      node = this.#children[slot] ?? 0;
      at += HAN_BYTES;
      const value = this.#values[node] ?? 0;
      if (value === 0) continue;
      this.value = value;
      found = at;
    }
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(key: number): number {
    const mask = this.#mask;
    const mixed = Math.imul(key, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }
}
