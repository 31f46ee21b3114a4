import { asVeilError, VeilError } from '../core/errors.js';
import type { Clock } from '../core/ports.js';
import type { KafkaProducerPort, OutgoingRecord, PartitionOffset } from './kafka-port.js';

/** How an abandoned transaction ended. */
export type Abandoned = 'none' | 'aborted' | 'unknown';

/**
 * The transactions of one processor, one at a time. Rule (reference: Jepsen on Kafka transactions, KIP-890): after any answer
 * that is neither a definite success nor a definite abort the producer is thrown away; its successor has the same
 * transactional id, so the broker ends what the first left open and refuses its late messages.
 */
export class TransactionalOutput {
  readonly #make: () => KafkaProducerPort;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #producer: KafkaProducerPort | undefined;
  #beganAt: number | undefined;

  /** `timeoutMs` is the producer's transaction.timeout.ms. */
  constructor(make: () => KafkaProducerPort, clock: Clock, timeoutMs: number) {
    this.#make = make;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Milliseconds since the open transaction began, or undefined when none is open. */
  get age(): number | undefined {
    return this.#beganAt === undefined ? undefined : this.#clock.now() - this.#beganAt;
  }

  /** Makes sure there is a producer. */
  async open(): Promise<void> {
    if (this.#producer !== undefined) return;
    const producer = this.#make();
    try {
      await producer.open();
    } catch (error) {
      await producer.close();
      throw error;
    }
    this.#producer = producer;
  }

  /** Begins a transaction when none is open, and queues the records in it. */
  async write(records: readonly OutgoingRecord[]): Promise<void> {
    const producer = await this.#begun();
    try {
      for (const record of records) while (!producer.send(record)) await producer.drain();
    } catch (error) {
      throw this.#judged(error);
    }
  }

  /** Sends the offsets and commits. Nothing is open afterwards, unless it throws; then call `abandon`. */
  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const producer = await this.#begun();
    try {
      if (offsets.length > 0) await producer.sendOffsets(offsets);
      await producer.commit();
    } catch (error) {
      throw this.#judged(error);
    }
    this.#beganAt = undefined;
  }

  /**
   * Ends the open transaction without its records. With an error: by aborting when the error says that this is possible,
   * otherwise, and when aborting fails, by throwing the producer away. Throws TXN_FENCED only.
   */
  async abandon(error?: VeilError): Promise<Abandoned> {
    const producer = this.#producer;
    if (producer === undefined) return 'none';
    const open = this.#beganAt !== undefined;
    const broken = leavesDoubt(error) ? error : open ? await this.#abort(producer) : undefined;
    this.#beganAt = undefined;
    if (broken === undefined) return open ? 'aborted' : 'none';
    await this.close();
    if (broken.code === 'TXN_FENCED') throw broken;
    return 'unknown';
  }

  /** Ends the producer; an open transaction stays without its records. */
  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    this.#beganAt = undefined;
    await producer?.close();
  }

  async #abort(producer: KafkaProducerPort): Promise<VeilError | undefined> {
    try {
      await producer.abort();
      return undefined;
    } catch (error) {
      return this.#judged(error);
    }
  }

  async #begun(): Promise<KafkaProducerPort> {
    const producer = this.#producer;
    if (producer === undefined) throw new VeilError('INTERNAL', { expected: 'an open producer' });
    if (this.#beganAt === undefined) {
      try {
        await producer.begin();
      } catch (error) {
        throw this.#judged(error);
      }
      this.#beganAt = this.#clock.now();
    }
    return producer;
  }

  /**
   * The broker also fences a producer whose transaction it timed out. Only a fence inside the time means that another process
   * took over the id; a late one is our own slowness, and a new producer goes on.
   */
  #judged(error: unknown): VeilError {
    const judged = asVeilError(error, 'TXN_UNKNOWN');
    const late = (this.age ?? 0) >= this.#timeoutMs;
    return judged.code === 'TXN_FENCED' && late ? new VeilError('TXN_UNKNOWN') : judged;
  }
}

/** True for errors after which the state of the producer is not known. Others allow an abort, or come from reading, keys or records. */
function leavesDoubt(error: VeilError | undefined): error is VeilError {
  return error?.code === 'TXN_UNKNOWN' || error?.code === 'TXN_FENCED';
}
