import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeskPublicKey } from '../../src/adapters/desk-key-files.js';
import { SYSTEM_RANDOM } from '../../src/adapters/system.js';
import { utf8 } from '../../src/core/bytes.js';
import type { SourceRecord } from '../../src/core/outcome.js';
import { DeskSealer } from '../../src/crypto/sealing.js';
import { quarantined } from '../../src/pipeline/quarantine.js';
import { quarantineLine } from '../../src/replay/quarantine-line.js';
import { type Ended, runTypeScript } from '../testkit/program.js';

const LIMIT_MS = 180_000;
const PHONE = '13800138000';
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'veil-desk-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function desk(line: string, env: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
  return runTypeScript('src/desk/main.ts', line.split(' '), { cwd: dir, env, input });
}

const at = (name: string): string => join(dir, name);

const RECORDS: readonly SourceRecord[] = [
  { key: utf8('k1'), value: utf8(`{"mobile":"${PHONE}"}`), headers: [], timestamp: 1_700_000_000_000 },
  { key: null, value: Uint8Array.of(0xff, 0x00), headers: [{ name: 'h', value: utf8(PHONE) }], timestamp: 2 },
];

/** A quarantine file as `veil replay` writes it: one record refused by a rule, one whole. */
function quarantineFile(publicFile = at('desk.pub')): readonly string[] {
  const sealer = new DeskSealer(readDeskPublicKey(publicFile).bytes, SYSTEM_RANDOM);
  const lines = RECORDS.map((record, offset) => {
    const facts = {
      policy: 'orders',
      policyHash: 'ab'.repeat(32),
      at: offset === 0 ? { source: 'in.jsonl', partition: 0, offset: 7 } : undefined,
    };
    const said = { ...facts, code: 'VALUE_INVALID' as const, path: offset === 0 ? 'mobile' : '' };
    return JSON.stringify(quarantineLine(quarantined(sealer, record, said), facts));
  });
  sealer.close();
  writeFileSync(at('q.jsonl'), `${lines.join('\n')}\n`);
  return lines;
}

const OPENED = [
  {
    code: 'VALUE_INVALID',
    path: 'mobile',
    policy: 'orders',
    policyHash: 'ab'.repeat(32),
    source: 'in.jsonl',
    partition: 0,
    offset: 7,
    timestamp: 1_700_000_000_000,
    key: 'k1',
    value: `{"mobile":"${PHONE}"}`,
    headers: [],
  },
  {
    code: 'VALUE_INVALID',
    path: '',
    policy: 'orders',
    policyHash: 'ab'.repeat(32),
    timestamp: 2,
    key: null,
    valueBase64: '/wA=',
    headers: [{ name: 'h', value: PHONE }],
  },
];

const linesOf = (name: string): unknown[] =>
  readFileSync(at(name), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));

describe('veil-desk keygen', { timeout: LIMIT_MS }, () => {
  it('makes two files, the private one for its owner only, and overwrites neither', async () => {
    const { status, stdout, stderr } = await desk('keygen --no-passphrase');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(readDeskPublicKey(at('desk.pub')).keyId);
    expect([statSync(at('desk.key')).mode & 0o777, statSync(at('desk.pub')).mode & 0o777]).toEqual([0o600, 0o644]);
    const before = readFileSync(at('desk.key'), 'utf8');
    for (const line of ['keygen --no-passphrase', 'keygen --no-passphrase --public other.pub']) {
      expect(await desk(line)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^FILE_EXISTS: /) });
    }
    expect(readFileSync(at('desk.key'), 'utf8')).toBe(before);
    expect(readdirSync(dir).sort()).toEqual(['desk.key', 'desk.pub']);
  });

  it('asks for a decision about the passphrase', async () => {
    const refused = await desk('keygen');
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/^KEY_PASSPHRASE: .*--no-passphrase/) });
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('veil-desk open-quarantine', { timeout: LIMIT_MS }, () => {
  it('writes the originals to a file of its own, and nothing of them anywhere else', async () => {
    await desk('keygen --no-passphrase');
    quarantineFile();
    const { status, stdout, stderr } = await desk('open-quarantine --in q.jsonl --key desk.key --out out.jsonl');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '2 records opened\n', stderr: '' });
    expect(linesOf('out.jsonl')).toEqual(OPENED);
    expect(statSync(at('out.jsonl')).mode & 0o777).toBe(0o600);
    const again = await desk('open-quarantine --in q.jsonl --key desk.key --out out.jsonl');
    expect(again).toMatchObject({ status: 2, stderr: expect.stringMatching(/^FILE_EXISTS: /) });
    expect(readdirSync(dir).sort()).toEqual(['desk.key', 'desk.pub', 'out.jsonl', 'q.jsonl']);
  });

  it('reads standard input, and writes values alone for a repair', async () => {
    await desk('keygen --no-passphrase');
    const [first = ''] = quarantineFile();
    const line = 'open-quarantine --in - --key desk.key --out values.jsonl --values --json';
    const { status, stdout } = await desk(line, {}, `${first}\n`);
    expect({ status, said: JSON.parse(stdout) }).toEqual({ status: 0, said: { opened: 1, refused: {} } });
    expect(readFileSync(at('values.jsonl'), 'utf8')).toBe(`{"mobile":"${PHONE}"}\n`);
  });

  it('opens with the passphrase from a file or the environment, and with no other', async () => {
    writeFileSync(at('right'), 'correct horse\n', { mode: 0o600 });
    expect((await desk('keygen --passphrase-file right')).status).toBe(0);
    quarantineFile();
    const line = 'open-quarantine --in q.jsonl --key desk.key --out out.jsonl';
    expect(await desk(line)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^KEY_PASSPHRASE: /) });
    const wrong = await desk(line, { VEIL_DESK_PASSPHRASE: 'correct horse ' });
    expect(wrong).toMatchObject({ status: 3, stderr: expect.stringMatching(/^KEY_UNWRAP: /) });
    expect((await desk(line, { VEIL_DESK_PASSPHRASE: 'correct horse' })).status).toBe(0);
    expect(linesOf('out.jsonl')).toHaveLength(2);
  });

  it('refuses lines of another key, altered facts and lines that are none, and names no value', async () => {
    await desk('keygen --no-passphrase');
    const [first = '', second = ''] = quarantineFile();
    const altered = first.replace('"offset":7', '"offset":8');
    writeFileSync(at('q.jsonl'), `${altered}\n${second}\n{"mobile":"${PHONE}"}\n${PHONE}x\n`);
    const some = await desk('open-quarantine --in q.jsonl --key desk.key --out some.jsonl --json');
    const said: unknown = JSON.parse(some.stdout);
    expect({ status: some.status, said }).toEqual({
      status: 1,
      said: { opened: 1, refused: { SEAL_REFUSED: 1, TOKEN_MALFORMED: 2 } },
    });
    expect(some.stdout + some.stderr).not.toContain(PHONE);
    await desk('keygen --no-passphrase --key other.key --public other.pub');
    quarantineFile();
    const none = await desk('open-quarantine --in q.jsonl --key other.key --out none.jsonl');
    expect(none).toMatchObject({
      status: 1,
      stdout: '0 records opened\n',
      stderr: '2 records refused: SEAL_REFUSED\n',
    });
    expect(readdirSync(dir)).not.toContain('none.jsonl');
  });

  it('says which file is missing or readable by others', async () => {
    await desk('keygen --no-passphrase');
    const line = 'open-quarantine --in none.jsonl --key desk.key --out out.jsonl';
    expect(await desk(line)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^FILE_UNREADABLE: none\.jsonl /),
    });
    writeFileSync(at('open.key'), readFileSync(at('desk.key')), { mode: 0o644 });
    quarantineFile();
    const open = await desk('open-quarantine --in q.jsonl --key open.key --out out.jsonl');
    expect(open).toMatchObject({ status: 2, stderr: expect.stringMatching(/^FILE_PERMISSIONS: /) });
    expect(await desk('open-quarantine --in q.jsonl --out out.jsonl')).toMatchObject({ status: 2 });
  });
});
