import { setTimeout as sleep } from 'node:timers/promises';
import { VeilError } from '../core/errors.js';
import { EVENTS } from '../core/events.js';
import type { Header } from '../core/outcome.js';
import type { Log } from '../core/ports.js';
import type {
  KafkaConsumerPort,
  KafkaRecord,
  OffsetRange,
  PartitionOffset,
  Polled,
  RebalanceListener,
  TopicPartition,
} from '../pipeline/kafka-port.js';
import { numberOf, RDKAFKA, readingError } from './rdkafka-errors.js';
import type { RawConsumer, RawError, RawMessage, RdKafkaLibrary, RdKafkaSettings } from './rdkafka-library.js';

const CALL_MS = 10_000;
const CLOSE_MS = 15_000;
const IDLE_MS = 10;
const SEEK_TRIES = 50;

/** The reading half over node-rdkafka. */
export class RdKafkaConsumer implements KafkaConsumerPort {
  /** The library's consumer: its group metadata goes into transactions. */
  readonly raw: RawConsumer;
  readonly #log: Log;
  #listener: RebalanceListener | undefined;
  #ends: PartitionOffset[] = [];
  #closing = false;

  constructor(library: RdKafkaLibrary, settings: RdKafkaSettings, log: Log) {
    this.#log = log;
    const onRebalance = (error: RawError, partitions: TopicPartition[]) => this.#rebalanced(error, partitions);
    this.raw = new library.KafkaConsumer({ ...settings, rebalance_cb: onRebalance }, { 'auto.offset.reset': 'error' });
    // Take what is there and never wait inside a call: a call that waits for a full batch would hold records back.
    this.raw.setDefaultConsumeTimeout(0);
    this.raw.on('partition.eof', ({ topic, partition, offset }) => this.#ends.push({ topic, partition, offset }));
    this.raw.on('event.error', error => this.#note(error));
  }

  async open(topic: string, listener: RebalanceListener): Promise<void> {
    this.#listener = listener;
    await this.connect(topic);
    this.raw.subscribe([topic]);
  }

  /** Connects without joining the group. Throws as `open`. */
  async connect(topic: string): Promise<void> {
    await call('connecting', done => this.raw.connect({ topic, timeout: CALL_MS }, done));
    await this.partitionsOf(topic);
  }

  async poll(max: number): Promise<Polled> {
    let messages: RawMessage[] = [];
    try {
      messages = (await call<RawMessage[]>('reading', done => this.raw.consume(max, done))) ?? [];
    } catch (error) {
      if (!(error instanceof VeilError) || error.detail.cause?.code !== String(RDKAFKA.MAX_POLL_EXCEEDED)) throw error;
      this.#listener?.lost();
    }
    const ends = this.#ends;
    this.#ends = [];
    if (messages.length === 0 && ends.length === 0) await sleep(IDLE_MS);
    return { records: messages.map(recordOf), ends };
  }

  async committed(partitions: readonly TopicPartition[]): Promise<PartitionOffset[]> {
    const asked = partitions.map(({ topic, partition }) => ({ topic, partition }));
    const places = await call<PartitionOffset[]>('committed offsets', done => this.raw.committed(asked, CALL_MS, done));
    return (places ?? []).map(({ topic, partition, offset }) => ({
      topic,
      partition,
      offset: Number.isInteger(offset) && offset >= 0 ? offset : -1,
    }));
  }

  async range({ topic, partition }: TopicPartition): Promise<OffsetRange> {
    const found = await call<{ lowOffset: number; highOffset: number }>(`${topic}/${partition}`, done =>
      this.raw.queryWatermarkOffsets(topic, partition, CALL_MS, done),
    );
    return { first: found?.lowOffset ?? 0, end: found?.highOffset ?? 0 };
  }

  async partitionsOf(topic: string): Promise<number> {
    const found = await call<{ topics: { name: string; partitions: unknown[] }[] }>(topic, done =>
      this.raw.getMetadata({ topic, timeout: CALL_MS }, done),
    );
    const count = found?.topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
    if (count === 0) throw new VeilError('TOPIC_MISSING', { where: topic });
    return count;
  }

  take(partitions: readonly PartitionOffset[]): void {
    this.#assign(() => this.raw.incrementalAssign([...partitions]));
  }

  release(partitions: readonly TopicPartition[]): void {
    this.#assign(() => this.raw.incrementalUnassign([...partitions]));
  }

  pause(partitions: readonly TopicPartition[]): void {
    if (partitions.length > 0)
      this.#assign(() => this.raw.pause(partitions.map(({ topic, partition }) => ({ topic, partition }))));
  }

  resume(partitions: readonly TopicPartition[]): void {
    if (partitions.length > 0)
      this.#assign(() => this.raw.resume(partitions.map(({ topic, partition }) => ({ topic, partition }))));
  }

  async seek(place: PartitionOffset): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await call('seeking', done => this.raw.seek({ ...place }, CALL_MS, done));
        return;
      } catch (error) {
        // Fetching of a partition that was only just assigned has not started yet.
        const early = error instanceof VeilError && error.detail.cause?.code === String(RDKAFKA.STATE);
        if (!early || tries === SEEK_TRIES) throw error;
        await sleep(IDLE_MS);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>(resolve => this.raw.disconnect(() => resolve()));
    await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
  }

  #rebalanced(error: RawError, partitions: TopicPartition[]): void {
    const places = partitions.map(({ topic, partition }) => ({ topic, partition }));
    const kind = numberOf(error);
    if (kind === RDKAFKA.ASSIGN_PARTITIONS && !this.#closing) this.#listener?.assigned(places);
    if (kind !== RDKAFKA.REVOKE_PARTITIONS) return;
    // Closing waits inside the library for this answer, so nobody else could give it.
    if (this.#closing) this.release(places);
    else this.#listener?.revoked(places);
  }

  #assign(change: () => unknown): void {
    try {
      change();
    } catch (error) {
      if (!this.#closing) throw readingError(error, 'assignment');
    }
  }

  #note(error: RawError): void {
    const isAuth = /authentication/.test(error.message);
    this.#log.warn(EVENTS.CLIENT_ERROR, { client: 'consumer', code: isAuth ? 'BROKER_AUTH' : String(numberOf(error)) });
  }
}

/** One callback of the library as a promise. */
async function call<T>(
  where: string,
  start: (done: (error: unknown, result?: T) => void) => unknown,
): Promise<T | undefined> {
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      start((error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
    });
  } catch (error) {
    throw readingError(error, where);
  }
}

function recordOf({ topic, partition, offset, key, value, timestamp, headers }: RawMessage): KafkaRecord {
  return {
    key: typeof key === 'string' ? Buffer.from(key) : (key ?? null),
    value,
    headers: headers === undefined ? NO_HEADERS : headers.map(headerOf),
    timestamp: timestamp ?? -1,
    at: { source: topic, partition, offset },
  };
}

const NO_HEADERS: readonly Header[] = [];

/** The library gives each header as an object with one property. */
function headerOf(pair: Readonly<Record<string, string | Buffer>>): Header {
  for (const [name, value] of Object.entries(pair))
    return { name, value: typeof value === 'string' ? Buffer.from(value) : value };
  return { name: '', value: null };
}
