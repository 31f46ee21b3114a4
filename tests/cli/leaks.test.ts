import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../src/cli/explain.js';
import { init } from '../../src/cli/init.js';
import { keys } from '../../src/cli/keys.js';
import { lint } from '../../src/cli/lint.js';
import { replay } from '../../src/cli/replay.js';
import { test } from '../../src/cli/test.js';
import { LeakScanner } from '../testkit/leak-scan.js';
import { ReplayWorkspace } from '../testkit/replay.js';

const VERBS = [init, lint, test, explain, keys, replay];
const CANARIES = {
  id: 'user-canary-7731',
  mobile: '13900007711',
  name: '欧阳锦瑟弦',
  card: '11010519491231002X',
  note: 'canary note about somebody',
  extra: 'canary.person@example.com',
};
const POLICY = `
version: 1
name: leaks
purpose: test
source: { file: in.csv, format: csv }
sink: { file: out.csv }
subject: id
tests: ./policy.test.yaml
fields:
  id: { is: account-id, do: pseudonymize, domain: people }
  mobile: { is: cn-mobile, do: encrypt, domain: people }
  name: { is: person-name, do: mask }
  card: { is: cn-id-card, do: hash }
  note: { is: free-text, do: redact }
`;
const TESTS = 'tests:\n  - { name: one, record: { id: user-1001 }, expect: { fields: { id: token } } }\n';
const { id, mobile, name, card, note, extra } = CANARIES;
const HEADER = 'id,mobile,name,card,note,extra';
const GOOD = Object.values(CANARIES).join(',');
const BAD = [
  `${id},${mobile}7,${name},${card},${note},${extra}`,
  `${id},${mobile},${name},${card}1,${note},${extra}`,
  `${id},${mobile},${name}`,
  `${id},"${mobile}"x,${name},${card},${note},${extra}`,
  `${GOOD},${extra}`,
];
const JSON_LINES = [
  JSON.stringify(CANARIES),
  JSON.stringify({ ...CANARIES, mobile: { mobile } }),
  JSON.stringify({ ...CANARIES, [mobile]: extra, card: [card] }),
  JSON.stringify(CANARIES).slice(0, -3),
  `["${name}"]`,
  name,
];

const scanner = new LeakScanner(Object.values(CANARIES));
let space: ReplayWorkspace;
beforeAll(async () => {
  space = await new ReplayWorkspace().makeKeys('people', 'leaks');
  space.write('policy.yaml', POLICY);
  space.write(
    'json.yaml',
    POLICY.replace('in.csv, format: csv', 'in.jsonl, format: json').replace('out.csv', 'out.jsonl'),
  );
  space.write('policy.test.yaml', TESTS);
  space.write('in.csv', `${[HEADER, GOOD, ...BAD, GOOD].join('\n')}\n${id},"${mobile}`);
  space.write('in.jsonl', `${JSON_LINES.join('\n')}\n`);
  space.write('headless.csv', `${GOOD}\n${GOOD}\n`);
  space.write('broken.csv', `"${name}"${mobile},${card}\n${GOOD}\n`);
  space.write('failing.csv', `${HEADER}\n${`${GOOD}\n`.repeat(600)}${`${BAD[1]}\n`.repeat(600)}`);
});
afterAll(() => space.remove());

/** Every file below the workspace that is not an input of this test. */
function filesMade(directory = space.directory): string[] {
  return readdirSync(directory).flatMap(entry => {
    const path = join(directory, entry);
    if (statSync(path).isDirectory()) return filesMade(path);
    return /^(in|headless|broken|failing)\.(csv|jsonl)$/.test(entry) ? [] : [path];
  });
}

async function quiet(status: number, ...args: string[]): Promise<void> {
  const ended = await space.here(VERBS, args);
  expect(scanner.scan(`${ended.stdout}\n${ended.stderr}`), args.join(' ')).toEqual([]);
  expect(ended.status, `${args.join(' ')}\n${ended.stderr}`).toBe(status);
}

describe('no canary of a file', () => {
  const run = (policy: string, from: string, ...more: string[]) => [
    'replay',
    '--policy',
    policy,
    '--in',
    from,
    '--out',
    `${from}.out`,
    '--report',
    `${from}.json`,
    ...more,
  ];

  it('is printed by any verb, whatever becomes of its record', async () => {
    await quiet(0, 'lint', 'policy.yaml', 'json.yaml');
    await quiet(0, 'test', 'policy.yaml');
    await quiet(0, 'explain', 'policy.yaml');
    await quiet(0, 'keys', 'list');
    await quiet(0, 'keys', 'export-public');
    await quiet(0, 'init', 'fresh', '--from', 'in.csv');
    await quiet(2, 'init', 'fresh', '--from', 'in.jsonl', '--json');
    await quiet(1, ...run('policy.yaml', 'in.csv'));
    await quiet(1, ...run('json.yaml', 'in.jsonl', '--json'));
    await quiet(2, ...run('policy.yaml', 'headless.csv'));
    await quiet(2, ...run('policy.yaml', 'broken.csv'));
    await quiet(4, ...run('policy.yaml', 'failing.csv'));
    await quiet(2, ...run('policy.yaml', 'in.csv'));
    await quiet(2, ...run('in.csv', 'in.jsonl', '--force'));
    await quiet(1, 'lint', 'in.csv');
    await quiet(1, 'lint', 'in.jsonl', '--json');
  });

  it('stands in any file that was made: outputs, quarantine, reports, partial files, keys', () => {
    const files = filesMade();
    const names = files.map(path => path.slice(space.directory.length + 1));
    expect(names).toEqual(
      expect.arrayContaining([
        'in.csv.out',
        'in.csv.out.quarantine.jsonl',
        'in.csv.json',
        'in.jsonl.out',
        'in.jsonl.out.quarantine.jsonl',
        'failing.csv.out.veil-partial',
        'failing.csv.out.quarantine.jsonl.veil-partial',
        'keys/keys.sqlite',
        'fresh/in.yaml',
      ]),
    );
    expect(space.codes('in.csv.out.quarantine.jsonl')).toHaveLength(BAD.length);
    expect(space.codes('in.jsonl.out.quarantine.jsonl').length).toBeGreaterThan(3);
    for (const path of files) expect(scanner.scan(readFileSync(path)), path).toEqual([]);
  });

  it('is lost by any verb: the scan finds them in the inputs', () => {
    expect(new Set(scanner.scan(readFileSync(space.path('in.csv'))).map(leak => leak.canary)).size).toBe(6);
  });
});
