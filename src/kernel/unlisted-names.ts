import { grown, textOf } from '../core/bytes.js';
import { printSteps } from '../core/field-path.js';
import { firstSlot, sameBytes } from './name-hash.js';
import type { ScanTrie } from './scan-trie.js';

/** Longest member name, in UTF-16 units, that is remembered. */
export const MAX_NAME_LENGTH = 48;
const MAX_DIGITS = 4;
const MAX_DIGIT_GROUPS = 2;
const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$ .:/-]*$/u;
const HAN = /\p{Script=Han}/u;
const SCHEMA_WORD = /^[\p{Script=Han}]*[名号码址型态间期度量额价数率类别户单位级份]$/u;

/**
 * True when a member name may be a value used as a map key (a phone number, a mail address, an id, a person's name) rather than
 * a field name. Such names are never remembered. Errs towards "data": letters only with few digits count as a field name; Han
 * text does when it ends like a field name (姓名, 手机号, 金额).
 */
export function looksLikeData(name: string): boolean {
  if (name.length > MAX_NAME_LENGTH || !IDENTIFIER.test(name)) return true;
  if (HAN.test(name) && !SCHEMA_WORD.test(name)) return true;
  const groups = name.match(/\p{N}+/gu) ?? [];
  return groups.length > MAX_DIGIT_GROUPS || groups.join('').length > MAX_DIGITS;
}

/** How often a remembered member of the objects at a node was seen. */
export interface NameCount {
  readonly node: number;
  readonly name: string;
  readonly count: number;
}

/** Counts by path: of remembered members, of values at nodes, and of other members at nodes (as `*`). */
export function countsByPath(
  trie: ScanTrie,
  named: readonly NameCount[],
  values: Float64Array,
  others: Float64Array,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (path: string, count: number): void => {
    if (count > 0) counts.set(path, (counts.get(path) ?? 0) + count);
  };
  for (const { node, name, count } of named)
    add(printSteps([...(trie.steps[node] ?? []), { step: 'member', name }]), count);
  trie.steps.forEach((steps, node) => {
    add(printSteps(steps), values[node] ?? 0);
    add(printSteps([...steps, { step: 'any' }]), others[node] ?? 0);
  });
  return counts;
}

/** Counts members that no rule names, by path. Bounded: names beyond the limit and names that look like data count as `*`. */
export class UnlistedNames {
  readonly #trie: ScanTrie;
  readonly #limit: number;
  readonly #slots: Uint32Array;
  readonly #node: Uint32Array;
  readonly #hash: Int32Array;
  readonly #start: Uint32Array;
  readonly #end: Uint32Array;
  readonly #counts: Float64Array;
  readonly #atNode: Float64Array;
  readonly #others: Float64Array;
  #names = new Uint8Array(1024);
  #used = 0;
  #size = 0;

  constructor(trie: ScanTrie, limit: number) {
    this.#trie = trie;
    this.#limit = limit;
    let slots = 4;
    while (slots < limit * 2) slots *= 2;
    this.#slots = new Uint32Array(slots);
    this.#node = new Uint32Array(limit + 1);
    this.#hash = new Int32Array(limit + 1);
    this.#start = new Uint32Array(limit + 1);
    this.#end = new Uint32Array(limit + 1);
    this.#counts = new Float64Array(limit + 1);
    this.#atNode = new Float64Array(trie.steps.length);
    this.#others = new Float64Array(trie.steps.length);
  }

  /**
   * Counts member `bytes[start .. end)` (canonical, with its hash) of the object at `node`; returns its entry for `again`, 0 when
   * it is not remembered by name.
   */
  member(node: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = firstSlot(hash, node) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0) break;
      if (this.#hash[entry] === hash && this.#node[entry] === node && this.#isNamed(entry, bytes, start, end)) {
        this.#counts[entry] = (this.#counts[entry] ?? 0) + 1;
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    if (this.#size < this.#limit && !looksLikeData(textOf(bytes, start, end)))
      return this.#remember(slot, node, bytes, start, end, hash);
    this.#others[node] = (this.#others[node] ?? 0) + 1;
    return 0;
  }

  /** Counts a member of the object at `node` again by the entry that `member` gave for its name. */
  again(node: number, entry: number): void {
    if (entry === 0) this.#others[node] = (this.#others[node] ?? 0) + 1;
    else this.#counts[entry] = (this.#counts[entry] ?? 0) + 1;
  }

  /** Counts a value at `node` of a type the policy has no rule for. */
  value(node: number): void {
    this.#atNode[node] = (this.#atNode[node] ?? 0) + 1;
  }

  /** The counts by path, made anew on each call. */
  counts(): ReadonlyMap<string, number> {
    const named = Array.from({ length: this.#size }, (_, i) => ({
      node: this.#node[i + 1] ?? 0,
      name: textOf(this.#names, this.#start[i + 1], this.#end[i + 1]),
      count: this.#counts[i + 1] ?? 0,
    }));
    return countsByPath(this.#trie, named, this.#atNode, this.#others);
  }

  #isNamed(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#start[entry] ?? 0;
    const size = (this.#end[entry] ?? 0) - from;
    return size === end - start && sameBytes(bytes, start, this.#names, from, size);
  }

  #remember(slot: number, node: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const entry = ++this.#size;
    const at = this.#used;
    this.#used += end - start;
    if (this.#used > this.#names.length) this.#names = grown(this.#names, this.#used);
    this.#names.set(bytes.subarray(start, end), at);
    this.#slots[slot] = entry;
    this.#node[entry] = node;
    this.#hash[entry] = hash;
    this.#start[entry] = at;
    this.#end[entry] = this.#used;
    this.#counts[entry] = 1;
    return entry;
  }
}
