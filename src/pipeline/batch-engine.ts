import type { Limits } from '../core/limits.js';
import { Token } from '../core/token.js';
import { type Assembled, faultCode, type Kernel, type RecordBatch } from '../kernel/kernel.js';
import { Fault, SpanTable } from '../kernel/span-table.js';
import type { CompiledRule, Plan } from '../policy/plan.js';
import type { Transform } from '../transform/spec.js';
import { type BatchState, ColumnBuilder } from './column-builder.js';
import type { Counters } from './counters.js';
import { FieldIndex } from './field-index.js';
import { RecordStatus } from './record-status.js';
import { SlabSink } from './slab-sink.js';
import { SpanOutput } from './span-output.js';
import { SubjectTable } from './subjects.js';

/** A transform made for one compiled rule. */
export interface BoundRule {
  readonly rule: CompiledRule;
  readonly transform: Transform;
}

/** A value outside the record's body that a rule covers (the Kafka key, a header), laid into the slab behind the records. */
export interface OuterValue {
  readonly record: number;
  readonly field: number;
  readonly start: number;
  readonly end: number;
}

/** What an engine is made of. */
export interface EngineParts {
  readonly plan: Plan;
  readonly kernel: Kernel;
  /** Rules with a transform, in rule order; the sampling rule, if any, comes first so that nothing is done for what it drops. */
  readonly bound: readonly BoundRule[];
  readonly limits: Limits;
  readonly counters: Counters;
}

/** Assembled records with arrays that the engine may replace by larger ones. */
interface OutputRecords extends Assembled {
  starts: Uint32Array;
  ends: Uint32Array;
}

/**
 * The way of one batch (DESIGN section 5): scan, columns, transform, assemble, each stage over all records before the next one.
 * Owns every arena: what it returns is valid until the next `run`.
 */
export class BatchEngine {
  readonly table = new SpanTable();
  readonly status = new RecordStatus();
  readonly results = new SpanOutput();
  readonly out: OutputRecords;
  /** Span of the first outer value of the last batch; the others follow in the order given. */
  outerSpans = 0;
  readonly #parts: EngineParts;
  readonly #index: FieldIndex;
  readonly #column: ColumnBuilder;
  readonly #subjects: SubjectTable;

  constructor(parts: EngineParts) {
    const { plan, kernel, limits } = parts;
    const subject = plan.subjectField === undefined ? undefined : plan.rules[plan.subjectField];
    this.#parts = parts;
    this.#index = new FieldIndex(plan.rules.length);
    this.#subjects = new SubjectTable(kernel, subject);
    this.#column = new ColumnBuilder(kernel, limits.valueBytes, this.#subjects);
    this.out = {
      bytes: new Uint8Array(1 << 20),
      length: 0,
      starts: new Uint32Array(1024),
      ends: new Uint32Array(1024),
    };
  }

  /**
   * Runs a batch whose slab is filled up to `used`. `bodyless[r]` marks a record that has no value of its own (a tombstone,
   * given as an empty object): only its outer values count. Records that the caller has already refused are skipped.
   * Afterwards `out` holds the records with `status.states[r] === 0`.
   */
  run(batch: RecordBatch, used: number, outer: readonly OuterValue[], bodyless: Uint8Array): void {
    const { table, status, results } = this;
    this.#parts.kernel.scan(batch, table);
    this.#noteFaults(batch.count);
    this.outerSpans = table.spans;
    for (const { record, field, start, end } of outer) table.addSpan(record, field, start, end, Token.STRING, 0);
    this.#index.build(table);
    results.reset(table.spans);
    const state: BatchState = { batch, table, index: this.#index, status, sink: new SlabSink(batch, used) };
    this.#subjects.gather(state, batch.count);
    if (this.#parts.plan.sample !== undefined) this.#demandSubjects(batch.count, bodyless);
    for (const bound of this.#parts.bound) this.#transform(state, bound);
    this.#copyLookedAt(state);
    this.#assemble(batch);
  }

  /** Without a subject nobody can say whether the record belongs to the sample. */
  #demandSubjects(count: number, bodyless: Uint8Array): void {
    const { starts, ends } = this.#subjects;
    for (let r = 0; r < count; r++)
      if (starts[r] === ends[r] && bodyless[r] === 0) this.status.quarantine(r, 'SUBJECT_MISSING');
  }

  #noteFaults(count: number): void {
    const { fault } = this.table;
    for (let r = 0; r < count; r++) {
      const found = fault[r] ?? Fault.NONE;
      if (found !== Fault.NONE) this.status.quarantine(r, faultCode(found));
    }
  }

  /** `keep` fields that are also the subject or the key were captured: their own value is their result. */
  #copyLookedAt(state: BatchState): void {
    for (const rule of this.#parts.plan.rules) {
      if (rule.way !== 'copy') continue;
      const to = this.#index.from[rule.field + 1] ?? 0;
      for (let i = this.#index.from[rule.field] ?? 0; i < to; i++)
        this.results.copy(state, this.#parts.kernel, this.#index.order[i] ?? 0);
    }
  }

  #transform(state: BatchState, { rule, transform }: BoundRule): void {
    const { results } = this;
    const column = this.#column;
    const label = rule === this.#parts.plan.sample ? '(sample)' : rule.path.text;
    const counts = this.#parts.counters.field(label, rule.transform.spec.name, rule.kind?.name ?? '');
    column.gather(state, rule, {
      isNull: span => {
        counts.nulls++;
        results.setNull(span);
      },
      refused: (span, code) => results.refuse(state, rule, span, code, counts),
    });
    results.arena.begin(column.count);
    if (column.count > 0) transform.apply(column, results.arena);
    for (const [row, code] of results.arena.droppedRows) this.status.drop(column.records[row] ?? 0, code);
    results.accept(state, rule, column, counts);
  }

  #assemble(batch: RecordBatch): void {
    const { out, status } = this;
    if (batch.count > out.starts.length) {
      out.starts = new Uint32Array(batch.count);
      out.ends = new Uint32Array(batch.count);
    }
    out.length = 0;
    this.#parts.kernel.assemble(batch, this.table, this.results, status.states, out);
  }
}
