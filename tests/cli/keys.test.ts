import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedKeys } from '../../src/adapters/embedded-keys.js';
import { type Ended, runTypeScript } from '../testkit/program.js';

const LIMIT_MS = 180_000;
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'veil-cli-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** `veil` in the test's directory. */
function veil(line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runTypeScript('src/cli/main.ts', line.split(' '), { cwd: dir, env, input: '' });
}

async function json(line: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { status, stdout, stderr } = await veil(`${line} --json`, env);
  if (status !== 0) throw new Error(`exit ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

const KEY_ID = expect.stringMatching(/^[0-9a-f]{8}$/);

describe('veil keys', { timeout: LIMIT_MS }, () => {
  it('init makes ring, store and keys once and keeps them; list shows them without key bytes', async () => {
    const first = await veil('keys init --domain customers --domain customer-phones');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /made key ring .*keyring\.json\nmade key store .*keys\.sqlite\nmade key customers\/1\//,
    );
    const files = readdirSync(join(dir, 'keys')).map(name => [name, readFileSync(join(dir, 'keys', name), 'latin1')]);
    const again = await veil('keys init --domain customers');
    expect(again.stdout).toMatch(/^kept key customers\/1\/[0-9a-f]{8}\n$/);
    expect(readdirSync(join(dir, 'keys')).map(name => [name, readFileSync(join(dir, 'keys', name), 'latin1')])).toEqual(
      files,
    );
    const listed = await json('keys list');
    const common = { epoch: 1, keyId: KEY_ID, state: 'primary', suite: 'intl-cmac', kekId: expect.any(String) };
    expect(listed).toEqual(
      ['customer-phones', 'customers'].map(domain => ({ domain, ...common, created: expect.any(String) })),
    );
    const { stdout } = await veil('keys list --domain customers');
    expect(stdout).toMatch(
      /^DOMAIN +EPOCH +KEY ID +STATE +SUITE +KEK ID +CREATED\ncustomers +1 +[0-9a-f]{8} +primary /,
    );
    for (const name of readdirSync(join(dir, 'keys'))) expect(statSync(join(dir, 'keys', name)).mode & 0o077).toBe(0);
  });

  it('init makes the keys of the domains that a policy names', async () => {
    const rules = ['user: { is: account-id, do: pseudonymize, domain: customers }', 'mail: { is: email, do: hash }'];
    const head = [
      'version: 1',
      'name: orders',
      'purpose: analytics',
      'source: { file: in.jsonl }',
      'sink: { file: out.jsonl }',
    ];
    writeFileSync(join(dir, 'p.yaml'), [...head, 'fields:', ...rules.map(rule => `  ${rule}`), ''].join('\n'));
    await json('keys init --policy p.yaml --suite intl-hmac');
    const listed = await json('keys list');
    expect(listed).toEqual([
      expect.objectContaining({ domain: 'customers', suite: 'intl-hmac' }),
      expect.objectContaining({ domain: 'orders', suite: 'intl-hmac' }),
    ]);
  });

  it('rotate begins a new epoch; state retires and destroys the old one only when confirmed', async () => {
    await json('keys init --domain d');
    expect(await json('keys rotate --domain d')).toMatchObject({ kek: null, keys: [{ epoch: 2, created: true }] });
    const [old] = (await json('keys list')) as readonly { keyId: string }[];
    expect(await json('keys state --domain d --epoch 1 --to decrypt-only')).toMatchObject({ state: 'decrypt-only' });
    expect(await veil('keys state --domain d --epoch 1 --to destroyed')).toMatchObject({ status: 2 });
    const confirmed = `keys state --domain d --epoch 1 --to destroyed --confirm d/1/${old?.keyId}`;
    expect(await json(confirmed)).toMatchObject({ state: 'destroyed' });
    expect(await veil('keys state --domain d --epoch 2 --to decrypt-only')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^KEY_STATE: /),
    });
    expect(await json('keys list')).toMatchObject([{ state: 'destroyed' }, { state: 'primary' }]);
  });

  it('rotate --kek adds a key-encryption key for the keys to come', async () => {
    await json('keys init --domain d');
    const rotated = (await json('keys rotate --kek --domain d')) as { kek: string };
    const [first, second] = (await json('keys list')) as readonly { kekId: string }[];
    expect(second?.kekId).toBe(rotated.kek);
    expect(first?.kekId).not.toBe(rotated.kek);
  });

  it('import works with --test only, and real and test stores never mix', async () => {
    const hex = 'ab'.repeat(32);
    expect(await veil(`keys import --domain d --hex ${hex}`)).toMatchObject({ status: 2 });
    const { status, stdout, stderr } = await veil(`keys import --test --domain d --hex ${hex}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^made key d\/1\/[0-9a-f]{8} in a test store\n$/);
    expect((await veil('keys list')).stdout).toMatch(/keys\.sqlite is marked as test\n/);
    expect(await veil('keys init --domain e')).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/^KEY_STORE_TEST: /),
    });
    rmSync(join(dir, 'keys'), { recursive: true });
    await json('keys init --domain e');
    const refused = await veil(`keys import --test --domain d --hex ${hex}`);
    expect(refused).toMatchObject({ status: 4, stderr: expect.stringMatching(/^KEY_STORE_TEST: /) });
    expect(refused.stderr).not.toContain('abab');
  });

  it('export-public shows file and fingerprint of the desk key', async () => {
    expect(await veil('keys export-public')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^DESK_KEY_MISSING: /),
    });
    await createEmbeddedKeys(dir, { domains: [], suite: 'intl-cmac', env: {} });
    const file = expect.stringMatching(/keys\/desk\.pub$/);
    expect(await json('keys export-public')).toEqual({ file, fingerprint: KEY_ID });
  });

  it('says what is missing or wrong, with the exit status of its category', async () => {
    const fails = async (line: string, status: number, code: string, env = {}): Promise<void> => {
      expect(await veil(line, env)).toMatchObject({
        status,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`^${code}: `)),
      });
    };
    await fails('keys list', 2, 'KEY_STORE_MISSING');
    await json('keys init --domain d', { VEIL_PASSPHRASE: 'right' });
    await fails('keys rotate --domain none', 2, 'KEY_DOMAIN_UNKNOWN', { VEIL_PASSPHRASE: 'right' });
    await fails('keys rotate --domain d', 2, 'KEY_PASSPHRASE');
    await fails('keys rotate --domain d', 3, 'KEY_UNWRAP', { VEIL_PASSPHRASE: 'wrong' });
    const ring = join(dir, 'keys', 'keyring.json');
    chmodSync(ring, 0o644);
    await fails('keys list', 2, 'FILE_PERMISSIONS', { VEIL_PASSPHRASE: 'right' });
    rmSync(ring);
    await fails('keys list', 2, 'KEY_RING_MISSING');
    await fails('keys init --domain d', 2, 'KEY_RING_MISSING');
    expect(readdirSync(join(dir, 'keys'))).toEqual(['keys.sqlite']);
  });
});

describe('embedded keys', () => {
  it('are made once, with the desk key pair, and nothing is overwritten', async () => {
    const options = { domains: ['customers'], suite: 'intl-cmac' as const, env: {} };
    const made = await createEmbeddedKeys(dir, options);
    expect(made.join('\n')).toMatch(
      /key ring .*\nkey store .*\nkey of domain customers, epoch 1\ndesk public key .*\ndesk private key .*move it to the desk/,
    );
    const contents = () =>
      ['keys/keyring.json', 'keys/desk.pub', 'desk/desk.key'].map(name => readFileSync(join(dir, name), 'utf8'));
    const before = contents();
    expect(await createEmbeddedKeys(dir, options)).toEqual([]);
    expect(contents()).toEqual(before);
    expect(statSync(join(dir, 'desk', 'desk.key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'desk')).mode & 0o777).toBe(0o700);
  });

  it('do not replace a desk public key whose private half was moved away', async () => {
    const options = { domains: [], suite: 'intl-cmac' as const, env: {} };
    await createEmbeddedKeys(dir, options);
    rmSync(join(dir, 'desk'), { recursive: true });
    expect(await createEmbeddedKeys(dir, options)).toEqual([]);
    expect(readdirSync(dir)).toEqual(['keys']);
  });

  it('refuse to make a public key beside a private key that is there', async () => {
    const options = { domains: [], suite: 'intl-cmac' as const, env: {} };
    await createEmbeddedKeys(dir, options);
    rmSync(join(dir, 'keys', 'desk.pub'));
    await expect(createEmbeddedKeys(dir, options)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  });
});
