import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { Secret } from '../../src/core/secret.js';
import type { KeyProvider } from '../../src/keys/ports.js';

/** Where the providers of one test come from: `open` opens the same key-encryption keys again, `other` quite different ones. */
export interface ProviderPlace {
  open(): Promise<KeyProvider>;
  other(): Promise<KeyProvider>;
}

/** What every key provider does. */
export function keyProviderContract(make: () => Promise<ProviderPlace>): void {
  const context = utf8('context');
  const plainOf = (secret: Secret): string => secret.use(bytes => Buffer.from(bytes).toString('hex'));
  const fresh = (): Secret => new Secret(new Uint8Array(randomBytes(32)));

  it('opens what it wrapped, also after it was opened anew', async () => {
    const place = await make();
    const [first, second] = [await place.open(), await place.open()];
    const key = fresh();
    const wrapped = await first.wrap(key, context);
    expect(second.kekId).toBe(first.kekId);
    expect(plainOf(await first.unwrap(wrapped, first.kekId, context))).toBe(plainOf(key));
    expect(plainOf(await second.unwrap(wrapped, first.kekId, context))).toBe(plainOf(key));
    await Promise.all([first.close(), second.close()]);
  });

  it('shows nothing of the key in what it wraps, and never wraps twice alike', async () => {
    const provider = await (await make()).open();
    const key = fresh();
    const [one, two] = [await provider.wrap(key, context), await provider.wrap(key, context)];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
    expect(Buffer.from(one).toString('hex')).not.toContain(plainOf(key).slice(0, 16));
    await provider.close();
  });

  it('refuses another context, an altered byte, a cut text and an unknown key-encryption key with KEY_UNWRAP', async () => {
    const provider = await (await make()).open();
    const wrapped = await provider.wrap(fresh(), context);
    const refused = { code: 'KEY_UNWRAP' };
    await expect(provider.unwrap(wrapped, provider.kekId, utf8('contexT'))).rejects.toMatchObject(refused);
    await expect(provider.unwrap(wrapped, provider.kekId, new Uint8Array())).rejects.toMatchObject(refused);
    await expect(provider.unwrap(wrapped, 'k-unknown', context)).rejects.toMatchObject(refused);
    await expect(provider.unwrap(new Uint8Array(), provider.kekId, context)).rejects.toMatchObject(refused);
    await expect(provider.unwrap(wrapped.slice(0, 20), provider.kekId, context)).rejects.toMatchObject(refused);
    const altered = wrapped.slice();
    // The character or byte before the last few: base64 padding bits of the very last may be ignored by a decoder.
    altered[altered.length - 9] = altered[altered.length - 9] === 0x41 ? 0x42 : 0x41;
    await expect(provider.unwrap(altered, provider.kekId, context)).rejects.toMatchObject(refused);
    await provider.close();
  });

  it('refuses what other key-encryption keys wrapped with KEY_UNWRAP, whatever they are called', async () => {
    const place = await make();
    const [provider, other] = [await place.open(), await place.other()];
    const wrapped = await other.wrap(fresh(), context);
    for (const kekId of [provider.kekId, other.kekId]) {
      await expect(provider.unwrap(wrapped, kekId, context)).rejects.toMatchObject({ code: 'KEY_UNWRAP' });
    }
    await Promise.all([provider.close(), other.close()]);
  });
}
