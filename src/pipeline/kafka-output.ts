import { utf8 } from '../core/bytes.js';
import type { Code } from '../core/codes.js';
import { VeilError } from '../core/errors.js';
import { partitionForKey } from '../core/murmur2.js';
import type { Forward, Header, Outcome, Quarantine } from '../core/outcome.js';
import type { KafkaRecord, OutgoingRecord } from './kafka-port.js';

/** Where outcomes go, as found at start. */
export interface OutputRoute {
  readonly sink: string;
  readonly sinkPartitions: number;
  /** `max.message.bytes` of the sink. */
  readonly sinkMaxBytes: number;
  readonly quarantine: string;
  readonly quarantinePartitions: number;
  readonly quarantineMaxBytes: number;
  readonly partition: 'by-key' | 'same';
  readonly lineage: boolean;
  readonly policy: string;
  readonly policyHash: string;
  /** What the data plane can write exactly. */
  readonly headerValues: 'text' | 'bytes';
}

/** Header with the source of a record as `topic/partition/offset`. */
export const SOURCE_HEADER = 'veil-source';
/** Header of a quarantined record: its code. */
export const CODE_HEADER = 'veil-code';
/** Header of a quarantined record: path of the rule that refused, or empty. */
export const PATH_HEADER = 'veil-path';
/** Header of a quarantined record: the policy as `name@hash`. */
export const POLICY_HEADER = 'veil-policy';

/** Room for the framing of one record and its batch (record batch header 61 bytes, record header at most 5 varints). */
export const FRAMING_BYTES = 120;
const HEADER_FRAMING_BYTES = 10;

/** Turns outcomes into records for the sink and the quarantine. `map` throws QUARANTINE_TOO_SMALL. */
export class OutputMapper {
  readonly #route: OutputRoute;
  readonly #policy: Header;

  constructor(route: OutputRoute) {
    this.#route = route;
    this.#policy = header(POLICY_HEADER, `${route.policy}@${route.policyHash}`);
  }

  /** The record to write, or undefined for a dropped one. */
  map(outcome: Outcome, source: KafkaRecord): OutgoingRecord | undefined {
    if (outcome.kind === 'drop') return undefined;
    return outcome.kind === 'forward' ? this.#forwarded(outcome, source) : this.#quarantined(outcome, source);
  }

  /** Why a record for the sink cannot be written as it is, or undefined. */
  objection(record: OutgoingRecord): Code | undefined {
    if (recordBytes(record) > this.#route.sinkMaxBytes) return 'OUTPUT_TOO_LARGE';
    if (this.#route.headerValues === 'text' && !record.headers.every(isExactText)) return 'HEADER_NOT_TEXT';
    return undefined;
  }

  #forwarded(outcome: Forward, source: KafkaRecord): OutgoingRecord {
    const { sink, lineage } = this.#route;
    return {
      topic: sink,
      partition: this.#partitionOf(outcome.key, source.at.partition),
      key: outcome.key,
      value: outcome.value,
      headers: lineage ? [...outcome.headers, sourceHeader(source)] : outcome.headers,
      timestamp: outcome.timestamp,
    };
  }

  #quarantined(outcome: Quarantine, source: KafkaRecord): OutgoingRecord {
    const { quarantine, quarantinePartitions, quarantineMaxBytes } = this.#route;
    const why = [header(CODE_HEADER, outcome.code), header(PATH_HEADER, outcome.path)];
    const record = {
      topic: quarantine,
      partition: source.at.partition % quarantinePartitions,
      key: null,
      value: outcome.sealed,
      headers: [...why, sourceHeader(source), this.#policy],
      timestamp: source.timestamp,
    };
    const size = recordBytes(record);
    if (size > quarantineMaxBytes)
      throw new VeilError('QUARANTINE_TOO_SMALL', { where: quarantine, got: `${size} bytes` });
    return record;
  }

  /** Records without a key stay together with their source partition, so that their order is kept. */
  #partitionOf(key: Uint8Array | null, sourcePartition: number): number {
    const { partition, sinkPartitions } = this.#route;
    if (partition === 'same') return sourcePartition;
    return key === null ? sourcePartition % sinkPartitions : partitionForKey(key, sinkPartitions);
  }
}

function header(name: string, value: string): Header {
  return { name, value: utf8(value) };
}

function sourceHeader({ at }: KafkaRecord): Header {
  return header(SOURCE_HEADER, `${at.source}/${at.partition}/${at.offset}`);
}

/** Upper bound of the bytes that a record alone in a batch needs, uncompressed. */
function recordBytes({ key, value, headers }: OutgoingRecord): number {
  let size = FRAMING_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const { name, value: bytes } of headers) size += HEADER_FRAMING_BYTES + 4 * name.length + (bytes?.length ?? 0);
  return size;
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** True for text without NUL: such a value survives being written as a C string. */
function isExactText({ value }: Header): boolean {
  if (value === null) return false;
  let isAscii = true;
  for (const byte of value) {
    if (byte === 0) return false;
    if (byte >= 0x80) isAscii = false;
  }
  return isAscii || isUtf8(value);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
