import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../src/cli/command-line.js';
import { explain } from '../../src/cli/explain.js';
import { init } from '../../src/cli/init.js';
import { lint } from '../../src/cli/lint.js';
import { test } from '../../src/cli/test.js';
import { EMBEDDED } from '../../src/policy/deployment.js';
import { policyText } from '../policy/policy-text.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'veil-verbs-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

async function veil(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const into = (lines: string[]) => (text: string | Uint8Array) => lines.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(into(out));
  vi.spyOn(process.stderr, 'write').mockImplementation(into(err));
  const status = await runProgram('veil', 'test', [lint, test, explain, init], argv);
  vi.restoreAllMocks();
  return { status, out: out.join(''), err: err.join('') };
}

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const GOOD = policyText('  id: { is: account-id, do: pseudonymize, domain: d }', 'tests: ./p.test.yaml');

describe('veil lint', () => {
  it('ends with 0 for a good policy and 1 with findings, which --json prints as the documented array', async () => {
    const good = file('good.yaml', GOOD);
    const bad = file('bad.yaml', policyText('  id: { do: masK }'));
    expect(await veil('lint', good)).toMatchObject({ status: 0, out: 'no findings\n' });
    const { status, out, err } = await veil('lint', good, bad, '--json');
    expect(status).toBe(1);
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual([
      {
        file: bad,
        line: 8,
        col: 13,
        code: 'POLICY_UNKNOWN_WORD',
        severity: 'error',
        message: '"do" does not know "masK"',
        fix: 'did you mean "mask"?',
      },
    ]);
    expect((await veil('lint', bad)).err).toContain(`${bad}:8:13  POLICY_UNKNOWN_WORD  `);
  });

  it('lets warnings pass unless --strict, checks veil.yaml, and ends with 2 for what it cannot read', async () => {
    const weak = file('weak.yaml', policyText('  t.*: { do: drop }\n  t.a: { do: drop }'));
    expect((await veil('lint', weak)).status).toBe(0);
    expect((await veil('lint', weak, '--strict')).status).toBe(1);
    expect((await veil('lint', file('veil.yaml', 'log: { level: loud }'))).err).toContain('POLICY_UNKNOWN_WORD');
    expect(await veil('lint', join(directory, 'absent.yaml'))).toMatchObject({ status: 2, out: '' });
  });
});

describe('veil test', () => {
  it('ends with 0 when all tests pass, 1 when one fails, 2 when there are none', async () => {
    const policy = file('p.yaml', GOOD);
    file('p.test.yaml', 'tests:\n  - { name: one, record: { id: user-1001 }, expect: { fields: { id: token } } }');
    expect(await veil('test', policy)).toMatchObject({ status: 0, out: expect.stringContaining('1 passed, 0 failed') });
    file('p.test.yaml', 'tests:\n  - { name: one, record: { id: user-1001 }, expect: { fields: { id: absent } } }');
    const { status, out } = await veil('test', policy, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ policy, name: 'one', passed: false }]);
    expect((await veil('test', file('q.yaml', policyText('  a: { do: drop }')))).err).toContain('POLICY_MISSING');
  });
});

describe('veil explain', () => {
  it('explains the policy or one field, and says what was meant by another', async () => {
    const policy = file('p.yaml', GOOD);
    expect((await veil('explain', policy)).out).toContain('analyst can');
    expect(JSON.parse((await veil('explain', policy, 'id', '--json')).out)).toMatchObject({
      path: 'id',
      transform: 'pseudonymize, form: "token"',
    });
    expect(await veil('explain', policy, 'di')).toMatchObject({ status: 2, err: expect.stringContaining('USAGE') });
  });
});

describe('veil init', () => {
  it('makes a directory that lints clean, with secrets for the owner alone, and overwrites nothing', async () => {
    const sample = file('people.csv', 'id,mobile\nu-1,13800138000\n');
    const target = join(directory, 'deid');
    expect(await veil('init', target, '--from', sample)).toMatchObject({ status: 0, err: '' });
    for (const name of Object.values(EMBEDDED)) expect(existsSync(join(target, name))).toBe(true);
    for (const name of [EMBEDDED.keyRing, EMBEDDED.keyStore, EMBEDDED.deskPrivateKey]) {
      expect(statSync(join(target, name)).mode & 0o077).toBe(0);
    }
    expect(await veil('lint', join(target, 'people.yaml'), join(target, 'veil.yaml'))).toMatchObject({
      status: 0,
      out: 'no findings\n',
    });
    const [, schema = ''] =
      /^# yaml-language-server: \$schema=(.*)$/m.exec(readFileSync(join(target, 'people.yaml'), 'utf8')) ?? [];
    const shipped = readFileSync(join(import.meta.dirname, '../../veil.schema.json'), 'utf8');
    expect(readFileSync(join(target, schema), 'utf8')).toBe(shipped);
    const before = readFileSync(join(target, EMBEDDED.keyRing), 'utf8');
    expect(await veil('init', target)).toMatchObject({ status: 0, out: 'everything was there; nothing was changed\n' });
    expect(await veil('init', target, '--from', sample)).toMatchObject({
      status: 2,
      err: expect.stringContaining('FILE_EXISTS'),
    });
    expect(readFileSync(join(target, EMBEDDED.keyRing), 'utf8')).toBe(before);
  });
});
