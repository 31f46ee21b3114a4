import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type KeysDeployment, makeKeys, openKeys } from '../../src/adapters/deployed-keys.js';
import { initDomain } from '../../src/keys/domain-keys.js';
import { loadDeployment } from '../../src/policy/load-deployment.js';
import { type PostgresServer, startPostgres } from '../testkit/postgres.js';
import { startVaultTransit, type VaultTransitServer } from '../testkit/vault-transit-server.js';

let dir: string;
let vault: VaultTransitServer;
let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'veil-deployed-'));
  vault = await startVaultTransit();
});
afterEach(async () => {
  await vault.stop();
  rmSync(dir, { recursive: true, force: true });
});

const at = (name: string): string => join(dir, name);

/** The keys of a veil.yaml in the test's directory. */
function keysOf(...lines: readonly string[]): KeysDeployment {
  const text = ['version: 1', 'keys:', ...lines.map(line => `  ${line}`), ''].join('\n');
  const { deployment, diagnostics } = loadDeployment(at('veil.yaml'), new TextEncoder().encode(text), {});
  if (deployment === undefined) throw new Error(JSON.stringify(diagnostics));
  return deployment.keys;
}

async function firstKey(keys: KeysDeployment): Promise<unknown> {
  const open = await openKeys(keys);
  try {
    const { key } = await initDomain(open, 'd', 'intl-cmac');
    (await open.ring(['d'])).close();
    return key;
  } finally {
    await open.close();
  }
}

describe('keys of a deployment', () => {
  it('stand in SQLite under a key ring file with a passphrase file', async () => {
    writeFileSync(at('passphrase'), 'right\n', { mode: 0o600 });
    const keys = keysOf('provider: { file: ring.json, passphraseFile: passphrase }', 'store: { sqlite: k.sqlite }');
    expect(await makeKeys(keys, false)).toEqual([`key ring ${at('ring.json')}`, `key store ${at('k.sqlite')}`]);
    expect(await makeKeys(keys, false)).toEqual([]);
    expect(await firstKey(keys)).toMatchObject({ kekId: expect.stringMatching(/^k-[0-9a-f]{16}$/) });
    writeFileSync(at('passphrase'), 'wrong\n');
    await expect(openKeys(keys)).rejects.toMatchObject({ code: 'KEY_UNWRAP' });
  });

  it('stand in PostgreSQL under Vault transit, with password and token from files', async () => {
    writeFileSync(at('token'), vault.token, { mode: 0o640 });
    writeFileSync(at('password'), `${postgres.password}\n`, { mode: 0o600 });
    const database = await postgres.createDatabase();
    const keys = keysOf(
      `provider: { vaultTransit: { url: "${vault.address}", keyName: veil, tokenFile: token } }`,
      `store: { postgres: { host: 127.0.0.1, port: ${postgres.port}, database: ${database}, user: veil, passwordFile: password } }`,
    );
    expect(await makeKeys(keys, false)).toEqual([`key store 127.0.0.1:${postgres.port}/${database}`]);
    expect(await firstKey(keys)).toMatchObject({ kekId: 'vault:transit/veil' });
    vault.replaceKey();
    await expect(firstKey(keys)).rejects.toMatchObject({ code: 'KEY_UNWRAP' });
    chmodSync(at('token'), 0o644);
    await expect(firstKey(keys)).rejects.toMatchObject({ code: 'FILE_PERMISSIONS' });
  });

  it('are never made anew under stored keys: a lost key ring is refused and nothing changes', async () => {
    const keys = keysOf('provider: { file: ring.json }', 'store: { sqlite: k.sqlite }');
    await makeKeys(keys, false);
    await firstKey(keys);
    rmSync(at('ring.json'));
    const before = readFileSync(at('k.sqlite'));
    await expect(makeKeys(keys, false)).rejects.toMatchObject({ code: 'KEY_RING_MISSING' });
    await expect(openKeys(keys)).rejects.toMatchObject({ code: 'KEY_RING_MISSING' });
    expect(existsSync(at('ring.json'))).toBe(false);
    expect(readFileSync(at('k.sqlite')).equals(before)).toBe(true);
  });

  it.each([[true], [false]])('refuse a store whose mark as test is %s when the other is asked for', async isTest => {
    const keys = keysOf('provider: { file: ring.json }', 'store: { sqlite: k.sqlite }');
    await makeKeys(keys, isTest);
    await expect(makeKeys(keys, !isTest)).rejects.toMatchObject({ code: 'KEY_STORE_TEST', category: 'safety' });
    const open = await openKeys(keys);
    expect(open.store.isTest).toBe(isTest);
    await open.close();
  });
});
