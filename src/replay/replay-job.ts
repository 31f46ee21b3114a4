import { utf8 } from '../core/bytes.js';
import type { Code } from '../core/codes.js';
import type { Outcome, SourceRecord } from '../core/outcome.js';
import type { Clock } from '../core/ports.js';
import { RecordSplitter, Split, type SplitRecords } from '../kernel/record-splitter.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { type Checkpoint, CheckpointFile, restoreCounters, saveCounters } from './checkpoint.js';
import type { FileFormat } from './file-format.js';
import type { Input } from './input.js';
import { type OutputFile, openOutput } from './output.js';
import { quarantineLine } from './quarantine-line.js';
import { makeReport, type Report } from './report.js';
import type { SeededRandom } from './seeded-random.js';

/** Records in a batch: fixed, because the nonces of a batch follow from its number. */
const BATCH_RECORDS = 512;
/** Batches between checkpoints. */
const CHECKPOINT_BATCHES = 64;
const LINE_END = utf8('\n');
const REPLACEMENT = Buffer.from('\uFFFD');
const NO_BYTES = new Uint8Array(0);

/** What a replay works with. The pipeline must use `format.kernel` and must make its tokens with `nonces`. */
export interface ReplayParts {
  readonly pipeline: Pipeline;
  readonly format: FileFormat;
  readonly input: Input;
  readonly nonces: SeededRandom;
  /** Path, or `-` for standard output. */
  readonly output: string;
  readonly quarantine: string;
  readonly maxRecordBytes: number;
  /** The input is decoded from another encoding: rows with U+FFFD did not decode. */
  readonly isDecoded: boolean;
  readonly resume: boolean;
  /** Replace an existing output. */
  readonly replace: boolean;
  readonly clock: Clock;
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
  readonly #job: string;
  readonly #checkpoints: CheckpointFile;
  readonly #splitter: RecordSplitter;
  readonly #from: Checkpoint | undefined;
  readonly #output: OutputFile;
  readonly #quarantine: OutputFile;
  readonly #unlistedBefore: ReadonlyMap<string, number>;
  #pending: Pending[] = [];
  #batches = 0;
  #records = 0;
  #offset: number;

  /** Opens the outputs. Throws FILE_EXISTS, CHECKPOINT_INVALID, DISK_FULL. */
  constructor(parts: ReplayParts) {
    const { pipeline, format, input, output, quarantine, replace } = parts;
    this.#parts = parts;
    this.#job = [pipeline.plan.policy.hash, input.name, input.fingerprint, ...pipeline.keyIds].join(' ');
    this.#checkpoints = new CheckpointFile(output);
    this.#from = parts.resume ? this.#checkpoints.read(this.#job) : undefined;
    this.#output = openOutput(output, this.#from?.outputBytes, replace);
    this.#quarantine = openOutput(quarantine, this.#from?.quarantineBytes, replace);
    this.#offset = this.#from?.inputOffset ?? format.firstRecord;
    this.#unlistedBefore = new Map(this.#from?.unlisted);
    this.#splitter = new RecordSplitter(format.lines(), parts.maxRecordBytes, this.#offset);
  }

  /**
   * Runs to the end of the input and publishes output and quarantine. Returns the report, or undefined when the signal stopped it
   * (then `resume` goes on). Throws FAILURE_RATE, DISK_FULL, FILE_UNREADABLE; the partial files stay.
   */
  async run(): Promise<Report | undefined> {
    const startedAt = this.#parts.clock.now();
    try {
      await this.#begin();
      for await (const chunk of this.#parts.input.read(this.#offset)) {
        await this.#take(this.#splitter.feed(chunk));
        if (this.#parts.signal?.aborted === true) return this.#stop();
      }
      await this.#take(this.#splitter.finish());
      await this.#runBatch();
    } catch (error) {
      this.#abandon();
      throw error;
    }
    this.#quarantine.publish();
    this.#output.publish();
    this.#checkpoints.remove();
    return this.#report(startedAt);
  }

  async #begin(): Promise<void> {
    if (this.#from === undefined) {
      this.#checkpoints.remove();
      const { preamble } = this.#parts.format;
      if (preamble.length === 0) return;
      await this.#output.write(preamble);
      await this.#output.write(LINE_END);
      return;
    }
    this.#batches = this.#from.batches;
    this.#records = this.#from.records;
    restoreCounters(this.#parts.pipeline.counters, this.#from.counters);
  }

  async #take(found: SplitRecords): Promise<void> {
    for (let r = 0; r < found.count; r++) {
      this.#pending.push(this.#pendingRecord(found, r));
      if (this.#pending.length === BATCH_RECORDS) await this.#runBatch();
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
      if (outcome !== undefined) await this.#write(record, outcome);
    }
    this.#offset = pending.at(-1)?.next ?? this.#offset;
    this.#pending = [];
    this.#batches++;
    if (this.#batches % CHECKPOINT_BATCHES === 0) this.#checkpoint();
    const { in: records, quarantined } = pipeline.counters;
    this.#parts.onProgress?.({ bytes: this.#offset, records, quarantined });
  }

  async #write(record: SourceRecord, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'forward' && outcome.value !== null) {
      await this.#output.write(outcome.value);
      await this.#output.write(LINE_END);
    } else if (outcome.kind === 'quarantine') {
      const { name: policy, hash: policyHash } = this.#parts.pipeline.plan.policy;
      const line = quarantineLine(outcome, { policy, policyHash, at: record.at });
      await this.#quarantine.write(utf8(`${JSON.stringify(line)}\n`));
    }
  }

  #checkpoint(): void {
    if (this.#parts.output === '-') return;
    this.#checkpoints.write({
      version: 1,
      job: this.#job,
      batches: this.#batches,
      records: this.#records,
      inputOffset: this.#offset,
      outputBytes: this.#output.flush(),
      quarantineBytes: this.#quarantine.flush(),
      counters: saveCounters(this.#parts.pipeline.counters),
      unlisted: [...this.#unlisted()],
    });
  }

  /** The records behind the last whole batch are read again by the resumed run. */
  #stop(): undefined {
    this.#records -= this.#pending.length;
    this.#checkpoint();
    this.#abandon();
    return undefined;
  }

  #abandon(): void {
    this.#output.abandon();
    this.#quarantine.abandon();
  }

  #unlisted(): Map<string, number> {
    const all = new Map(this.#unlistedBefore);
    for (const [path, count] of this.#parts.pipeline.unlisted) all.set(path, (all.get(path) ?? 0) + count);
    return all;
  }

  #report(startedAt: number): Report {
    const { pipeline, clock } = this.#parts;
    const { name, hash } = pipeline.plan.policy;
    const unlisted = this.#unlisted();
    const facts = { counters: pipeline.counters, unlisted, keys: pipeline.keyIds, startedAt, endedAt: clock.now() };
    return makeReport({ policy: { name, hash }, ...facts });
  }
}
