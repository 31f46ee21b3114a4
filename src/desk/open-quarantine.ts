import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { publish, readSecretFile, temporaryBeside } from '../adapters/secret-file.js';
import {
  type OptionValues,
  print,
  printError,
  printJson,
  requiredOption,
  textOption,
  type Verb,
} from '../cli/command-line.js';
import { CONFIG_OPTION, kafkaOf, usableDeployment } from '../cli/deployment-input.js';
import { concatBytes, textOf, utf8 } from '../core/bytes.js';
import { asVeilError, VeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import { parseDeskPrivateKey } from '../crypto/dangerous-desk-private-key.js';
import { PASSPHRASE_FILE, passphraseOption } from './passphrase-option.js';
import type { OpenedRecord } from './quarantine-record.js';
import { type SealedRecord, sealedLines, sealedMessages } from './quarantine-source.js';

/** What became of sealed records. */
interface Tally {
  opened: number;
  /** Those that did not open, by code. */
  readonly refused: Map<string, number>;
}

/** `veil-desk open-quarantine`: the originals of quarantined records, for the person who has to repair them. */
export const openQuarantine: Verb = {
  name: 'open-quarantine',
  summary: 'decrypt quarantined records into a file that only its owner can read; never to the terminal',
  options: [
    { flags: '--in <file>', about: 'quarantine file (JSON lines), or -' },
    {
      flags: '--topic <name>',
      about: 'quarantine topic instead: all committed records, from its beginning to its end',
    },
    CONFIG_OPTION,
    { flags: '--key <file>', about: "the desk's private key" },
    { flags: '--out <file>', about: 'new file for the originals (mode 0600)' },
    { flags: '--values', about: 'write only the record values, one per line, ready to be repaired and replayed' },
    PASSPHRASE_FILE,
  ],
  examples: [
    'veil-desk open-quarantine --in orders.quarantine.jsonl --key desk.key --out originals.jsonl',
    'veil-desk open-quarantine --topic orders.quarantine --config veil.yaml --key desk.key --out originals.jsonl',
    'veil-desk open-quarantine --in - --key desk.key --out values.jsonl --values < orders.quarantine.jsonl',
  ],
  async run({ options }) {
    const [source, target] = [sourceOf(options), requiredOption(options, 'out')];
    const privateKey = await readPrivateKey(requiredOption(options, 'key'), options);
    const printRecord = options.values === true ? valueLine : originalLine;
    try {
      return summarize(await openAll(source, target, privateKey, printRecord), options);
    } finally {
      privateKey.wipe();
    }
  },
};

/** Exactly one of file and topic. */
function sourceOf(options: OptionValues): AsyncIterable<SealedRecord> {
  const [file, topic] = [textOption(options, 'in'), textOption(options, 'topic')];
  if (file !== undefined && topic === undefined) return sealedLines(file);
  if (topic !== undefined && file === undefined) return sealedMessages(kafkaOf(usableDeployment(options)), topic);
  throw new VeilError('USAGE', { expected: 'either --in or --topic' });
}

type PrintRecord = (opened: OpenedRecord) => Uint8Array;

async function readPrivateKey(file: string, options: OptionValues): Promise<Secret> {
  const text = textOf(readSecretFile(file, 'owner'));
  const passphrase = passphraseOption(options);
  const { privateKey } = await parseDeskPrivateKey(text, passphrase);
  passphrase?.wipe();
  return privateKey;
}

/** Originals are written beside their final name and published whole; after a failure nothing of them stays. */
async function openAll(
  source: AsyncIterable<SealedRecord>,
  target: string,
  privateKey: Secret,
  printRecord: PrintRecord,
): Promise<Tally> {
  const temporary = temporaryBeside(target);
  const tally: Tally = { opened: 0, refused: new Map() };
  const output = openSync(temporary, 'wx', 0o600);
  try {
    for await (const sealed of source) {
      const opened = tryOpen(sealed, privateKey, tally);
      if (opened !== undefined) writeWhole(output, printRecord(opened), target);
    }
    if (tally.opened > 0) publish(temporary, target);
    return tally;
  } finally {
    closeSync(output);
    rmSync(temporary, { force: true });
  }
}

function tryOpen(sealed: SealedRecord, privateKey: Secret, tally: Tally): OpenedRecord | undefined {
  try {
    const opened = sealed(privateKey);
    tally.opened += 1;
    return opened;
  } catch (error) {
    const { code, category } = asVeilError(error, 'INTERNAL');
    if (category === 'internal') throw error;
    tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1);
    return undefined;
  }
}

function writeWhole(output: number, bytes: Uint8Array, target: string): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(output, bytes, done);
  } catch (error) {
    throw asVeilError(error, 'DISK_FULL', { where: target });
  }
}

const LINE_END = utf8('\n');

function valueLine({ record }: OpenedRecord): Uint8Array {
  return concatBytes(record.value ?? new Uint8Array(), LINE_END);
}

function originalLine({ facts, record }: OpenedRecord): Uint8Array {
  const { at, ...said } = facts;
  const headers = record.headers.map(({ name, value }) => ({ name, ...bytesAs('value', value) }));
  const original = { ...bytesAs('key', record.key), ...bytesAs('value', record.value), headers };
  return utf8(`${JSON.stringify({ ...said, ...at, timestamp: record.timestamp, ...original })}\n`);
}

/** `{ name: text }`, or `{ nameBase64: … }` for bytes that are not UTF-8. */
function bytesAs(name: string, bytes: Uint8Array | null): Readonly<Record<string, string | null>> {
  if (bytes === null) return { [name]: null };
  try {
    return { [name]: textOf(bytes) };
  } catch {
    return { [`${name}Base64`]: Buffer.from(bytes).toString('base64') };
  }
}

function summarize({ opened, refused }: Tally, options: OptionValues): number {
  if (options.json === true) printJson({ opened, refused: Object.fromEntries(refused) });
  else {
    print(`${opened} records opened`);
    for (const [code, count] of refused) printError(`${count} records refused: ${code}`);
  }
  return refused.size === 0 ? 0 : 1;
}
