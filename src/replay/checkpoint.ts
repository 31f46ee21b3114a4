import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Code } from '../core/codes.js';
import { asVeilError, VeilError } from '../core/errors.js';
import type { Counters } from '../pipeline/counters.js';
import { diskCall } from './partial-file.js';

/** What a checkpoint belongs to. */
export interface JobIdentity {
  /** Policy and keys. */
  readonly job: string;
  /** Name and fingerprint of the input. */
  readonly input: string;
}

/** How far a replay has come: everything before these positions is durable. Names and numbers only, never a value. */
export interface Checkpoint extends JobIdentity {
  readonly version: 1;
  /** Output and quarantine are written whole; what is left is to publish them. */
  readonly isComplete: boolean;
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
  /** `FailureWindow.save`. */
  readonly failures: string;
  /** Unlisted field paths left out so far. */
  readonly unlisted: readonly (readonly [string, number])[];
  /** When the first run began (milliseconds since 1970), and for how long all runs so far have worked. */
  readonly startedAt: number;
  readonly workedMs: number;
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

/** Name of the checkpoint file of an output. */
export function checkpointName(output: string): string {
  return `${output}.veil-checkpoint`;
}

/** The checkpoint file of one replay: written beside the output, replaced atomically, removed at the end. */
export class CheckpointFile {
  readonly #path: string;
  readonly #beside: string;

  constructor(output: string) {
    this.#path = checkpointName(output);
    this.#beside = `${this.#path}.new`;
  }

  /**
   * The last checkpoint, or undefined when there is none. Throws CHECKPOINT_INVALID when it belongs to another policy or other
   * keys, INPUT_CHANGED when the input is another one than then.
   */
  read(identity: JobIdentity): Checkpoint | undefined {
    if (!existsSync(this.#path)) return undefined;
    const saved = this.#parse();
    if (!isCheckpoint(saved) || saved.job !== identity.job)
      throw new VeilError('CHECKPOINT_INVALID', { where: this.#path });
    if (saved.input !== identity.input) throw new VeilError('INPUT_CHANGED', { where: this.#path });
    return saved;
  }

  /** Replaces the checkpoint. Throws DISK_FULL; then the old one still stands. */
  write(checkpoint: Checkpoint): void {
    diskCall(this.#path, () => {
      const descriptor = openSync(this.#beside, 'w', 0o600);
      try {
        writeFileSync(descriptor, JSON.stringify(checkpoint));
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(this.#beside, this.#path);
    });
  }

  /** The job is done, or begins anew. */
  remove(): void {
    diskCall(this.#path, () => {
      rmSync(this.#path, { force: true });
      rmSync(this.#beside, { force: true });
    });
  }

  #parse(): unknown {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8'));
    } catch (error) {
      throw asVeilError(error, 'CHECKPOINT_INVALID', { where: this.#path });
    }
  }
}

const POSITIONS = ['batches', 'records', 'inputOffset', 'outputBytes', 'quarantineBytes'] as const;

/** Enough to tell a checkpoint from a file that was cut or edited; nothing of it is trusted beyond positions and counts. */
function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false;
  const saved = value as Partial<Checkpoint>;
  const { counters, unlisted, failures, startedAt, workedMs } = saved;
  const isCounted = counters !== undefined && [counters.totals, counters.codes, counters.fields].every(Array.isArray);
  return (
    saved.version === 1 &&
    POSITIONS.every(name => Number.isSafeInteger(saved[name])) &&
    isCounted &&
    Array.isArray(unlisted) &&
    typeof failures === 'string' &&
    typeof startedAt === 'number' &&
    typeof workedMs === 'number'
  );
}
