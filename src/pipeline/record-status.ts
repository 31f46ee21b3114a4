import type { Code } from '../core/codes.js';

/** What became of each record of a batch so far. The first reason wins: a record is refused once. */
export class RecordStatus {
  /** 0 = still to be forwarded, 1 = quarantined, 2 = dropped. Also the `skip` mask of the assembler. */
  states = new Uint8Array(1024);
  readonly #codes = new Map<number, Code>();
  readonly #paths = new Map<number, string>();

  /** Starts a batch of `count` records, all of them still to be forwarded. */
  reset(count: number): void {
    if (count > this.states.length) this.states = new Uint8Array(count);
    this.states.fill(0, 0, count);
    this.#codes.clear();
    this.#paths.clear();
  }

  /** The record fails. */
  quarantine(record: number, code: Code, path = ''): void {
    if (this.states[record] !== 0) return;
    this.states[record] = 1;
    this.#codes.set(record, code);
    this.#paths.set(record, path);
  }

  /** The record is left out on purpose. */
  drop(record: number, code: Code): void {
    if (this.states[record] !== 0) return;
    this.states[record] = 2;
    this.#codes.set(record, code);
  }

  /** Why the record is not forwarded. */
  codeOf(record: number): Code {
    return this.#codes.get(record) ?? 'INTERNAL';
  }

  /** Path of the rule that refused the record; empty when the whole record was refused. */
  pathOf(record: number): string {
    return this.#paths.get(record) ?? '';
  }
}
