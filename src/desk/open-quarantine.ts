import { closeSync, createReadStream, openSync, rmSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { publish, readSecretFile, temporaryBeside } from '../adapters/secret-file.js';
import { type OptionValues, print, printError, printJson, requiredOption, type Verb } from '../cli/command-line.js';
import { concatBytes, textOf, utf8 } from '../core/bytes.js';
import { asVeilError } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import { parseDeskPrivateKey } from '../crypto/dangerous-desk-private-key.js';
import { PASSPHRASE_FILE, passphraseOption } from './passphrase-option.js';
import { type OpenedRecord, openQuarantineLine } from './quarantine-record.js';

/** What became of the lines of a quarantine file. */
interface Tally {
  opened: number;
  /** Lines that did not open, by code. */
  readonly refused: Map<string, number>;
}

/** `veil-desk open-quarantine`: the originals of quarantined records, for the person who has to repair them. */
export const openQuarantine: Verb = {
  name: 'open-quarantine',
  summary: 'decrypt quarantined records into a file that only its owner can read; never to the terminal',
  options: [
    { flags: '--in <file>', about: 'quarantine file (JSON lines), or -' },
    { flags: '--key <file>', about: "the desk's private key" },
    { flags: '--out <file>', about: 'new file for the originals (mode 0600)' },
    { flags: '--values', about: 'write only the record values, one per line, ready to be repaired and replayed' },
    PASSPHRASE_FILE,
  ],
  examples: [
    'veil-desk open-quarantine --in orders.quarantine.jsonl --key desk.key --out originals.jsonl',
    'veil-desk open-quarantine --in - --key desk.key --out values.jsonl --values < orders.quarantine.jsonl',
  ],
  async run({ options }) {
    const [source, target] = [requiredOption(options, 'in'), requiredOption(options, 'out')];
    const privateKey = await readPrivateKey(requiredOption(options, 'key'), options);
    const printRecord = options.values === true ? valueLine : originalLine;
    try {
      return summarize(await openFile(source, target, privateKey, printRecord), options);
    } finally {
      privateKey.wipe();
    }
  },
};

type PrintRecord = (opened: OpenedRecord) => Uint8Array;

async function readPrivateKey(file: string, options: OptionValues): Promise<Secret> {
  const text = textOf(readSecretFile(file, 'owner'));
  const passphrase = passphraseOption(options);
  const { privateKey } = await parseDeskPrivateKey(text, passphrase);
  passphrase?.wipe();
  return privateKey;
}

/** Originals are written beside their final name and published whole; after a failure nothing of them stays. */
async function openFile(source: string, target: string, privateKey: Secret, printRecord: PrintRecord): Promise<Tally> {
  const temporary = temporaryBeside(target);
  const tally: Tally = { opened: 0, refused: new Map() };
  const output = openSync(temporary, 'wx', 0o600);
  try {
    for await (const line of linesOf(source)) {
      const opened = tryOpen(line, privateKey, tally);
      if (opened !== undefined) writeWhole(output, printRecord(opened), target);
    }
    if (tally.opened > 0) publish(temporary, target);
    return tally;
  } finally {
    closeSync(output);
    rmSync(temporary, { force: true });
  }
}

function tryOpen(line: string, privateKey: Secret, tally: Tally): OpenedRecord | undefined {
  try {
    const opened = openQuarantineLine(line, privateKey);
    tally.opened += 1;
    return opened;
  } catch (error) {
    const { code, category } = asVeilError(error, 'INTERNAL');
    if (category === 'internal') throw error;
    tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1);
    return undefined;
  }
}

/** Lines that are not empty. */
async function* linesOf(source: string): AsyncGenerator<string> {
  const input = source === '-' ? process.stdin : createReadStream(source);
  const failed = new Promise<never>((_, reject) => {
    input.once('error', (error: unknown) => reject(asVeilError(error, 'FILE_UNREADABLE', { where: source })));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done === true) return;
    if (next.value !== '') yield next.value;
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
    for (const [code, count] of refused) printError(`${count} lines refused: ${code}`);
  }
  return refused.size === 0 ? 0 : 1;
}
