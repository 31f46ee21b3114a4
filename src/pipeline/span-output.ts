import { utf8 } from '../core/bytes.js';
import type { Code } from '../core/codes.js';
import { Shape, Token } from '../core/token.js';
import type { Kernel, SpanResults } from '../kernel/kernel.js';
import type { CompiledRule } from '../policy/plan.js';
import { Output } from '../transform/output.js';
import type { BatchState, ColumnBuilder } from './column-builder.js';
import type { FieldCounts } from './counters.js';

/** Results of all transforms of a batch by span, in one arena that the assembler reads. */
export class SpanOutput implements SpanResults {
  starts = new Uint32Array(4096);
  ends = new Uint32Array(4096);
  shapes = new Uint8Array(4096);
  /** Where transforms write. */
  readonly arena = new Output();

  get bytes(): Uint8Array {
    return this.arena.bytes;
  }

  /** Starts a batch of `spans` spans: every result is unset. */
  reset(spans: number): void {
    if (spans > this.shapes.length) {
      const size = Math.max(spans, this.shapes.length * 2);
      this.starts = new Uint32Array(size);
      this.ends = new Uint32Array(size);
      this.shapes = new Uint8Array(size);
    }
    this.shapes.fill(Shape.UNSET, 0, spans);
    this.arena.reset();
  }

  /** Takes over the results of a column. A row without a result, or with one outside the arena, quarantines its record. */
  accept(state: BatchState, rule: CompiledRule, column: ColumnBuilder, counts: FieldCounts): void {
    const { arena } = this;
    for (let row = 0; row < column.count; row++) {
      const span = column.spans[row] ?? 0;
      const shape = arena.shapes[row] ?? Shape.UNSET;
      const start = arena.starts[row] ?? 0;
      const end = arena.ends[row] ?? 0;
      const isText = shape === Shape.TEXT || shape === Shape.PLAIN || shape === Shape.NUMBER;
      if (shape === Shape.INVALID) this.refuse(state, rule, span, arena.codeOf(row), counts);
      else if (shape === Shape.UNSET || shape > Shape.INVALID || (isText && (start > end || end > arena.length)))
        this.refuse(state, rule, span, 'TRANSFORM_UNSAFE', counts);
      else {
        this.starts[span] = start;
        this.ends[span] = end;
        this.shapes[span] = shape;
        counts.transformed++;
      }
    }
  }

  /** A value was refused: the rule's `onInvalid` decides. A broken transform always quarantines. */
  refuse(state: BatchState, rule: CompiledRule, span: number, code: Code, counts: FieldCounts): void {
    counts.refused++;
    if (rule.onInvalid === 'drop-field' && code !== 'TRANSFORM_UNSAFE') this.shapes[span] = Shape.OMIT;
    else if (rule.onInvalid === 'redact' && code !== 'TRANSFORM_UNSAFE') this.#write(span, redacted(rule), Shape.TEXT);
    else {
      this.shapes[span] = Shape.OMIT;
      state.status.quarantine(state.table.record[span] ?? 0, code, rule.path.text);
    }
  }

  /** The value is null and stays null. */
  setNull(span: number): void {
    this.shapes[span] = Shape.NULL;
  }

  /**
   * The result of a `keep` field that had to be looked at as well (subject, key): its own value. Strings go through their
   * canonical form, so that no byte around the span can come along; other tokens are literals.
   */
  copy(state: BatchState, kernel: Kernel, span: number): void {
    const { table, batch, sink } = state;
    const isString = table.token[span] === Token.STRING;
    let start = table.start[span] ?? 0;
    let end = table.end[span] ?? 0;
    if (isString && table.escaped[span] === 1) {
      start = sink.length;
      kernel.unescape(batch, table, span, sink);
      end = sink.length;
    }
    if (table.token[span] === Token.NULL) this.setNull(span);
    else this.#write(span, batch.slab.subarray(start, end), isString ? Shape.TEXT : Shape.RAW);
  }

  #write(span: number, bytes: Uint8Array, shape: Shape): void {
    const at = this.arena.reserve(bytes.length);
    this.arena.bytes.set(bytes, at);
    this.arena.length = at + bytes.length;
    this.starts[span] = at;
    this.ends[span] = at + bytes.length;
    this.shapes[span] = shape;
  }
}

const constants = new Map<string, Uint8Array>();

/** The constant that stands for a refused value: the kind's own, so that the output's type stays what readers expect. */
function redacted(rule: CompiledRule): Uint8Array {
  const text = rule.kind?.redacted ?? '[redacted]';
  let bytes = constants.get(text);
  if (bytes === undefined) {
    bytes = utf8(text);
    constants.set(text, bytes);
  }
  return bytes;
}
