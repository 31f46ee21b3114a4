import { concatBytes, utf8 } from '../core/bytes.js';
import type { Code } from '../core/codes.js';
import type { Coordinates, Quarantine, SourceRecord } from '../core/outcome.js';
import { encodeRecord } from './sealed-record.js';

/** Encrypts to the desk's public key: whoever holds only this can never read what it sealed. */
export interface Sealer {
  /** `associatedData` must be given again, byte for byte, to open. */
  seal(plain: Uint8Array, associatedData: Uint8Array): Uint8Array;
  /** Forgets the session's key. */
  close(): void;
}

/** What stands in clear beside a sealed record: coordinates and codes, never a value. */
export interface QuarantineFacts {
  readonly code: Code;
  /** Field path of the rule that refused, or empty. */
  readonly path: string;
  /** Name of the policy. */
  readonly policy: string;
  readonly policyHash: string;
  readonly at: Coordinates | undefined;
}

/**
 * The facts as associated data, so that a sealed record cannot be given another code, place or policy: each of code, path,
 * policy, policy hash, source, partition, offset as u32 big-endian length + UTF-8 text; absent coordinates are empty texts.
 */
export function quarantineAssociatedData(facts: QuarantineFacts): Uint8Array {
  const { at } = facts;
  const coordinates = at === undefined ? ['', '', ''] : [at.source, String(at.partition), String(at.offset)];
  const texts = [facts.code, facts.path, facts.policy, facts.policyHash, ...coordinates];
  return concatBytes(...texts.flatMap(text => withLength(utf8(text))));
}

function withLength(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return [length, bytes];
}

/** The quarantine outcome of a record: the whole original, sealed, with its facts bound to it. */
export function quarantined(sealer: Sealer, record: SourceRecord, facts: QuarantineFacts): Quarantine {
  const sealed = sealer.seal(encodeRecord(record), quarantineAssociatedData(facts));
  return { kind: 'quarantine', code: facts.code, path: facts.path, sealed };
}
