import { hashName } from '../name-hash.js';
import type { ScanTrie } from '../scan-trie.js';
import { Fault } from '../span-table.js';
import type { UnlistedNames } from '../unlisted-names.js';
import { unescapeJson } from './json-text.js';
import type { JsonTokens } from './json-tokens.js';
import { MAX_ORDER, MemberOrder } from './member-order.js';
import { Added, NameTable } from './name-table.js';

/** A `position` that neither follows nor learns an order. */
const UNORDERED = -1 - MAX_ORDER;

/**
 * Reads member names: checks them, refuses duplicates within their object, finds their trie node, counts those without one.
 * While the members of an object come in the order known for its node, all of that is one comparison of bytes; from the first
 * other name on, the object's names go to the name table.
 */
export class JsonNames {
  /** Trie node of the last name, or 0. */
  child = 0;
  /** 1 when the last name is written with escapes. */
  escaped = 0;
  /**
   * Where the innermost object is in its node's order: the next position, or the complement of the position to learn next, or
   * `UNORDERED`. Saved and restored by the scanner when levels change.
   */
  position = UNORDERED;
  readonly #trie: ScanTrie;
  readonly #tokens: JsonTokens;
  readonly #unlisted: UnlistedNames;
  readonly #table = new NameTable();
  readonly #order: MemberOrder;

  constructor(trie: ScanTrie, tokens: JsonTokens, unlisted: UnlistedNames) {
    this.#trie = trie;
    this.#tokens = tokens;
    this.#unlisted = unlisted;
    this.#order = new MemberOrder(trie.action.length);
  }

  /** Starts a record. */
  begin(slab: Uint8Array): void {
    this.#table.begin(slab);
  }

  /** An object at `node` opens; returns its number. */
  open(node: number): number {
    this.position = node === 0 ? UNORDERED : 0;
    return this.#table.open();
  }

  /**
   * Reads the name from after its opening quote, in `object` at `node`; returns the position of its closing quote, or -1 and sets
   * the fault. `isDecided`: inside a copied, captured or omitted value nothing is unlisted.
   */
  read(from: number, object: number, node: number, isDecided: boolean): number {
    const { position } = this;
    if (position >= 0) {
      const tokens = this.#tokens;
      const close = this.#order.match(node, position, tokens.slab, from, tokens.end);
      if (close >= 0) {
        this.position = position + 1;
        this.#expected(node, position, isDecided);
        return close;
      }
      this.#leaveOrder(object, node);
    }
    return this.#readOther(from, object, node, isDecided);
  }

  #expected(node: number, position: number, isDecided: boolean): void {
    const order = this.#order;
    const child = order.child(node, position);
    this.child = child;
    this.escaped = 0;
    if (child === 0 && !isDecided) this.#unlisted.again(node, order.unlisted(node, position));
  }

  /** The names so far, which were known to differ, go to the name table, so that later ones can be compared with them. */
  #leaveOrder(object: number, node: number): void {
    const order = this.#order;
    const table = this.#table;
    const { position } = this;
    for (let k = 0; k < position; k++) {
      const size = order.size(node, k);
      const start = order.start(node, k);
      const at = table.reserve(size);
      table.unescaped.set(order.bytes.subarray(start, start + size), at);
      table.unescapedLength = at + size;
      table.add(object, table.unescaped, at, at + size, order.hash(node, k));
    }
    this.position = position < MAX_ORDER && order.mayLearn(node) ? ~position : UNORDERED;
  }

  #readOther(from: number, object: number, node: number, isDecided: boolean): number {
    const tokens = this.#tokens;
    const table = this.#table;
    const close = tokens.name(from);
    if (close < 0) return -1;
    if (tokens.lone) return tokens.refuse(Fault.UTF8);
    let bytes = tokens.slab;
    let start = from;
    let end = close;
    this.escaped = tokens.escaped;
    if (tokens.escaped === 1) {
      start = table.reserve(close - from);
      bytes = table.unescaped;
      end = unescapeJson(tokens.slab, from, close, bytes, start);
      table.unescapedLength = end;
    }
    const hash = tokens.hash !== 0 ? tokens.hash : hashName(bytes, start, end);
    const added = table.add(object, bytes, start, end, hash);
    if (added !== Added.NEW) return tokens.refuse(added === Added.DUPLICATE ? Fault.DUPLICATE : Fault.TOO_MANY);
    if (node === 0) this.child = 0;
    else this.#lookUp(node, bytes, start, end, hash, isDecided);
    return close;
  }

  #lookUp(node: number, bytes: Uint8Array, start: number, end: number, hash: number, isDecided: boolean): void {
    const child = this.#trie.child(node, bytes, start, end, hash);
    this.child = child;
    const unlisted = child === 0 && !isDecided ? this.#unlisted.member(node, bytes, start, end, hash) : 0;
    const at = ~this.position;
    if (this.position === UNORDERED || this.position >= 0) return;
    if (this.escaped === 1) this.position = UNORDERED;
    else {
      this.#order.learn(node, at, bytes, start, end, { hash, child, unlisted });
      this.position = at + 1 < MAX_ORDER ? ~(at + 1) : UNORDERED;
    }
  }
}
