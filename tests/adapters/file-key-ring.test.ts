import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addKek, createFileKeyRing, openFileKeyRing } from '../../src/adapters/file-key-ring.js';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/adapters/system.js';
import { utf8 } from '../../src/core/bytes.js';
import { Secret } from '../../src/core/secret.js';
import { keyProviderContract } from '../keys/key-provider-contract.js';

const making = { random: SYSTEM_RANDOM, clock: SYSTEM_CLOCK };
const context = utf8('context');
let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'veil-ring-'));
  path = join(dir, 'keyring.json');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (passphrase?: Secret, at = path) => openFileKeyRing(at, passphrase, SYSTEM_RANDOM);
const someKey = () => new Secret(new Uint8Array(32).fill(9));

describe.each([
  ['without a passphrase', undefined],
  ['with a passphrase', 'correct horse'],
])('contract %s', (_, text) => {
  keyProviderContract(async () => {
    const passphrase = text === undefined ? undefined : Secret.fromText(text);
    const other = join(dir, 'other.json');
    for (const file of [path, other]) await createFileKeyRing(file, passphrase, making);
    return { open: () => open(passphrase), other: () => open(passphrase, other) };
  });
});

/** Expects a refusal that leaves the file as it is. */
async function expectRefusal(code: string, passphrase?: Secret): Promise<void> {
  const before = existsSync(path) ? readFileSync(path, 'latin1') : undefined;
  await expect(open(passphrase)).rejects.toMatchObject({ code });
  expect(existsSync(path) ? readFileSync(path, 'latin1') : undefined).toBe(before);
}

function editRing(change: (ring: Record<string, unknown>) => void): void {
  const ring: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  change(ring);
  writeFileSync(path, JSON.stringify(ring));
}

describe('key ring file', () => {
  it('is made for its owner only, leaves nothing else behind and is never overwritten', async () => {
    await createFileKeyRing(path, undefined, making);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = readFileSync(path, 'utf8');
    await expect(createFileKeyRing(path, undefined, making)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(dir)).toEqual(['keyring.json']);
  });

  it('holds several key-encryption keys: the newest wraps, all unwrap', async () => {
    await createFileKeyRing(path, undefined, making);
    const first = await open();
    const wrapped = await first.wrap(someKey(), context);
    const added = await addKek(path, undefined, making);
    const second = await open();
    expect(second.kekId).toBe(added);
    expect(second.kekId).not.toBe(first.kekId);
    expect((await second.unwrap(wrapped, first.kekId, context)).size).toBe(32);
    const newer = await second.wrap(someKey(), context);
    await expect(first.unwrap(newer, second.kekId, context)).rejects.toMatchObject({ code: 'KEY_UNWRAP' });
    expect(readdirSync(dir)).toEqual(['keyring.json']);
  });

  it('adds no key under a mistyped passphrase, and none while another process adds one', async () => {
    await createFileKeyRing(path, Secret.fromText('right'), making);
    const before = readFileSync(path, 'utf8');
    await expect(addKek(path, Secret.fromText('wrong'), making)).rejects.toMatchObject({ code: 'KEY_UNWRAP' });
    writeFileSync(`${path}.lock`, '');
    await expect(addKek(path, Secret.fromText('right'), making)).rejects.toMatchObject({ code: 'KEY_CONFLICT' });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('shows no key-encryption key when it has a passphrase', async () => {
    await createFileKeyRing(path, Secret.fromText('right'), making);
    const ring: { keks: { key: string }[] } = JSON.parse(readFileSync(path, 'utf8'));
    expect(Buffer.from(ring.keks[0]?.key ?? '', 'base64').length).toBeGreaterThan(32 + 15);
  });

  it('wipes its keys when it is closed', async () => {
    await createFileKeyRing(path, undefined, making);
    const provider = await open();
    await provider.close();
    await expect(provider.wrap(someKey(), context)).rejects.toThrow('wiped');
  });
});

describe('refusals', () => {
  it('KEY_RING_MISSING without a file', () => expectRefusal('KEY_RING_MISSING'));

  it('KEY_PASSPHRASE without, KEY_UNWRAP with a wrong passphrase', async () => {
    await createFileKeyRing(path, Secret.fromText('right'), making);
    await expectRefusal('KEY_PASSPHRASE');
    await expectRefusal('KEY_UNWRAP', Secret.fromText('right '));
  });

  it('CONFIG_CONFLICT for a passphrase that protects nothing', async () => {
    await createFileKeyRing(path, undefined, making);
    await expectRefusal('CONFIG_CONFLICT', Secret.fromText('any'));
  });

  it.each([0.1, 0.5, 0.99])('KEY_RING_CORRUPT for a file cut to %f of its length', async share => {
    await createFileKeyRing(path, undefined, making);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, Math.floor(text.length * share)));
    await expectRefusal('KEY_RING_CORRUPT');
  });

  it('KEY_RING_CORRUPT for an empty file, other JSON and altered entries', async () => {
    for (const text of ['', '[]', 'null', '"x"', '{"format":"other"}']) {
      writeFileSync(path, text, { mode: 0o600 });
      await expectRefusal('KEY_RING_CORRUPT');
    }
    rmSync(path);
    await createFileKeyRing(path, undefined, making);
    const whole = readFileSync(path);
    const changes: readonly Record<string, unknown>[] = [
      { current: 'k-0000000000000000' },
      { keks: [] },
      { keks: [{ id: 'k-1', createdAt: 1, key: 'AAAA' }] },
      { passphrase: { kdf: 'scrypt', n: 2, r: 8, p: 1, salt: '00'.repeat(32) } },
      { passphrase: { kdf: 'scrypt', n: 2 ** 30, r: 8, p: 1, salt: '00'.repeat(32) } },
      { version: 0 },
    ];
    for (const change of changes) {
      editRing(ring => Object.assign(ring, change));
      await expectRefusal('KEY_RING_CORRUPT');
      writeFileSync(path, whole);
    }
  });

  it('KEY_STORE_NEWER for the ring of a newer version', async () => {
    await createFileKeyRing(path, undefined, making);
    editRing(ring => Object.assign(ring, { version: 2 }));
    await expectRefusal('KEY_STORE_NEWER');
  });

  it.each([0o644, 0o640, 0o660, 0o602])('FILE_PERMISSIONS for mode %i', async mode => {
    await createFileKeyRing(path, undefined, making);
    chmodSync(path, mode);
    await expectRefusal('FILE_PERMISSIONS');
  });

  it('FILE_UNREADABLE for a directory', async () => {
    await expect(open(undefined, dir)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
