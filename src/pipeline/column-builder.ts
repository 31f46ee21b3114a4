import type { Code } from '../core/codes.js';
import { Token } from '../core/token.js';
import type { Kernel, RecordBatch } from '../kernel/kernel.js';
import type { SpanTable } from '../kernel/span-table.js';
import type { Kind } from '../kinds/kind.js';
import type { CompiledRule } from '../policy/plan.js';
import type { Column, Subjects } from '../transform/column.js';
import type { FieldIndex } from './field-index.js';
import type { RecordStatus } from './record-status.js';
import type { SlabSink } from './slab-sink.js';

/** What one batch is made of while it is worked on. */
export interface BatchState {
  readonly batch: RecordBatch;
  readonly table: SpanTable;
  readonly index: FieldIndex;
  readonly status: RecordStatus;
  readonly sink: SlabSink;
}

/** Called for a value that does not become a row: it is null, or refused with a code. */
export interface Unrowed {
  isNull(span: number): void;
  refused(span: number, code: Code): void;
}

/**
 * Gathers the values of one rule into a column: unescapes, takes the kind's normal form where the transform wants it, and turns
 * away what the rule's contract does not accept (issue: "values of the wrong type"), so that transforms see valid rows only.
 */
export class ColumnBuilder implements Column {
  count = 0;
  bytes: Uint8Array = new Uint8Array(0);
  starts = new Uint32Array(1024);
  ends = new Uint32Array(1024);
  tokens = new Uint8Array(1024);
  records = new Uint32Array(1024);
  /** Span of each row. */
  spans = new Uint32Array(1024);
  subjects: Subjects;
  readonly #kernel: Kernel;
  readonly #maxValueBytes: number;

  constructor(kernel: Kernel, maxValueBytes: number, subjects: Subjects) {
    this.#kernel = kernel;
    this.#maxValueBytes = maxValueBytes;
    this.subjects = subjects;
  }

  /** Fills the column with the spans of `rule` whose records are still to be forwarded. */
  gather(state: BatchState, rule: CompiledRule, unrowed: Unrowed): void {
    const { table, index, status } = state;
    const from = index.from[rule.field] ?? 0;
    const to = index.from[rule.field + 1] ?? 0;
    this.#makeRoom(to - from);
    this.count = 0;
    for (let i = from; i < to; i++) {
      const span = index.order[i] ?? 0;
      if (status.states[table.record[span] ?? 0] !== 0) continue;
      if (table.token[span] === Token.NULL) unrowed.isNull(span);
      else {
        const code = this.#addRow(state, rule, span);
        if (code !== undefined) unrowed.refused(span, code);
      }
    }
    this.bytes = state.batch.slab;
  }

  #addRow(state: BatchState, rule: CompiledRule, span: number): Code | undefined {
    const { table, batch, sink } = state;
    const { spec } = rule.transform;
    const token = table.token[span] ?? 0;
    let start = table.start[span] ?? 0;
    let end = table.end[span] ?? 0;
    if (end - start > this.#maxValueBytes) return 'VALUE_TOO_LARGE';
    const isTree = token === Token.OBJECT || token === Token.ARRAY;
    if (isTree ? !spec.subtree || rule.kind !== undefined : !accepts(rule.kind, token)) return 'VALUE_TYPE';
    if (isTree || table.escaped[span] === 1) {
      start = sink.length;
      if (isTree) this.#kernel.compact(batch, table, span, sink);
      else this.#kernel.unescape(batch, table, span, sink);
      end = sink.length;
    }
    if (spec.input === 'normal') {
      if (start === end) return 'VALUE_EMPTY';
      if (rule.kind !== undefined) {
        const at = sink.length;
        if (!rule.kind.normalize(batch.slab, start, end, sink)) return 'VALUE_INVALID';
        start = at;
        end = sink.length;
      }
    } else if (rule.kind !== undefined && spec.needsKind && start === end) return 'VALUE_EMPTY';
    const row = this.count++;
    this.starts[row] = start;
    this.ends[row] = end;
    this.tokens[row] = token;
    this.records[row] = table.record[span] ?? 0;
    this.spans[row] = span;
    return undefined;
  }

  #makeRoom(rows: number): void {
    if (rows <= this.starts.length) return;
    const size = Math.max(rows, this.starts.length * 2);
    this.starts = new Uint32Array(size);
    this.ends = new Uint32Array(size);
    this.tokens = new Uint8Array(size);
    this.records = new Uint32Array(size);
    this.spans = new Uint32Array(size);
  }
}

/** A rule with a kind takes strings, and numbers when the kind says so; a rule without a kind takes every scalar. */
function accepts(kind: Kind | undefined, token: number): boolean {
  if (token === Token.STRING || kind === undefined) return true;
  return token === Token.NUMBER && kind.acceptsNumber;
}
