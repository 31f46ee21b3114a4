import { Token } from '../../core/token.js';
import type { RecordBatch, ScanPlan } from '../kernel.js';
import { Action, ROOT, ScanTrie } from '../scan-trie.js';
import { Fault, type SpanTable } from '../span-table.js';
import { UnlistedNames } from '../unlisted-names.js';
import { JsonEmitter } from './json-emitter.js';
import { JsonNames } from './json-names.js';
import { JsonTokens } from './json-tokens.js';

/** White space of JSON lies at or below it: most tokens are told from white space by one comparison. */
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** How far a container was entered: not at all, looked through without being written, or written member by member. */
const Entered = { NO: 0, LOOKED: 1, WRITTEN: 2 } as const;

/** A saved level: the enclosing container, and the value that was entered. */
const FRAME = 12;

/**
 * One pass over each record of a batch: checks RFC 8259 strictly (every byte, also of what is skipped or copied; UTF-8; no
 * duplicate member names at any depth), decides by the trie what is kept, and fills the span table. No recursion: open
 * containers lie on a stack of `maxDepth` frames.
 *
 * Half a surrogate pair written as an escape (`\ud800`) is refused as UTF8 in member names and captured values, where two
 * different inputs would become one value; elsewhere it is copied as written or skipped.
 */
export class JsonScanner {
  readonly unlisted: UnlistedNames;
  readonly #plan: ScanPlan;
  readonly #trie: ScanTrie;
  readonly #tokens = new JsonTokens();
  readonly #names: JsonNames;
  readonly #emit = new JsonEmitter();
  readonly #frames: Int32Array;
  #record = 0;
  #members = 0;
  #sawUnlisted = false;
  // The innermost open container.
  #depth = 0;
  #isArray = 0;
  /** Its trie node, or 0 when nothing below it is in the plan. */
  #node = 0;
  /** 1 inside a copied, captured or omitted value: no ops, nothing is unlisted. */
  #decided = 0;
  /** 1 inside a captured value. */
  #captured = 0;
  /** Its number in the name table. */
  #object = 0;
  /** True right after its opening bracket. */
  #fresh = false;
  /** Trie node of the value that is read, or 0. */
  #child = 0;

  constructor(plan: ScanPlan) {
    this.#plan = plan;
    this.#trie = new ScanTrie(plan);
    this.unlisted = new UnlistedNames(this.#trie, plan.maxUnlistedNames);
    this.#names = new JsonNames(this.#trie, this.#tokens, this.unlisted);
    this.#frames = new Int32Array((plan.maxDepth + 1) * FRAME);
  }

  /** Scans every record of `batch` into `table`. */
  scan(batch: RecordBatch, table: SpanTable): void {
    table.reset(batch.count);
    this.#tokens.slab = batch.slab;
    for (let r = 0; r < batch.count; r++) {
      const { spans, ops, extraLength } = table;
      this.#record = r;
      this.#emit.begin(table, batch.slab);
      this.#names.begin(batch.slab);
      const fault = this.#scanRecord(batch.starts[r] ?? 0, batch.ends[r] ?? 0);
      if (fault !== Fault.NONE) {
        table.fault[r] = fault;
        table.spans = spans;
        table.ops = ops;
        table.extraLength = extraLength;
      }
      table.opStart[r + 1] = table.ops;
    }
  }

  #scanRecord(start: number, end: number): number {
    const tokens = this.#tokens;
    tokens.end = end;
    this.#members = 0;
    this.#sawUnlisted = false;
    this.#depth = this.#node = this.#decided = this.#captured = 0;
    let at = tokens.space(start);
    const isObject = at < end && tokens.slab[at] === OPEN_BRACE;
    this.#child = isObject ? ROOT : 0;
    at = this.#value(at);
    while (at >= 0 && this.#depth > 0) at = this.#isArray === 1 ? this.#elements(at) : this.#membersOf(at);
    if (at < 0) return tokens.fault;
    if (tokens.space(at) !== end) return Fault.SYNTAX;
    if (!isObject) return Fault.NOT_OBJECT;
    return this.#sawUnlisted && this.#plan.unlisted === 'fault' ? Fault.UNLISTED : Fault.NONE;
  }

  /** Reads members of the innermost object until it ends or a container opens inside it. */
  #membersOf(from: number): number {
    const tokens = this.#tokens;
    const slab = tokens.slab;
    const depth = this.#depth;
    let at = from;
    for (;;) {
      if ((slab[at] ?? 0) <= SPACE) at = tokens.space(at);
      let byte = at < tokens.end ? slab[at] : 0;
      if (byte === CLOSE_BRACE) return this.#close(at);
      if (this.#fresh) this.#fresh = false;
      else {
        if (byte !== COMMA) return tokens.refuse(Fault.SYNTAX);
        at++;
        if ((slab[at] ?? 0) <= SPACE) at = tokens.space(at);
        byte = at < tokens.end ? slab[at] : 0;
      }
      if (byte !== QUOTE) return tokens.refuse(Fault.SYNTAX);
      at = this.#name(at);
      if (at < 0) return -1;
      if ((slab[at] ?? 0) <= SPACE) at = tokens.space(at);
      if (at >= tokens.end || slab[at] !== COLON) return tokens.refuse(Fault.SYNTAX);
      at++;
      if ((slab[at] ?? 0) <= SPACE) at = tokens.space(at);
      at = this.#value(at);
      if (at < 0 || this.#depth !== depth) return at;
    }
  }

  /** Reads elements of the innermost array until it ends or a container opens inside it. */
  #elements(from: number): number {
    const tokens = this.#tokens;
    const slab = tokens.slab;
    const depth = this.#depth;
    const child = this.#trie.each[this.#node] ?? 0;
    let at = from;
    for (;;) {
      if ((slab[at] ?? 0) <= SPACE) at = tokens.space(at);
      const byte = at < tokens.end ? slab[at] : 0;
      if (byte === CLOSE_BRACKET) return this.#close(at);
      if (this.#fresh) this.#fresh = false;
      else {
        if (byte !== COMMA) return tokens.refuse(Fault.SYNTAX);
        at++;
        if ((slab[at] ?? 0) <= SPACE) at = tokens.space(at);
      }
      if (++this.#members > this.#plan.maxMembers) return tokens.refuse(Fault.TOO_MANY);
      this.#child = child;
      if (child !== 0) this.#emit.nameEnd = 0;
      at = this.#value(at);
      if (at < 0 || this.#depth !== depth) return at;
    }
  }

  /** Reads the name whose opening quote is at `at`; returns the position after it. */
  #name(at: number): number {
    const tokens = this.#tokens;
    const names = this.#names;
    if (++this.#members > this.#plan.maxMembers) return tokens.refuse(Fault.TOO_MANY);
    const close = names.read(at + 1, this.#object, this.#node, this.#decided === 1);
    if (close < 0) return -1;
    const child = names.child;
    this.#child = child;
    if (this.#node !== 0) {
      const emit = this.#emit;
      emit.nameStart = at;
      emit.nameEnd = close + 1;
      emit.nameEscaped = names.escaped;
      if (child === 0 && this.#decided === 0) {
        this.#sawUnlisted = true;
        emit.leaveOut();
      }
    }
    return close + 1;
  }

  /** Reads the value at `at`: a scalar to its end, of a container only the opening bracket. */
  #value(at: number): number {
    const tokens = this.#tokens;
    if (at >= tokens.end) return tokens.refuse(Fault.SYNTAX);
    const first = tokens.slab[at] ?? 0;
    if (first === QUOTE) return this.#string(at);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#open(at, first === OPEN_BRACE ? 0 : 1);
    const isNumber = first <= 0x39;
    const end = isNumber ? tokens.number(at) : tokens.literal(first, at);
    if (end < 0 || this.#child === 0) return end;
    const token = isNumber ? Token.NUMBER : first === 0x74 ? Token.TRUE : first === 0x66 ? Token.FALSE : Token.NULL;
    this.#finish(token, at, end, 0, Entered.NO);
    return end;
  }

  #string(at: number): number {
    const tokens = this.#tokens;
    const close = tokens.string(at + 1);
    if (close < 0) return -1;
    if (tokens.lone && (this.#captured === 1 || this.#isCaptured(this.#child))) return tokens.refuse(Fault.UTF8);
    if (this.#child !== 0) this.#finish(Token.STRING, at, close + 1, tokens.escaped, Entered.NO);
    return close + 1;
  }

  #isCaptured(child: number): boolean {
    return this.#trie.action[child] === Action.CAPTURE || (this.#trie.look[child] ?? -1) >= 0;
  }

  /** Enters the container at `at`. */
  #open(at: number, isArray: number): number {
    const child = this.#child;
    if (this.#depth >= this.#plan.maxDepth) return this.#tokens.refuse(Fault.DEPTH);
    let node = 0;
    let entered: number = Entered.NO;
    let decided = this.#decided;
    let captured = this.#captured;
    if (child !== 0) {
      const trie = this.#trie;
      if (isArray === 1 ? trie.each[child] !== 0 : trie.named[child] === 1) node = child;
      if (this.#isCaptured(child)) captured = 1;
      if (decided === 0 && trie.action[child] !== Action.NONE) decided = 1;
      else if (decided === 0 && node !== 0) {
        entered = trie.output[child] === 1 ? Entered.WRITTEN : Entered.LOOKED;
        if (entered === Entered.WRITTEN) this.#emit.open(isArray);
      }
    }
    this.#save(at, entered);
    this.#isArray = isArray;
    this.#node = node;
    this.#decided = decided;
    this.#captured = captured;
    if (isArray === 0) this.#object = this.#names.open(node);
    this.#fresh = true;
    return at + 1;
  }

  #save(at: number, entered: number): void {
    const frames = this.#frames;
    const emit = this.#emit;
    const base = this.#depth++ * FRAME;
    frames[base] = this.#isArray;
    frames[base + 1] = this.#node;
    frames[base + 2] = this.#decided;
    frames[base + 3] = this.#captured;
    frames[base + 4] = this.#object;
    frames[base + 5] = this.#child;
    frames[base + 6] = at;
    frames[base + 7] = entered;
    frames[base + 8] = emit.nameStart;
    frames[base + 9] = emit.nameEnd;
    frames[base + 10] = emit.nameEscaped;
    frames[base + 11] = this.#names.position;
  }

  /** Leaves the innermost container, whose closing bracket is at `at`. */
  #close(at: number): number {
    const frames = this.#frames;
    const base = --this.#depth * FRAME;
    const token = this.#isArray === 1 ? Token.ARRAY : Token.OBJECT;
    this.#isArray = frames[base] ?? 0;
    this.#node = frames[base + 1] ?? 0;
    this.#decided = frames[base + 2] ?? 0;
    this.#captured = frames[base + 3] ?? 0;
    this.#object = frames[base + 4] ?? 0;
    this.#child = frames[base + 5] ?? 0;
    this.#names.position = frames[base + 11] ?? 0;
    this.#fresh = false;
    if (this.#child !== 0) {
      this.#emit.nameStart = frames[base + 8] ?? 0;
      this.#emit.nameEnd = frames[base + 9] ?? 0;
      this.#emit.nameEscaped = frames[base + 10] ?? 0;
      this.#finish(token, frames[base + 6] ?? 0, at + 1, 0, frames[base + 7] ?? 0);
    }
    return at + 1;
  }

  /** Does what the plan says with the value `slab[start .. end)` of the current trie node. */
  #finish(token: number, start: number, end: number, escaped: number, entered: number): void {
    const trie = this.#trie;
    const child = this.#child;
    const emit = this.#emit;
    const quotes = token === Token.STRING ? 1 : 0;
    const look = trie.look[child] ?? -1;
    if (look >= 0) emit.table.addSpan(this.#record, look, start + quotes, end - quotes, token, escaped);
    if (this.#decided === 1) return;
    const action = trie.action[child];
    if (action === Action.COPY) emit.copy(start, end);
    else if (action === Action.CAPTURE) {
      const field = trie.field[child] ?? 0;
      emit.splice(emit.table.addSpan(this.#record, field, start + quotes, end - quotes, token, escaped));
    } else if (entered === Entered.WRITTEN) emit.close(token === Token.ARRAY ? 1 : 0);
    else {
      emit.leaveOut();
      const isInner = trie.named[child] === 1 || trie.each[child] !== 0;
      if (action === Action.OMIT || entered === Entered.LOOKED || !isInner || token === Token.NULL) return;
      this.unlisted.value(child);
      this.#sawUnlisted = true;
    }
  }
}
