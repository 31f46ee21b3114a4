import { VeilError } from '../core/errors.js';
import { METRICS } from '../core/metric-names.js';
import type { Outcome } from '../core/outcome.js';
import type { Assignment } from './assignment.js';
import { OutputMapper } from './kafka-output.js';
import type { KafkaRecord, OutgoingRecord, Polled } from './kafka-port.js';
import type { Positions } from './kafka-positions.js';
import { OutcomeTally } from './outcome-tally.js';
import type { ProcessorParts } from './processor-parts.js';
import type { TransactionalOutput } from './transactional-output.js';

/**
 * The work of a processor while all is well. The next poll runs while a batch is processed, and a commit runs while the
 * following batch is processed; writing waits for it. Rebalances are answered only when nothing is polled, written or open.
 */
export class ProcessorTurns {
  readonly tally: OutcomeTally;
  readonly #parts: ProcessorParts;
  readonly #positions: Positions;
  readonly #assignment: Assignment;
  readonly #output: TransactionalOutput;
  readonly #mapper: OutputMapper;
  #polling: Promise<Polled> | undefined;
  #committing: Promise<void> | undefined;

  constructor(parts: ProcessorParts, positions: Positions, assignment: Assignment, output: TransactionalOutput) {
    this.#parts = parts;
    this.#positions = positions;
    this.#assignment = assignment;
    this.#output = output;
    this.#mapper = new OutputMapper(parts.settings.route);
    this.tally = new OutcomeTally(parts.settings.policy, parts.metrics);
  }

  /** True when nothing waits to be processed or committed. */
  get isIdle(): boolean {
    return this.#committing === undefined && this.#output.age === undefined && !this.#positions.hasChanged;
  }

  /** One batch. Throws VeilError; then `discard` must be called before anything else. */
  async take(): Promise<void> {
    const polled = await (this.#polling ?? this.#poll());
    this.#assignment.checkLost();
    this.#polling = this.#assignment.isWaiting ? undefined : this.#poll();
    await this.#handle(polled);
    if (this.#assignment.isWaiting) {
      if (this.#polling !== undefined) return;
      await this.settle();
      await this.#assignment.answer();
    } else if (this.#isDue()) {
      this.#committing = this.#commit();
      // The error is met by whoever waits for the commit; until then it must not end the process.
      this.#committing.catch(() => undefined);
    }
  }

  /** Commits everything that was processed. Records polled but not processed are left to be read again. */
  async settle(): Promise<void> {
    await this.#committed();
    if (this.isIdle) return;
    this.#committing = this.#commit();
    await this.#committed();
  }

  /** Waits until nothing is under way and forgets it. Never throws. Work goes on only after a rewind. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.#polling, this.#committing]);
    this.#polling = undefined;
    this.#committing = undefined;
    this.tally.discard();
    this.#positions.invalidate();
  }

  #poll(): Promise<Polled> {
    const polling = this.#parts.consumer.poll(this.#parts.settings.batchRecords);
    // The error is met when the poll is awaited; until then it must not end the process.
    polling.catch(() => undefined);
    return polling;
  }

  async #handle({ records, ends }: Polled): Promise<void> {
    const due = this.#positions.due(records);
    const outcomes = due.length > 0 ? await this.#processed(due) : [];
    await this.#committed();
    if (due.length > 0) await this.#output.write(this.#outgoing(due, outcomes));
    for (const { at } of due) this.#positions.advance(at.partition, at.offset + 1);
    for (const { partition, offset } of ends) this.#positions.advance(partition, offset);
  }

  async #processed(due: readonly KafkaRecord[]): Promise<readonly Outcome[]> {
    const { records, clock, metrics, settings } = this.#parts;
    const began = clock.now();
    const outcomes = await records.process(due);
    metrics.observe(METRICS.BATCH_SECONDS.name, (clock.now() - began) / 1000, { policy: settings.policy });
    if (outcomes.length === due.length) return outcomes;
    throw new VeilError('INTERNAL', { expected: `${due.length} outcomes`, got: `${outcomes.length}` });
  }

  #outgoing(due: readonly KafkaRecord[], outcomes: readonly Outcome[]): OutgoingRecord[] {
    const outgoing: OutgoingRecord[] = [];
    for (const [i, first] of outcomes.entries()) {
      const source = due[i];
      if (source === undefined) continue;
      const [outcome, record] = this.#publishable(first, source);
      this.tally.note(outcome);
      if (record !== undefined) outgoing.push(record);
    }
    return outgoing;
  }

  #publishable(outcome: Outcome, source: KafkaRecord): [Outcome, OutgoingRecord | undefined] {
    const record = this.#mapper.map(outcome, source);
    if (record === undefined || outcome.kind !== 'forward') return [outcome, record];
    const objection = this.#mapper.objection(record);
    if (objection === undefined) return [outcome, record];
    const refused = this.#parts.records.withdraw(source, objection);
    return [refused, this.#mapper.map(refused, source)];
  }

  #isDue(): boolean {
    const { commitIntervalMs, commitRecords } = this.#parts.settings;
    const age = this.#output.age;
    if (age === undefined) return this.#positions.hasChanged;
    return age >= commitIntervalMs || this.tally.open >= commitRecords;
  }

  /** Waits for the commit that runs beside the work. */
  async #committed(): Promise<void> {
    await this.#committing;
    this.#committing = undefined;
  }

  async #commit(): Promise<void> {
    const { clock, metrics, settings } = this.#parts;
    const labels = { policy: settings.policy };
    const counts = this.tally.take();
    const began = clock.now();
    await this.#output.commit(this.#positions.takeChanged());
    this.tally.commit(counts);
    metrics.observe(METRICS.COMMIT_SECONDS.name, (clock.now() - began) / 1000, labels);
    metrics.count(METRICS.TRANSACTIONS.name, 1, { ...labels, result: 'committed' });
  }
}
