import { utf8 } from '../core/bytes.js';
import type { Outcome, SourceRecord } from '../core/outcome.js';
import type { Policy } from '../policy/policy.js';
import { type Checkpoint, CheckpointFile } from './checkpoint.js';
import { openOutput } from './open-output.js';
import type { OutputFile } from './output.js';
import { refuseExisting } from './partial-file.js';
import { quarantineLine } from './quarantine-line.js';

const LINE_END = utf8('\n');

/** Where a replay writes. */
export interface JobPaths {
  /** Path, or `-` for standard output. */
  readonly output: string;
  readonly quarantine: string;
  /** Replace existing files. */
  readonly replace: boolean;
}

/** Output, quarantine and checkpoint of one replay, which belong together. */
export class JobFiles {
  readonly #policy: Policy;
  readonly #output: OutputFile;
  readonly #quarantine: OutputFile;
  /** Standard output cannot be resumed. */
  readonly #checkpoints: CheckpointFile | undefined;

  /**
   * Opens the files, anew or where `from` says. Throws FILE_EXISTS before anything is touched, CHECKPOINT_INVALID,
   * FILE_UNWRITABLE, DISK_FULL.
   */
  constructor(policy: Policy, { output, quarantine, replace }: JobPaths, from: Checkpoint | undefined) {
    this.#policy = policy;
    if (from?.isComplete !== true) for (const path of [output, quarantine]) refuseExisting(path, replace);
    const options = (resumeAt: number | undefined) =>
      resumeAt === undefined ? { replace } : { replace, resumeAt, isComplete: from?.isComplete === true };
    this.#output = openOutput(output, options(from?.outputBytes));
    this.#quarantine = openOutput(quarantine, options(from?.quarantineBytes));
    this.#checkpoints = output === '-' ? undefined : new CheckpointFile(output);
    if (from === undefined) this.#checkpoints?.remove();
  }

  /** Writes one line. */
  async writeLine(bytes: Uint8Array): Promise<void> {
    await this.#output.write(bytes);
    await this.#output.write(LINE_END);
  }

  /** Writes what became of a record to where it belongs. */
  async write(record: SourceRecord, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'forward' && outcome.value !== null) await this.writeLine(outcome.value);
    else if (outcome.kind === 'quarantine') {
      const { name: policy, hash: policyHash } = this.#policy;
      const line = quarantineLine(outcome, { policy, policyHash, at: record.at });
      await this.#quarantine.write(utf8(`${JSON.stringify(line)}\n`));
    }
  }

  /** Makes everything written so far durable, then says so in the checkpoint. */
  async checkpoint(progress: Omit<Checkpoint, 'outputBytes' | 'quarantineBytes'>): Promise<void> {
    if (this.#checkpoints === undefined) return;
    const [outputBytes, quarantineBytes] = [await this.#output.flush(), await this.#quarantine.flush()];
    this.#checkpoints.write({ ...progress, outputBytes, quarantineBytes });
  }

  /** Gives the files their final names. */
  async publish(): Promise<void> {
    await this.#quarantine.publish();
    await this.#output.publish();
  }

  /** Removes the checkpoint: nothing is left to go on with. */
  forget(): void {
    this.#checkpoints?.remove();
  }

  /** Stops without publishing. */
  abandon(): void {
    this.#output.abandon();
    this.#quarantine.abandon();
  }
}
