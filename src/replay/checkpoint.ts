import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Code } from '../core/codes.js';
import { asVeilError, VeilError } from '../core/errors.js';
import type { Counters } from '../pipeline/counters.js';

/** How far a replay has come: everything before these positions is durable. */
export interface Checkpoint {
  readonly version: 1;
  /** Identifies policy, keys and input: a checkpoint of another job is refused. */
  readonly job: string;
  /** Batches done. */
  readonly batches: number;
  /** Records done, the refused ones included. */
  readonly records: number;
  /** Byte of the (decoded) input where the next record begins. */
  readonly inputOffset: number;
  /** Bytes of output and quarantine that are complete. */
  readonly outputBytes: number;
  readonly quarantineBytes: number;
  readonly counters: SavedCounters;
  /** Unlisted field paths left out so far. */
  readonly unlisted: readonly (readonly [string, number])[];
}

/** `Counters` as plain data. */
export interface SavedCounters {
  readonly totals: readonly [number, number, number, number];
  readonly codes: readonly (readonly [Code, number])[];
  readonly fields: readonly (readonly [string, FieldEntry])[];
}

type FieldEntry = { transform: string; kind: string; transformed: number; nulls: number; refused: number };

/** Counters as plain data, for a checkpoint. */
export function saveCounters(c: Counters): SavedCounters {
  return { totals: [c.in, c.forwarded, c.dropped, c.quarantined], codes: [...c.codes], fields: [...c.fields] };
}

/** Puts saved counts back into the counters of a fresh pipeline. */
export function restoreCounters(counters: Counters, saved: SavedCounters): void {
  [counters.in, counters.forwarded, counters.dropped, counters.quarantined] = saved.totals;
  for (const [code, count] of saved.codes) counters.codes.set(code, count);
  for (const [path, entry] of saved.fields) counters.fields.set(path, { ...entry });
}

/** The checkpoint file of one replay: written beside the output, replaced atomically, removed at the end. */
export class CheckpointFile {
  readonly #path: string;

  constructor(output: string) {
    this.#path = `${output}.veil-checkpoint`;
  }

  /** The last checkpoint, or undefined when there is none. Throws CHECKPOINT_INVALID when it belongs to another job. */
  read(job: string): Checkpoint | undefined {
    if (!existsSync(this.#path)) return undefined;
    try {
      const saved = JSON.parse(readFileSync(this.#path, 'utf8')) as Checkpoint;
      if (saved.version === 1 && saved.job === job) return saved;
    } catch (error) {
      throw asVeilError(error, 'CHECKPOINT_INVALID', { where: this.#path });
    }
    throw new VeilError('CHECKPOINT_INVALID', { where: this.#path });
  }

  /** Replaces the checkpoint. */
  write(checkpoint: Checkpoint): void {
    const beside = `${this.#path}.new`;
    try {
      const descriptor = openSync(beside, 'w', 0o600);
      writeSync(descriptor, JSON.stringify(checkpoint));
      fsyncSync(descriptor);
      closeSync(descriptor);
      renameSync(beside, this.#path);
    } catch (error) {
      throw asVeilError(error, 'DISK_FULL', { where: this.#path });
    }
  }

  /** The job is done. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
