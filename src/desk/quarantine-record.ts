import { CODES, type Code } from '../core/codes.js';
import { asVeilError, VeilError } from '../core/errors.js';
import type { SourceRecord } from '../core/outcome.js';
import type { Secret } from '../core/secret.js';
import { openSealed } from '../crypto/dangerous-open-sealed.js';
import { CODE_HEADER, PATH_HEADER, POLICY_HEADER, SOURCE_HEADER } from '../pipeline/kafka-output.js';
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
  return open(parseLine(line), deskPrivateKey);
}

/**
 * Opens one record of a quarantine topic (src/pipeline/kafka-output.ts): the value is the seal, the headers are its facts. Throws
 * as `openQuarantineLine`.
 */
export function openQuarantineMessage({ value, headers }: SourceRecord, deskPrivateKey: Secret): OpenedRecord {
  const text = (name: string): string => {
    const found = headers.filter(header => header.name === name);
    if (found.length !== 1 || found[0]?.value == null) throw malformed(`one header "${name}"`);
    return Buffer.from(found[0].value).toString('utf8');
  };
  const [, source = '', partition, offset] = matched(
    /^([A-Za-z0-9._-]+)\/(\d{1,10})\/(\d{1,16})$/,
    text(SOURCE_HEADER),
  );
  const [, policy = '', policyHash = ''] = matched(/^([^@]+)@([^@]+)$/, text(POLICY_HEADER));
  const at = { source, partition: Number(partition), offset: Number(offset) };
  const facts = { code: codeOf(text(CODE_HEADER)), path: text(PATH_HEADER), policy, policyHash, at };
  return open({ facts, sealed: value ?? new Uint8Array() }, deskPrivateKey);
}

function matched(pattern: RegExp, text: string): readonly string[] {
  const parts = pattern.exec(text);
  if (parts === null) throw malformed('headers as `veil run` writes them');
  return parts;
}

interface Sealed {
  readonly facts: QuarantineFacts;
  readonly sealed: Uint8Array;
}

function open({ facts, sealed }: Sealed, deskPrivateKey: Secret): OpenedRecord {
  return { facts, record: decodeRecord(openSealed(deskPrivateKey, sealed, quarantineAssociatedData(facts))) };
}

function parseLine(line: string): Sealed {
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
  const code = codeOf(text('code'));
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

function codeOf(text: string): Code {
  if (!isCode(text)) throw malformed('a code of this product');
  return text;
}

function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

function malformed(expected: string): VeilError {
  return new VeilError('TOKEN_MALFORMED', { where: 'quarantined record', expected });
}
