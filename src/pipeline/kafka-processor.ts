import { setTimeout as sleep } from 'node:timers/promises';
import { asVeilError, type VeilError } from '../core/errors.js';
import { EVENTS } from '../core/events.js';
import { METRICS } from '../core/metric-names.js';
import { Assignment } from './assignment.js';
import { DrainGoal } from './drain-goal.js';
import { Positions } from './kafka-positions.js';
import type { OutcomeCounts } from './outcome-tally.js';
import type { ProcessorParts } from './processor-parts.js';
import { ProcessorTurns } from './processor-turns.js';
import { TransactionalOutput } from './transactional-output.js';

/** Where a processor stands. */
export type ProcessorState = 'starting' | 'running' | 'recovering' | 'stopping' | 'stopped';

const GOAL_CHECK_MS = 200;

/**
 * Reads one topic, gives every record its outcome, and publishes outcomes and offsets in one Kafka transaction, so that a
 * read_committed consumer sees each outcome exactly once through crashes and rebalances.
 *
 * Every failure that may pass takes one way: end the transaction without its records, wait with paused partitions while the
 * membership is kept alive, go back to the committed offsets, go on.
 */
export class KafkaProcessor {
  readonly #parts: ProcessorParts;
  readonly #positions: Positions;
  readonly #assignment: Assignment;
  readonly #output: TransactionalOutput;
  readonly #turns: ProcessorTurns;
  #state: ProcessorState = 'starting';
  #goal: DrainGoal | undefined;
  #lag: number | undefined;
  #nextGoalCheck = 0;
  #nextRetentionCheck = 0;
  #failures = 0;
  #failingSince = 0;
  #failedAt = 0;
  #committedBefore = 0;
  #drained = false;

  constructor(parts: ProcessorParts) {
    const { settings, consumer, log, metrics, clock } = parts;
    const { policy } = settings;
    this.#parts = parts;
    this.#positions = new Positions(settings.source);
    this.#assignment = new Assignment({ consumer, positions: this.#positions, policy, log, metrics });
    this.#output = new TransactionalOutput(parts.producer, clock, settings.transactionTimeoutMs);
    this.#turns = new ProcessorTurns(parts, this.#positions, this.#assignment, this.#output);
  }

  /** For probes and the status line. */
  get state(): ProcessorState {
    return this.#state;
  }

  /** Outcomes of committed transactions. */
  get counts(): Readonly<OutcomeCounts> {
    return this.#turns.tally.committed;
  }

  /** Records of our partitions that are still to be read, as of the last look; undefined before the first. */
  get lag(): number | undefined {
    return this.#lag;
  }

  /**
   * Runs until `stop` is signalled or everything is drained, then leaves cleanly. Throws the VeilError that ended it
   * otherwise: TXN_FENCED, OFFSET_LOST, FAILURE_RATE, or what did not pass within `giveUpMs`.
   */
  async run(stop: AbortSignal): Promise<void> {
    const { consumer, settings, log } = this.#parts;
    const { policy } = settings;
    try {
      await consumer.open(settings.source, this.#assignment);
      if (settings.untilDrained) this.#goal = await DrainGoal.of(consumer, settings.source);
      await this.#output.open();
      log.info(EVENTS.STARTED, { policy, source: settings.source });
      this.#enter('running');
      while (!stop.aborted && !this.#drained) await this.#turn(stop);
      log.info(this.#drained ? EVENTS.DRAINED : EVENTS.STOPPING, { policy });
      this.#enter('stopping');
      await this.#finish();
    } finally {
      this.#enter('stopping');
      await this.#leave();
      this.#enter('stopped');
      log.info(EVENTS.STOPPED, { policy, ...this.counts });
    }
  }

  async #turn(stop: AbortSignal): Promise<void> {
    try {
      await this.#turns.take();
      await this.#lookAround();
      this.#noteProgress();
      this.#drained = await this.#isDrained();
    } catch (error) {
      await this.#recover(asVeilError(error, 'INTERNAL'), stop);
    }
  }

  /** Throws when the failure cannot pass; otherwise returns when work can go on, or when `stop` was signalled. */
  async #recover(first: VeilError, stop: AbortSignal): Promise<void> {
    let failure: VeilError | undefined = first;
    this.#enter('recovering');
    while (failure !== undefined && !stop.aborted) {
      this.#judge(failure);
      await this.#turns.discard();
      await this.#abandon(failure);
      failure = await this.#tryAgain(stop).then(
        () => undefined,
        (error: unknown) => asVeilError(error, 'INTERNAL'),
      );
    }
    if (!stop.aborted) this.#enter('running');
  }

  /** Counts the failure, and throws it when waiting cannot help or has helped for too long. */
  #judge(failure: VeilError): void {
    const { clock, log, metrics, settings } = this.#parts;
    const { policy } = settings;
    this.#failures++;
    this.#failedAt = clock.now();
    this.#committedBefore = this.#committedRecords();
    if (this.#failures === 1) this.#failingSince = this.#failedAt;
    metrics.count(METRICS.FAILURES.name, 1, { policy, code: failure.code });
    const canPass = failure.category === 'transport' || failure.category === 'key';
    if (!canPass || clock.now() - this.#failingSince >= settings.giveUpMs) throw failure;
    log.warn(EVENTS.RECOVERING, { policy, code: failure.code, failures: this.#failures });
  }

  async #abandon(failure?: VeilError): Promise<void> {
    const { log, metrics, settings } = this.#parts;
    const { policy } = settings;
    const result = await this.#output.abandon(failure);
    if (result === 'none') return;
    metrics.count(METRICS.TRANSACTIONS.name, 1, { policy, result });
    if (result === 'unknown') log.warn(EVENTS.PRODUCER_RENEWED, { policy });
  }

  async #tryAgain(stop: AbortSignal): Promise<void> {
    const { consumer, settings } = this.#parts;
    const wait = Math.min(settings.retryLongestMs, settings.retryFirstMs * 2 ** (this.#failures - 1));
    await this.#idle(wait, stop);
    if (stop.aborted) return;
    await this.#output.open();
    await this.#assignment.rewind();
    consumer.resume(this.#positions.all);
  }

  /** Waits while staying in the group: paused partitions bring no records, and rebalances are answered. */
  async #idle(waitMs: number, stop: AbortSignal): Promise<void> {
    const { clock, consumer, settings } = this.#parts;
    const until = clock.now() + waitMs;
    do {
      consumer.pause(this.#positions.all);
      await consumer.poll(settings.batchRecords);
      await this.#assignment.answer();
      await sleep(Math.min(50, waitMs));
    } while (clock.now() < until && !stop.aborted);
  }

  /** Failures are over when something was committed after them, or when a good while passed without another. */
  #noteProgress(): void {
    if (this.#failures === 0) return;
    const { clock, log, settings } = this.#parts;
    const quiet = clock.now() - this.#failedAt > 2 * settings.retryLongestMs;
    if (this.#committedRecords() === this.#committedBefore && !quiet) return;
    this.#failures = 0;
    log.info(EVENTS.RECOVERED, { policy: settings.policy });
  }

  #committedRecords(): number {
    const { forward, drop, quarantine } = this.counts;
    return forward + drop + quarantine;
  }

  /** Looks at lag and retention now and then. */
  async #lookAround(): Promise<void> {
    const { clock, metrics, settings } = this.#parts;
    if (clock.now() < this.#nextRetentionCheck) return;
    this.#nextRetentionCheck = clock.now() + settings.checkMs;
    this.#lag = await this.#assignment.checkRetention();
    metrics.gauge(METRICS.LAG.name, this.#lag, { policy: settings.policy });
  }

  async #isDrained(): Promise<boolean> {
    const { clock } = this.#parts;
    if (this.#goal === undefined || !this.#turns.isIdle || clock.now() < this.#nextGoalCheck) return false;
    this.#nextGoalCheck = clock.now() + GOAL_CHECK_MS;
    return this.#goal.isReached();
  }

  /** Commits what was processed, if that is quick; otherwise it is left to be aborted. */
  async #finish(): Promise<void> {
    const slow = sleep(this.#parts.settings.finishMs, undefined, { ref: false });
    const settled = this.#turns.settle().catch((error: unknown) => this.#abandon(asVeilError(error, 'INTERNAL')));
    await Promise.race([settled, slow]);
  }

  async #leave(): Promise<void> {
    const slow = sleep(this.#parts.settings.finishMs, undefined, { ref: false });
    const left = this.#turns
      .discard()
      .then(() => this.#abandon())
      .catch(() => undefined)
      .then(() => this.#parts.consumer.close())
      .then(() => this.#output.close());
    await Promise.race([left, slow]);
  }

  #enter(state: ProcessorState): void {
    this.#state = state;
    const running = state === 'running' ? 1 : 0;
    this.#parts.metrics.gauge(METRICS.RUNNING.name, running, { policy: this.#parts.settings.policy });
  }
}
