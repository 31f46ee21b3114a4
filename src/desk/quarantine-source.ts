import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readTopic } from '../adapters/rdkafka-topic-reader.js';
import { asVeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import type { KafkaDeployment } from '../policy/deployment.js';
import { type OpenedRecord, openQuarantineLine, openQuarantineMessage } from './quarantine-record.js';

/** A sealed record that waits for the desk's private key. Throws TOKEN_MALFORMED or SEAL_REFUSED when it does not open. */
export type SealedRecord = (deskPrivateKey: Secret) => OpenedRecord;

/** The desk's name in the broker's eyes. */
const GROUP = 'veil-desk';

/** The sealed records of a quarantine file, or of standard input (`-`). Throws FILE_UNREADABLE. */
export async function* sealedLines(file: string): AsyncGenerator<SealedRecord> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const failed = new Promise<never>((_, reject) => {
    input.once('error', (error: unknown) => reject(asVeilError(error, 'FILE_UNREADABLE', { where: file })));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done === true) return;
    const line = next.value;
    if (line !== '') yield privateKey => openQuarantineLine(line, privateKey);
  }
}

/** The sealed records of a quarantine topic: committed ones, from its beginning to its end. Throws as `readTopic`. */
export async function* sealedMessages(kafka: KafkaDeployment, topic: string): AsyncGenerator<SealedRecord> {
  for await (const message of readTopic(kafka, topic, GROUP))
    yield privateKey => openQuarantineMessage(message, privateKey);
}
