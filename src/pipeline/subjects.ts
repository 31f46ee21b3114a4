import { Token } from '../core/token.js';
import type { Kernel } from '../kernel/kernel.js';
import type { CompiledRule } from '../policy/plan.js';
import type { Subjects } from '../transform/column.js';
import type { BatchState } from './column-builder.js';

/** The subject of each record of a batch in its normal form, whatever the subject's own rule does with it. */
export class SubjectTable implements Subjects {
  bytes: Uint8Array = new Uint8Array(0);
  starts = new Uint32Array(1024);
  ends = new Uint32Array(1024);
  readonly #rule: CompiledRule | undefined;
  readonly #kernel: Kernel;

  constructor(kernel: Kernel, rule: CompiledRule | undefined) {
    this.#kernel = kernel;
    this.#rule = rule;
  }

  /** Reads the subjects of `count` records. A value that has no normal form is no subject. */
  gather(state: BatchState, count: number): void {
    if (count > this.starts.length) {
      this.starts = new Uint32Array(count);
      this.ends = new Uint32Array(count);
    }
    this.starts.fill(0, 0, count);
    this.ends.fill(0, 0, count);
    const rule = this.#rule;
    if (rule === undefined) return;
    const to = state.index.from[rule.field + 1] ?? 0;
    for (let i = state.index.from[rule.field] ?? 0; i < to; i++) this.#read(state, rule, state.index.order[i] ?? 0);
    this.bytes = state.batch.slab;
  }

  #read(state: BatchState, rule: CompiledRule, span: number): void {
    const { table, batch, sink } = state;
    const token = table.token[span];
    if (token !== Token.STRING && token !== Token.NUMBER) return;
    const record = table.record[span] ?? 0;
    let start = table.start[span] ?? 0;
    let end = table.end[span] ?? 0;
    if (table.escaped[span] === 1) {
      start = sink.length;
      this.#kernel.unescape(batch, table, span, sink);
      end = sink.length;
    }
    if (rule.kind !== undefined && start < end) {
      const at = sink.length;
      if (!rule.kind.normalize(batch.slab, start, end, sink)) return;
      start = at;
      end = sink.length;
    }
    this.starts[record] = start;
    this.ends[record] = end;
  }
}
