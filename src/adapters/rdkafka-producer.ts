import { setTimeout as sleep } from 'node:timers/promises';
import { VeilError } from '../core/errors.js';
import { EVENTS } from '../core/events.js';
import type { Header } from '../core/outcome.js';
import type { Log } from '../core/ports.js';
import type { KafkaProducerPort, OutgoingRecord, PartitionOffset } from '../pipeline/kafka-port.js';
import type { RdKafkaConsumer } from './rdkafka-consumer.js';
import { numberOf, RDKAFKA, readingError, writingError } from './rdkafka-errors.js';
import type { RawError, RawProducer, RdKafkaLibrary, RdKafkaSettings } from './rdkafka-library.js';

const CONNECT_MS = 8_000;
const INIT_MS = 20_000;
const END_MS = 30_000;
const FLUSH_ON_CLOSE_MS = 10;
const CLOSE_MS = 10_000;
const POLL_EVERY_MS = 50;

/** The writing half over node-rdkafka. */
export class RdKafkaProducer implements KafkaProducerPort {
  readonly #raw: RawProducer;
  readonly #consumer: RdKafkaConsumer;
  readonly #log: Log;

  constructor(library: RdKafkaLibrary, settings: RdKafkaSettings, consumer: RdKafkaConsumer, log: Log) {
    this.#consumer = consumer;
    this.#log = log;
    // No delivery reports: inside a transaction the commit fails when a record could not be delivered.
    this.#raw = new library.Producer({ ...settings });
    this.#raw.on('event.error', error => this.#note(error));
  }

  async open(): Promise<void> {
    try {
      await run(done => this.#raw.connect({ timeout: CONNECT_MS }, done));
      this.#raw.setPollInterval(POLL_EVERY_MS);
      await run(done => this.#raw.initTransactions(INIT_MS, done));
    } catch (error) {
      throw readingError(error, 'transactional producer');
    }
  }

  begin(): Promise<void> {
    return writing('begin', done => this.#raw.beginTransaction(done));
  }

  send({ topic, partition, value, key, timestamp, headers }: OutgoingRecord): boolean {
    try {
      const list = headers.length === 0 ? undefined : headers.map(pairOf);
      this.#raw.produce(topic, partition, bufferOf(value), bufferOf(key), timestamp, undefined, list);
      return true;
    } catch (error) {
      if (numberOf(error) === RDKAFKA.QUEUE_FULL) return false;
      // The transaction is already failing; aborting it tells whether this producer can go on.
      const failed = writingError(error, 'send');
      throw failed.code === 'TXN_UNKNOWN' ? new VeilError('TXN_ABORTABLE', failed.detail) : failed;
    }
  }

  async drain(): Promise<void> {
    this.#raw.poll();
    await sleep(2);
  }

  sendOffsets(offsets: readonly PartitionOffset[]): Promise<void> {
    return writing('offsets', done =>
      this.#raw.sendOffsetsToTransaction([...offsets], this.#consumer.raw, END_MS, done),
    );
  }

  commit(): Promise<void> {
    return writing('commit', done => this.#raw.commitTransaction(END_MS, done));
  }

  abort(): Promise<void> {
    return writing('abort', done => this.#raw.abortTransaction(END_MS, done));
  }

  async close(): Promise<void> {
    if (!this.#raw.isConnected()) return;
    // The library's timer must not poll a client that is being destroyed.
    this.#raw.setPollInterval(0);
    const closed = new Promise<void>(resolve => this.#raw.disconnect(FLUSH_ON_CLOSE_MS, () => resolve()));
    await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
  }

  #note(error: RawError): void {
    const isAuth = /authentication/.test(error.message);
    this.#log.warn(EVENTS.CLIENT_ERROR, { client: 'producer', code: isAuth ? 'BROKER_AUTH' : String(numberOf(error)) });
  }
}

async function run(start: (done: (error: unknown) => void) => unknown): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    start(error => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

async function writing(where: string, start: (done: (error: unknown) => void) => unknown): Promise<void> {
  try {
    await run(start);
  } catch (error) {
    throw writingError(error, where);
  }
}

/** Zero bytes with an address: the library takes an empty buffer without one for null, and a value for a tombstone. */
const EMPTY = Buffer.alloc(1).subarray(0, 0);

function bufferOf(bytes: Uint8Array | null): Buffer | null {
  if (bytes?.length === 0) return EMPTY;
  if (bytes === null || Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The library writes header values as text; values that are not were refused before. */
function pairOf({ name, value }: Header): Record<string, string> {
  return { [name]: bufferOf(value)?.toString() ?? '' };
}
