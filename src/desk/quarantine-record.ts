import { CODES, type Code } from '../core/codes.js';
import { asVeilError, VeilError } from '../core/errors.js';
import type { SourceRecord } from '../core/outcome.js';
import type { Secret } from '../core/secret.js';
import { openSealed } from '../crypto/dangerous-open-sealed.js';
import { type QuarantineFacts, quarantineAssociatedData } from '../pipeline/quarantine.js';
import { decodeRecord } from '../pipeline/sealed-record.js';

/** A quarantined record, opened: the original and why it was refused. */
export interface OpenedRecord {
  readonly facts: QuarantineFacts;
  readonly record: SourceRecord;
}

/**
 * Opens one line of a quarantine file (src/replay/quarantine-line.ts). Throws TOKEN_MALFORMED for a line that is none, SEAL_REFUSED
 * when the key is another one or the line was altered: its facts are bound to the seal.
 */
export function openQuarantineLine(line: string, deskPrivateKey: Secret): OpenedRecord {
  const { facts, sealed } = parseLine(line);
  return { facts, record: decodeRecord(openSealed(deskPrivateKey, sealed, quarantineAssociatedData(facts))) };
}

function parseLine(line: string): { readonly facts: QuarantineFacts; readonly sealed: Uint8Array } {
  const members = membersOf(line);
  const text = (name: string): string => {
    const value = members[name];
    if (typeof value !== 'string') throw malformed(`a text "${name}"`);
    return value;
  };
  const count = (name: string): number => {
    const value = members[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed(`a number "${name}"`);
    return value;
  };
  if (members.v !== 1) throw malformed('version 1');
  const code = text('code');
  if (!isCode(code)) throw malformed('a code of this product');
  const at =
    members.source === null
      ? undefined
      : { source: text('source'), partition: count('partition'), offset: count('offset') };
  const named = { path: text('path'), policy: text('policy'), policyHash: text('policyHash') };
  const facts = { code, ...named, at };
  return { facts, sealed: new Uint8Array(Buffer.from(text('sealed'), 'base64')) };
}

function membersOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch (error) {
    throw asVeilError(error, 'TOKEN_MALFORMED', { where: 'quarantine line', expected: 'a JSON object' });
  }
}

function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

function malformed(expected: string): VeilError {
  return new VeilError('TOKEN_MALFORMED', { where: 'quarantine line', expected });
}
