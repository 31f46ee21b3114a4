import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.js';
import type { RandomSource } from '../../src/core/ports.js';
import { Secret } from '../../src/core/secret.js';
import { parseDeskPrivateKey } from '../../src/crypto/dangerous-desk-private-key.js';
import {
  generateDeskKeyPair,
  parseDeskPublicKey,
  printDeskPrivateKey,
  printDeskPublicKey,
} from '../../src/crypto/desk-key.js';
import { countingRandom } from './fixed.js';

const osRandom: RandomSource = { bytes: size => randomBytes(size) };

/** A key file with members replaced. */
function altered(text: string, changes: object): string {
  return JSON.stringify({ ...JSON.parse(text), ...changes });
}

describe('desk key files', () => {
  it('have these formats, for ever', async () => {
    const pair = generateDeskKeyPair(countingRandom());
    expect(printDeskPublicKey(pair.publicKey)).toMatchInlineSnapshot(`
      "{
        "format": "veil-desk-public-key",
        "version": 1,
        "keyId": "eedd883d",
        "publicKey": "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"
      }
      "
    `);
    expect(await printDeskPrivateKey(pair, undefined, countingRandom())).toMatchInlineSnapshot(`
      "{
        "format": "veil-desk-private-key",
        "version": 1,
        "keyId": "eedd883d",
        "publicKey": "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f",
        "privateKey": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      }
      "
    `);
  });

  it('are read back', async () => {
    const pair = generateDeskKeyPair(osRandom);
    const publicKey = parseDeskPublicKey(printDeskPublicKey(pair.publicKey));
    expect([publicKey.keyId, toHex(publicKey.bytes)]).toEqual([pair.publicKey.keyId, toHex(pair.publicKey.bytes)]);
    const read = await parseDeskPrivateKey(await printDeskPrivateKey(pair, undefined, osRandom), undefined);
    expect(read.privateKey.use(toHex)).toBe(pair.privateKey.use(toHex));
  });

  it('open with the passphrase they were written with, and with no other', async () => {
    const pair = generateDeskKeyPair(osRandom);
    const text = await printDeskPrivateKey(pair, Secret.fromText('正确的口令'), osRandom);
    expect(text).not.toContain(pair.privateKey.use(toHex));
    const read = await parseDeskPrivateKey(text, Secret.fromText('正确的口令'));
    expect(read.privateKey.use(toHex)).toBe(pair.privateKey.use(toHex));
    await expect(parseDeskPrivateKey(text, Secret.fromText('other'))).rejects.toThrow('KEY_UNWRAP');
    await expect(parseDeskPrivateKey(text, undefined)).rejects.toThrow('KEY_PASSPHRASE');
    const { publicKey } = generateDeskKeyPair(osRandom);
    const moved = altered(text, { keyId: publicKey.keyId, publicKey: toHex(publicKey.bytes) });
    await expect(parseDeskPrivateKey(moved, Secret.fromText('正确的口令'))).rejects.toThrow('KEY_UNWRAP');
    const weak = altered(text, { protection: { ...JSON.parse(text).protection, n: 2 } });
    await expect(parseDeskPrivateKey(weak, Secret.fromText('正确的口令'))).rejects.toThrow('DESK_KEY_INVALID');
  });

  it('are refused when malformed, of another kind or of another key', async () => {
    const pair = generateDeskKeyPair(osRandom);
    const publicText = printDeskPublicKey(pair.publicKey);
    const privateText = await printDeskPrivateKey(pair, undefined, osRandom);
    const other = generateDeskKeyPair(osRandom).publicKey;
    const wrongPublic = [
      '',
      'null',
      '[]',
      '{',
      privateText,
      altered(publicText, { version: 2 }),
      altered(publicText, { publicKey: 'zz' }),
      altered(publicText, { publicKey: '00' }),
      altered(publicText, { publicKey: 7 }),
      altered(publicText, { keyId: other.keyId }),
    ];
    for (const text of wrongPublic) expect(() => parseDeskPublicKey(text)).toThrow('DESK_KEY_INVALID');
    const wrongPrivate = [
      publicText,
      altered(privateText, { privateKey: undefined }),
      altered(privateText, { privateKey: toHex(randomBytes(32)) }),
      altered(privateText, { protection: { kdf: 'none' } }),
    ];
    for (const text of wrongPrivate)
      await expect(parseDeskPrivateKey(text, undefined)).rejects.toThrow('DESK_KEY_INVALID');
  });
});
