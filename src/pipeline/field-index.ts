import type { SpanTable } from '../kernel/span-table.js';

/** Spans of a table grouped by field (counting sort): spans of field f are `order[from[f] .. from[f + 1])`, in record order. */
export class FieldIndex {
  order = new Uint32Array(4096);
  readonly from: Uint32Array;

  constructor(fields: number) {
    this.from = new Uint32Array(fields + 1);
  }

  /** Groups the spans of `table`. */
  build(table: SpanTable): void {
    const { from } = this;
    const { field, spans } = table;
    if (spans > this.order.length) this.order = new Uint32Array(Math.max(spans, this.order.length * 2));
    const { order } = this;
    from.fill(0);
    for (let s = 0; s < spans; s++) {
      const next = (field[s] ?? 0) + 1;
      from[next] = (from[next] ?? 0) + 1;
    }
    for (let f = 1; f < from.length; f++) from[f] = (from[f] ?? 0) + (from[f - 1] ?? 0);
    // Filling backwards keeps record order and turns `from` back into starts without a second array.
    const ends = from.slice(1);
    for (let s = spans - 1; s >= 0; s--) {
      const f = field[s] ?? 0;
      const at = (ends[f] ?? 0) - 1;
      ends[f] = at;
      order[at] = s;
    }
  }
}
