import type { Header, SourceRecord } from '../core/outcome.js';
import { Shape } from '../core/token.js';
import type { Plan } from '../policy/plan.js';
import type { BatchEngine, OuterValue } from './batch-engine.js';

/** Key and headers of the output record. Both are default-deny: what no rule covers is left out. */
export interface Envelope {
  readonly key: Uint8Array | null;
  readonly headers: readonly Header[];
}

/** What `EnvelopeBuilder.keyOf` finds for a record whose key field has no value. */
export const NO_KEY = Symbol('no key');

/** Reads the output keys and headers of a batch from the engine's results. */
export class EnvelopeBuilder {
  readonly #plan: Plan;
  readonly #engine: BatchEngine;
  /** Span that makes the key of each record, plus one; 0 = none. */
  #keySpans = new Uint32Array(1024);
  #headers = new Map<number, Header[]>();

  constructor(plan: Plan, engine: BatchEngine) {
    this.#plan = plan;
    this.#engine = engine;
  }

  /** Looks through the results of the batch that the engine has just run. */
  read(records: readonly SourceRecord[], outer: readonly OuterValue[], bodyless: Uint8Array): void {
    if (records.length > this.#keySpans.length) this.#keySpans = new Uint32Array(records.length * 2);
    this.#keySpans.fill(0, 0, records.length);
    this.#headers.clear();
    const { keyField, keyRule } = this.#plan;
    if (keyField !== undefined) this.#readKeyField(keyField);
    outer.forEach(({ record, field }, i) => {
      const span = this.#engine.outerSpans + i;
      if (field === keyRule?.field) {
        if (keyField === undefined || bodyless[record] === 1) this.#keySpans[record] = span + 1;
      } else this.#addHeader(record, field, span);
    });
  }

  /** The output key: bytes, null when the policy makes none, NO_KEY when the field that should make it has no value. */
  keyOf(record: number, isTombstone: boolean): Uint8Array | null | typeof NO_KEY {
    const span = this.#keySpans[record] ?? 0;
    if (span !== 0) return this.#bytesOf(span - 1) ?? NO_KEY;
    return this.#plan.keyField !== undefined || isTombstone ? NO_KEY : null;
  }

  /** The output headers, in the order of the source. */
  headersOf(record: number): readonly Header[] {
    return this.#headers.get(record) ?? [];
  }

  #readKeyField(keyField: number): void {
    const { table } = this.#engine;
    for (let s = 0; s < this.#engine.outerSpans; s++)
      if (table.field[s] === keyField) this.#keySpans[table.record[s] ?? 0] = s + 1;
  }

  #addHeader(record: number, field: number, span: number): void {
    const value = this.#bytesOf(span);
    const step = this.#plan.rules[field]?.path.steps[0];
    if (value === undefined || step?.step !== 'member') return;
    const list = this.#headers.get(record);
    if (list === undefined) this.#headers.set(record, [{ name: step.name, value }]);
    else list.push({ name: step.name, value });
  }

  #bytesOf(span: number): Uint8Array | undefined {
    const { results } = this.#engine;
    const shape = results.shapes[span];
    if (shape !== Shape.TEXT && shape !== Shape.PLAIN && shape !== Shape.NUMBER && shape !== Shape.RAW)
      return undefined;
    return results.bytes.slice(results.starts[span], results.ends[span]);
  }
}
