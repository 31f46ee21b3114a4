import type { Code } from '../core/codes.js';
import { VeilError } from '../core/errors.js';
import type { SourceRecord } from '../core/outcome.js';
import type { Clock } from '../core/ports.js';
import { RecordSplitter, Split, type SplitRecords } from '../kernel/record-splitter.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { type Checkpoint, CheckpointFile, restoreCounters, saveCounters } from './checkpoint.js';
import type { FileFormat } from './file-format.js';
import type { Input } from './input.js';
import { JobFiles, type JobPaths } from './job-files.js';
import { untilAborted } from './reading.js';
import { makeReport, type Report } from './report.js';
import type { SeededRandom } from './seeded-random.js';

/** How much is done between two looks at the world. */
export interface Pace {
  /** Records in a batch: the nonces of a batch follow from its number, so a resumed job must keep the pace it began with. */
  readonly batchRecords: number;
  /** Batches between checkpoints. */
  readonly checkpointBatches: number;
}

const DEFAULT_PACE: Pace = { batchRecords: 512, checkpointBatches: 64 };
const REPLACEMENT = Buffer.from('\uFFFD');
const NO_BYTES = new Uint8Array(0);

/** What a replay works with. The pipeline must use `format.kernel` when there is one and must make its tokens with `nonces`. */
export interface ReplayParts extends JobPaths {
  readonly pipeline: Pipeline;
  readonly format: FileFormat;
  readonly input: Input;
  readonly nonces: SeededRandom;
  readonly maxRecordBytes: number;
  /** The input is decoded from another encoding: rows with U+FFFD did not decode. */
  readonly isDecoded: boolean;
  readonly resume: boolean;
  readonly clock: Clock;
  readonly pace?: Pace;
  /** Aborted: stop at the next batch border with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a replay is. */
export interface Progress {
  readonly bytes: number;
  readonly records: number;
  readonly quarantined: number;
}

interface Pending {
  readonly record: SourceRecord;
  /** Set when the reader could not make the record out. */
  readonly refused: Code | undefined;
  /** Byte of the input behind the record. */
  readonly next: number;
}

/** One run of a policy over one file. */
export class ReplayJob {
  readonly #parts: ReplayParts;
  readonly #pace: Pace;
  readonly #identity: { readonly job: string; readonly input: string };
  readonly #splitter: RecordSplitter;
  readonly #from: Checkpoint | undefined;
  readonly #files: JobFiles;
  readonly #began: number;
  #pending: Pending[] = [];
  #batches: number;
  #records: number;
  #offset: number;

  /** Opens the outputs. Throws FILE_EXISTS, CHECKPOINT_INVALID, INPUT_CHANGED, FILE_UNWRITABLE, DISK_FULL. */
  constructor(parts: ReplayParts) {
    const { pipeline, format, input } = parts;
    this.#parts = parts;
    this.#pace = parts.pace ?? DEFAULT_PACE;
    this.#began = parts.clock.now();
    this.#identity = {
      job: [pipeline.plan.policy.hash, ...pipeline.keyIds, ...Object.values(this.#pace)].join(' '),
      input: `${input.name} ${input.fingerprint}`,
    };
    this.#from = parts.resume ? new CheckpointFile(parts.output).read(this.#identity) : undefined;
    this.#files = new JobFiles(pipeline.plan.policy, parts, this.#from);
    this.#batches = this.#from?.batches ?? 0;
    this.#records = this.#from?.records ?? 0;
    this.#offset = this.#from?.inputOffset ?? format.firstRecord;
    this.#splitter = new RecordSplitter(format.lines(), parts.maxRecordBytes, this.#offset);
    if (this.#from === undefined) return;
    restoreCounters(pipeline.counters, this.#from.counters);
    pipeline.failures.restore(this.#from.failures);
  }

  /**
   * Runs to the end of the input and publishes output and quarantine. Returns the report, or undefined when the signal stopped it
   * (then `resume` goes on). Throws FAILURE_RATE, INPUT_CHANGED, DISK_FULL, FILE_UNREADABLE; the partial files stay.
   * The checkpoint stays until `forget`, so that a report that could not be written is not lost.
   */
  async run(): Promise<Report | undefined> {
    const { input, format, signal } = this.#parts;
    try {
      if (this.#from === undefined && format.preamble.length > 0) await this.#files.writeLine(format.preamble);
      for await (const chunk of untilAborted(input.read(this.#offset), signal))
        await this.#take(this.#splitter.feed(chunk));
      if (signal?.aborted === true) return await this.#stop();
      await this.#take(this.#splitter.finish());
      await this.#runBatch();
      input.demandUnchanged();
      await this.#checkpoint(true);
    } catch (error) {
      this.#files.abandon();
      throw error;
    }
    await this.#files.publish();
    return this.#report();
  }

  /** The report is where it belongs: nothing is left to go on with. */
  forget(): void {
    this.#files.forget();
  }

  async #take(found: SplitRecords): Promise<void> {
    for (let r = 0; r < found.count; r++) {
      this.#pending.push(this.#pendingRecord(found, r));
      if (this.#pending.length === this.#pace.batchRecords) await this.#runBatch();
    }
  }

  #pendingRecord(found: SplitRecords, r: number): Pending {
    const status = found.status[r];
    // The splitter reuses its slab, and a batch may span several chunks.
    const value = status === Split.OVERSIZE ? NO_BYTES : found.slab.slice(found.starts[r], found.ends[r]);
    const at = { source: this.#parts.input.name, partition: 0, offset: this.#records++ };
    return {
      record: { key: null, value, headers: [], timestamp: 0, at },
      refused:
        status === Split.OK ? this.#undecoded(value) : status === Split.OVERSIZE ? 'RECORD_TOO_LARGE' : 'CSV_SYNTAX',
      next: found.nexts[r] ?? 0,
    };
  }

  #undecoded(value: Uint8Array): Code | undefined {
    if (!this.#parts.isDecoded) return undefined;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
    return bytes.includes(REPLACEMENT) ? 'CSV_ENCODING' : undefined;
  }

  async #runBatch(): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    const { pipeline, nonces } = this.#parts;
    nonces.startBatch(this.#batches);
    const outcomes = pipeline.process(
      pending.filter(({ refused }) => refused === undefined).map(({ record }) => record),
    );
    let next = 0;
    for (const { record, refused } of pending) {
      const outcome = refused === undefined ? outcomes[next++] : pipeline.refuse(record, refused);
      if (outcome === undefined) throw new VeilError('INTERNAL', { expected: 'one outcome for each record' });
      await this.#files.write(record, outcome);
    }
    this.#offset = pending.at(-1)?.next ?? this.#offset;
    this.#pending = [];
    this.#batches++;
    if (this.#batches % this.#pace.checkpointBatches === 0) await this.#checkpoint(false);
    const { in: records, quarantined } = pipeline.counters;
    this.#parts.onProgress?.({ bytes: this.#offset, records, quarantined });
  }

  /** Between batches only. */
  async #checkpoint(isComplete: boolean): Promise<void> {
    const { counters, failures } = this.#parts.pipeline;
    await this.#files.checkpoint({
      version: 1,
      ...this.#identity,
      isComplete,
      batches: this.#batches,
      // Records behind the last whole batch are read again by the run that goes on.
      records: this.#records - this.#pending.length,
      inputOffset: this.#offset,
      counters: saveCounters(counters),
      failures: failures.save(),
      unlisted: [...this.#unlisted()],
      ...this.#times(),
    });
  }

  async #stop(): Promise<undefined> {
    await this.#checkpoint(false);
    this.#files.abandon();
    return undefined;
  }

  #times(): { readonly startedAt: number; readonly workedMs: number } {
    const workedMs = this.#parts.clock.now() - this.#began + (this.#from?.workedMs ?? 0);
    return { startedAt: this.#from?.startedAt ?? this.#began, workedMs };
  }

  #unlisted(): ReadonlyMap<string, number> {
    const all = new Map(this.#from?.unlisted);
    for (const [path, count] of this.#parts.pipeline.unlisted) all.set(path, (all.get(path) ?? 0) + count);
    return all;
  }

  #report(): Report {
    const { counters, keyIds, plan } = this.#parts.pipeline;
    const { name, hash } = plan.policy;
    return makeReport({ policy: { name, hash }, counters, unlisted: this.#unlisted(), keys: keyIds, ...this.#times() });
  }
}
