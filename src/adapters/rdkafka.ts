import { VeilError } from '../core/errors.js';
import type { Log } from '../core/ports.js';
import type { KafkaConsumerPort, KafkaDataPlane, KafkaProducerPort, ProducerSizes } from '../pipeline/kafka-port.js';
import type { KafkaDeployment } from '../policy/deployment.js';
import { RdKafkaConsumer } from './rdkafka-consumer.js';
import { loadRdKafka, type RdKafkaLibrary } from './rdkafka-library.js';
import { RdKafkaProducer } from './rdkafka-producer.js';
import { consumerSettings, producerSettings } from './rdkafka-settings.js';

/** The data plane over node-rdkafka (librdkafka). Loads the native package; throws CONFIG_CONFLICT when it is not built. */
export async function openRdKafka(kafka: KafkaDeployment, log: Log): Promise<KafkaDataPlane> {
  return new RdKafkaDataPlane(await loadRdKafka(), kafka, log);
}

class RdKafkaDataPlane implements KafkaDataPlane {
  readonly headerValues = 'text';
  readonly features: ReadonlySet<string>;
  readonly #library: RdKafkaLibrary;
  readonly #kafka: KafkaDeployment;
  readonly #log: Log;

  constructor(library: RdKafkaLibrary, kafka: KafkaDeployment, log: Log) {
    this.#library = library;
    this.#kafka = kafka;
    this.#log = log;
    this.features = new Set(library.features);
  }

  consumer(group: string): KafkaConsumerPort {
    const settings = consumerSettings(this.#kafka, group);
    return new RdKafkaConsumer(this.#library, settings, this.#log);
  }

  producer(transactionalId: string, sizes: ProducerSizes, consumer: KafkaConsumerPort): KafkaProducerPort {
    if (!(consumer instanceof RdKafkaConsumer))
      throw new VeilError('INTERNAL', { expected: 'a consumer of the same library' });
    const settings = producerSettings(this.#kafka, transactionalId, sizes);
    return new RdKafkaProducer(this.#library, settings, consumer, this.#log);
  }
}
