import { isUtf8 } from 'node:buffer';
import { utf8 } from '../core/bytes.js';
import type { Limits } from '../core/limits.js';
import type { SourceRecord } from '../core/outcome.js';
import type { Kernel, RecordBatch } from '../kernel/kernel.js';
import type { CompiledRule, Plan } from '../policy/plan.js';
import type { OuterValue } from './batch-engine.js';
import type { RecordStatus } from './record-status.js';

/** Stands for the body of a tombstone, so that its key goes the same way as every other value. */
const EMPTY_OBJECT = utf8('{}');

/** Bytes of the slab at first: records of half a megabyte. */
const FIRST_SLAB = 1 << 20;

/** A batch laid into one slab, ready for the engine. */
export interface LoadedBatch {
  readonly batch: RecordBatch;
  readonly used: number;
  readonly outer: readonly OuterValue[];
  readonly bodyless: Uint8Array;
}

/** Lays records, the keys and headers that rules cover, end to end into one reused slab of the kernel's. */
export class BatchLoader {
  readonly #plan: Plan;
  readonly #limits: Limits;
  readonly #kernel: Kernel;
  #slab: Uint8Array;
  #starts = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  #bodyless = new Uint8Array(1024);
  #at = 0;

  constructor(plan: Plan, limits: Limits, kernel: Kernel) {
    this.#plan = plan;
    this.#limits = limits;
    this.#kernel = kernel;
    this.#slab = kernel.slab(FIRST_SLAB);
  }

  /** Loads `records`; those that break a limit are refused in `status` and get an empty object for a body. */
  load(records: readonly SourceRecord[], status: RecordStatus): LoadedBatch {
    this.#makeRoom(records);
    this.#at = 0;
    for (const [r, record] of records.entries()) this.#body(record, r, status);
    const outer: OuterValue[] = [];
    records.forEach((record, r) => {
      if (status.states[r] === 0) this.#outer(record, r, outer, status);
    });
    const batch = { slab: this.#slab, starts: this.#starts, ends: this.#ends, count: records.length };
    return { batch, used: this.#at, outer, bodyless: this.#bodyless };
  }

  #body(record: SourceRecord, r: number, status: RecordStatus): void {
    const code = this.#refusal(record);
    if (code !== undefined) status.quarantine(r, code);
    const hasBody = record.value !== null && code === undefined;
    this.#bodyless[r] = Number(!hasBody);
    [this.#starts[r], this.#ends[r]] = this.#append(hasBody ? record.value : EMPTY_OBJECT);
  }

  #refusal({ key, value, headers }: SourceRecord): 'RECORD_TOO_LARGE' | 'EMPTY_RECORD' | 'TOMBSTONE_KEY' | undefined {
    let size = (key?.length ?? 0) + (value?.length ?? 0);
    for (const header of headers) size += header.name.length + (header.value?.length ?? 0);
    if (size > this.#limits.recordBytes || headers.length > this.#limits.headers) return 'RECORD_TOO_LARGE';
    if (value === null) return this.#plan.keyRule === undefined || key === null ? 'TOMBSTONE_KEY' : undefined;
    return value.length === 0 ? 'EMPTY_RECORD' : undefined;
  }

  #outer({ key, headers }: SourceRecord, record: number, outer: OuterValue[], status: RecordStatus): void {
    const { keyRule, headerRules } = this.#plan;
    const add = (rule: CompiledRule, bytes: Uint8Array): void => {
      // The scanner has checked the body; nobody else checks these.
      if (!isUtf8(bytes)) {
        status.quarantine(record, 'VALUE_TYPE', rule.path.text);
        return;
      }
      const [start, end] = this.#append(bytes);
      outer.push({ record, field: rule.field, start, end });
    };
    if (keyRule !== undefined && key !== null) add(keyRule, key);
    if (headerRules.size === 0) return;
    for (const { name, value } of headers) {
      const rule = headerRules.get(name);
      if (rule !== undefined && value !== null) add(rule, value);
    }
  }

  #append(bytes: Uint8Array): [number, number] {
    const start = this.#at;
    this.#slab.set(bytes, start);
    this.#at = start + bytes.length;
    return [start, this.#at];
  }

  #makeRoom(records: readonly SourceRecord[]): void {
    let bytes = 0;
    for (const { key, value, headers } of records) {
      bytes += (key?.length ?? 0) + (value?.length ?? 0) + EMPTY_OBJECT.length;
      for (const header of headers) bytes += header.value?.length ?? 0;
    }
    // Room for canonical and normal forms as well, so that the slab seldom grows in mid-batch. The kernel's memory may have
    // moved since the last batch: the slab is empty then.
    if (bytes * 2 > this.#slab.length) this.#slab = this.#kernel.slab(bytes * 2);
    if (records.length <= this.#starts.length) return;
    this.#starts = new Uint32Array(records.length * 2);
    this.#ends = new Uint32Array(records.length * 2);
    this.#bodyless = new Uint8Array(records.length * 2);
  }
}
