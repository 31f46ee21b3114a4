import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVaultTransit, type VaultTransitOptions } from '../../src/adapters/vault-transit.js';
import { utf8 } from '../../src/core/bytes.js';
import { VeilError } from '../../src/core/errors.js';
import { Secret } from '../../src/core/secret.js';
import type { KeyProvider } from '../../src/keys/ports.js';
import { keyProviderContract } from '../keys/key-provider-contract.js';
import {
  startVaultTransit,
  type VaultTransitImitation,
  type VaultTransitServer,
} from '../testkit/vault-transit-server.js';

let servers: VaultTransitServer[] = [];

afterEach(async () => {
  await Promise.all(servers.map(server => server.stop()));
  servers = [];
});

async function start(imitation?: VaultTransitImitation): Promise<VaultTransitServer> {
  const server = await startVaultTransit(imitation);
  servers.push(server);
  return server;
}

function open(server: VaultTransitServer, options: Partial<VaultTransitOptions> = {}): KeyProvider {
  const token = () => Secret.fromText(server.token);
  return openVaultTransit({ address: server.address, key: 'veil', token, timeoutMs: 300, backoffMs: 1, ...options });
}

describe('contract', () => {
  keyProviderContract(async () => {
    const [server, other] = [await start(), await start()];
    return { open: async () => open(server), other: async () => open(other) };
  });
});

describe('contract with a derived key', () => {
  keyProviderContract(async () => {
    const [server, other] = [await start({ derived: true }), await start({ derived: true })];
    return { open: async () => open(server, { derived: true }), other: async () => open(other, { derived: true }) };
  });
});

describe('contract with a derived key in an old Vault', () => {
  keyProviderContract(async () => {
    const [server, other] = [await start({ old: true, derived: true }), await start({ old: true, derived: true })];
    return { open: async () => open(server, { derived: true }), other: async () => open(other, { derived: true }) };
  });
});

describe('Vault transit', () => {
  const context = utf8('context');
  let server: VaultTransitServer;
  beforeEach(async () => {
    server = await start();
  });
  const wrap = (provider: KeyProvider) => provider.wrap(new Secret(new Uint8Array(32).fill(7)), context);
  const failureOf = async (work: Promise<unknown>): Promise<VeilError> => {
    const error: unknown = await work.catch((caught: unknown) => caught);
    if (!(error instanceof VeilError)) throw new Error('expected a VeilError');
    return error;
  };

  it.each([429, 500, 502, 503, 412, 'cut', 'hang'] as const)('tries again after %s', async behaviour => {
    server.misbehave(behaviour, behaviour);
    expect(Buffer.from(await wrap(open(server))).toString()).toMatch(/^vault:v1:/);
    // Two failures, the wrapping, and the look whether another context is refused.
    expect(server.requests).toBe(4);
  });

  it.each([429, 503, 'cut', 'hang'] as const)('KEY_PROVIDER_DOWN when %s does not end', async behaviour => {
    server.misbehave(behaviour, behaviour, behaviour, behaviour);
    expect(await failureOf(wrap(open(server)))).toMatchObject({ code: 'KEY_PROVIDER_DOWN', exitStatus: 3 });
    expect(server.requests).toBe(4);
  });

  it.each(['garbage', 'huge', 'redirect'] as const)('KEY_PROVIDER_DOWN for an answer that is %s', async behaviour => {
    server.misbehave(behaviour, behaviour, behaviour, behaviour);
    expect(await failureOf(wrap(open(server)))).toMatchObject({ code: 'KEY_PROVIDER_DOWN' });
  });

  it('KEY_PROVIDER_DENIED, at wrapping and opening alike, from a Vault that ignores associated data', async () => {
    const old = await start({ old: true });
    const provider = open(old);
    // What such a server wrapped, asked for by hand.
    const body = JSON.stringify({ plaintext: Buffer.alloc(32, 7).toString('base64') });
    const headers = { 'x-vault-token': old.token };
    const answer = await fetch(`${old.address}/v1/transit/encrypt/veil`, { method: 'POST', headers, body });
    const { data } = (await answer.json()) as { data: { ciphertext: string } };
    for (const work of [() => wrap(provider), () => provider.unwrap(utf8(data.ciphertext), provider.kekId, context)]) {
      for (let times = 0; times < 2; times++)
        expect(await failureOf(work())).toMatchObject({
          code: 'KEY_PROVIDER_DENIED',
          message: expect.stringContaining('Vault 1.13'),
        });
    }
  });

  it('looks once whether another context is refused, and not with a server that does not say', async () => {
    const provider = open(server, { attempts: 1 });
    server.misbehave('answer', 503);
    expect((await failureOf(wrap(provider))).code).toBe('KEY_PROVIDER_DOWN');
    server.misbehave('answer', 403);
    expect((await failureOf(wrap(provider))).code).toBe('KEY_PROVIDER_DENIED');
    const wrapped = await wrap(provider);
    const before = server.requests;
    await wrap(provider);
    expect((await provider.unwrap(wrapped, provider.kekId, context)).size).toBe(32);
    expect(server.requests).toBe(before + 2);
  });

  it('KEY_PROVIDER_DOWN when nobody listens', async () => {
    const provider = open(server);
    await server.stop();
    const error = await failureOf(wrap(provider));
    expect(error).toMatchObject({ code: 'KEY_PROVIDER_DOWN', detail: { cause: { code: 'ECONNREFUSED' } } });
  });

  it('KEY_PROVIDER_DENIED for a wrong token, a missing mount or key, without another attempt', async () => {
    const refused = [
      open(server, { token: () => Secret.fromText('hvs.wrong') }),
      open(server, { mount: 'elsewhere' }),
      open(server, { key: 'unknown' }),
    ];
    for (const provider of refused) expect((await failureOf(wrap(provider))).code).toBe('KEY_PROVIDER_DENIED');
    expect(server.requests).toBe(3);
  });

  it('KEY_PROVIDER_DENIED for a token with a line break, which never gets into a message', async () => {
    const error = await failureOf(wrap(open(server, { token: () => Secret.fromText('hvs.sesame\nx') })));
    expect(error.code).toBe('KEY_PROVIDER_DENIED');
    expect(JSON.stringify(error) + error.message).not.toContain('sesame');
    expect(server.requests).toBe(0);
  });

  it('asks for the token each time: a renewed one is taken up', async () => {
    let token = 'hvs.old';
    const provider = open(server, { token: () => Secret.fromText(token) });
    expect((await failureOf(wrap(provider))).code).toBe('KEY_PROVIDER_DENIED');
    token = server.token;
    expect((await wrap(provider)).length).toBeGreaterThan(40);
  });

  it('opens what an older version of the key wrapped', async () => {
    const provider = open(server);
    const wrapped = await wrap(provider);
    server.rotate();
    expect(Buffer.from(await wrap(provider)).toString()).toMatch(/^vault:v2:/);
    expect((await provider.unwrap(wrapped, provider.kekId, context)).size).toBe(32);
  });

  it('KEY_UNWRAP when the key was replaced', async () => {
    const provider = open(server);
    const wrapped = await wrap(provider);
    server.replaceKey();
    expect((await failureOf(provider.unwrap(wrapped, provider.kekId, context))).code).toBe('KEY_UNWRAP');
  });

  it('lets no text of the server through', async () => {
    for (const behaviour of [400, 403, 500, 'garbage'] as const) {
      server.misbehave(behaviour);
      const error = await failureOf(wrap(open(server, { attempts: 1 })));
      expect(JSON.stringify(error) + error.message).not.toContain('13800138000');
    }
  });

  it('refuses plain HTTP to another machine, and addresses that are not one', () => {
    const opened = (address: string) => () => open(server, { address });
    expect(opened('http://vault.example:8200')).toThrow(expect.objectContaining({ code: 'ROUTE_PLAINTEXT' }));
    expect(opened('http://127.0.0.1.example')).toThrow(expect.objectContaining({ code: 'ROUTE_PLAINTEXT' }));
    for (const address of ['vault', 'ftp://127.0.0.1', 'https://user:pw@127.0.0.1', 'https://127.0.0.1/?a=b']) {
      expect(opened(address)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    }
    expect(() => open(server, { key: '../sys' })).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
