import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPipeline, type SourceRecord, VeilError } from '../src/veilstream.js';
import { policyText } from './policy/policy-text.js';
import { bodyOf, jsonRecord } from './testkit/pipeline.js';
import { ReplayWorkspace } from './testkit/replay.js';

const POLICY = policyText(
  '  id: { is: account-id, do: pseudonymize, domain: people }\n  name: { is: person-name, do: mask }',
  'key: id',
);

let space: ReplayWorkspace;
const home = process.cwd();
beforeEach(async () => {
  space = await new ReplayWorkspace().makeKeys('people');
  space.write('policy.yaml', POLICY);
  process.chdir(space.directory);
});
afterEach(() => {
  process.chdir(home);
  space.remove();
});

const code = (pattern: string) => ({ code: expect.stringMatching(pattern) });

describe('openPipeline', () => {
  it('gives one outcome for each record, in order, and counts them', async () => {
    const pipeline = await openPipeline({ policy: 'policy.yaml' });
    const records: SourceRecord[] = [
      jsonRecord({ id: 'user-1', name: '王伟', other: 1 }, { timestamp: 5 }),
      jsonRecord('{'),
      jsonRecord({ id: 'user-1', name: '李芳' }),
    ];
    const outcomes = await pipeline.process(records);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['forward', 'quarantine', 'forward']);
    expect(bodyOf(outcomes[0])).toEqual({ id: expect.stringMatching(/^p1-1-/), name: '王*' });
    expect(bodyOf(outcomes[2]).id).toBe(bodyOf(outcomes[0]).id);
    expect(outcomes[0]).toMatchObject({ timestamp: 5, headers: [] });
    expect(outcomes[1]).toMatchObject({ code: 'JSON_SYNTAX', path: '' });
    expect(pipeline.metrics).toEqual({
      records: { in: 3, forwarded: 2, dropped: 0, quarantined: 1 },
      codes: { JSON_SYNTAX: 1 },
      fields: {
        id: expect.objectContaining({ transformed: 2, nulls: 0, refused: 0 }),
        name: expect.objectContaining({ transformed: 2, nulls: 0, refused: 0 }),
      },
      unlisted: { other: 1 },
    });
    await pipeline.close();
    await expect(pipeline.process(records)).rejects.toThrow();
  });

  it('reads veil.yaml where it is told to', async () => {
    process.chdir(home);
    space.write('veil.yaml', 'desk: { publicKey: keys/desk.pub }\n');
    const files = { policy: space.path('policy.yaml'), config: space.path('veil.yaml') };
    const pipeline = await openPipeline(files);
    expect(await pipeline.process([jsonRecord({ id: 'user-1' })])).toMatchObject([{ kind: 'forward' }]);
    await pipeline.close();
  });

  it('rejects a policy with every finding in its message', async () => {
    space.write('policy.yaml', POLICY.replace('do: mask', 'do: masK').replace('is: account-id', 'is: accountid'));
    const failure = openPipeline({ policy: 'policy.yaml' });
    await expect(failure).rejects.toBeInstanceOf(VeilError);
    await expect(failure).rejects.toMatchObject(code('^POLICY_UNKNOWN_WORD$'));
    await expect(failure).rejects.toThrow(/policy\.yaml:8:\d+ .*account-id.*\npolicy\.yaml:9:\d+ .*mask/s);
  });

  it('rejects without its keys, its desk key or its policy', async () => {
    await expect(openPipeline({ policy: 'absent.yaml' })).rejects.toMatchObject(code('^POLICY_UNREADABLE$'));
    space.write('policy.yaml', POLICY.replace('domain: people', 'domain: strangers'));
    await expect(openPipeline({ policy: 'policy.yaml' })).rejects.toMatchObject(code('^KEY_DOMAIN_UNKNOWN$'));
    process.chdir(space.path('desk'));
    space.write('desk/policy.yaml', POLICY);
    await expect(openPipeline({ policy: 'policy.yaml' })).rejects.toMatchObject(
      code('^(KEY_STORE|KEY_RING|DESK_KEY)_MISSING$'),
    );
  });

  it('is what the package exports', () => {
    const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    expect(manifest.exports).toEqual({
      '.': { types: './dist/src/veilstream.d.ts', default: './dist/src/veilstream.js' },
    });
  });
});
