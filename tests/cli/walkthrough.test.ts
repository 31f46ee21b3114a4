import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReplayWorkspace } from '../testkit/replay.js';

const CUSTOMERS = `customer_no,full_name,phone,email,city,birthday,comment
C-100201,王伟,13800138000,wang.wei@example.com,深圳,1990-05-17,"called twice, angry"
C-100202,李秀英,+86 139-0013-9000,li@example.com,北京,1985-11-02,
C-100203,欧阳芳,13700137000,ouyang@example.cn,深圳,1971-01-30,"line one
line two"
C-100201,王伟,13800138000,wang.wei@example.com,广州,1990-05-17,again
C-100205,赵敏,123,zhao@example.cn,上海,1992-02-29,
`;
const TESTS = `tests:
  - name: a customer
    record: { customer_no: C-100201, phone: "13800138000", city: 深圳, birthday: 1990-05-17, comment: call }
    expect: { fields: { customer_no: token, phone: token, city: 深圳, birthday: "1990" } }
  - name: a wrong number
    record: { customer_no: C-100201, phone: "123" }
    expect: { outcome: quarantine, code: VALUE_INVALID, path: phone }
`;

let space: ReplayWorkspace;
beforeAll(() => {
  space = new ReplayWorkspace();
  space.write('customers.csv', CUSTOMERS);
});
afterAll(() => space.remove());

/** Replaces the rule of a field as a person with an editor would. */
function decide(policy: string, field: string, rule: string): string {
  const line = new RegExp(`^( +${field}:).*$`, 'm');
  expect(policy).toMatch(line);
  return policy.replace(line, `$1 ${rule}`);
}

it('leads a stranger from a CSV file to a de-identified one', { timeout: 120_000 }, async () => {
  const made = await space.veil(['init', '--from', 'customers.csv']);
  expect(made).toMatchObject({ status: 0, stderr: '' });
  const starter = space.read('customers.yaml');
  expect(starter).not.toContain('13800138000');
  expect(await space.veil(['lint', 'customers.yaml'])).toMatchObject({ status: 0 });

  let policy = decide(starter, 'customer_no', '{ is: account-id, do: pseudonymize, domain: customers }');
  policy = decide(policy, 'phone', '{ is: cn-mobile, do: pseudonymize, domain: phones }');
  policy = decide(policy, 'city', '{ do: keep, because: regional demand }');
  policy = decide(policy, 'birthday', '{ is: birth-date, do: generalize, to: years }');
  space.write('customers.yaml', policy);
  const mistake = await space.veil(['lint', 'customers.yaml']);
  expect(mistake.status).toBe(1);
  expect(`${mistake.stdout}${mistake.stderr}`).toMatch(/customers\.yaml:\d+:\d+ .*"year"/s);
  space.write('customers.yaml', `${policy.replace('to: years', 'to: year').trimEnd()}\ntests: ./customers.test.yaml\n`);
  space.write('customers.test.yaml', TESTS);
  expect(await space.veil(['lint', 'customers.yaml', 'veil.yaml'])).toMatchObject({ status: 0 });
  const tested = await space.veil(['test', 'customers.yaml']);
  expect(tested).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('2 passed, 0 failed') });

  const preview = await space.veil(['preview', 'customers.yaml', '--in', 'customers.csv', '--json']);
  const [first] = JSON.parse(preview.stdout) as {
    outcome: string;
    fields: { field: string; before: string; after: string }[];
  }[];
  expect(first?.outcome).toBe('forward');
  expect(first?.fields.find(({ field }) => field === 'full_name')).toMatchObject({
    before: '王伟',
    after: '(left out)',
  });

  const replay = [
    'replay',
    '--policy',
    'customers.yaml',
    '--in',
    'customers.csv',
    '--out',
    'clean.csv',
    '--quarantine',
    'refused.jsonl',
  ];
  const keyless = await space.veil(replay);
  expect(keyless).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('veil keys init --domain customers --domain phones'),
  });
  expect(await space.veil(['keys', 'init', '--domain', 'customers', '--domain', 'phones'])).toMatchObject({
    status: 0,
  });
  const listed = await space.veil(['keys', 'list', '--json']);
  expect(listed.stdout).toContain('"customers"');

  const ended = await space.veil([...replay, '--report', 'report.json']);
  expect(ended).toMatchObject({ status: 1, stderr: '' });
  expect(ended.stdout).toContain('5 records: 4 forwarded, 0 dropped, 1 quarantined');
  const [header, ...rows] = space.lines('clean.csv').map(line => line.split(','));
  expect(header).toEqual(['customer_no', 'phone', 'city', 'birthday']);
  expect(rows.map(([, , city, birthday]) => [city, birthday])).toEqual([
    ['深圳', '1990'],
    ['北京', '1985'],
    ['深圳', '1971'],
    ['广州', '1990'],
  ]);
  expect([rows[3]?.[0], rows[3]?.[1]]).toEqual([rows[0]?.[0], rows[0]?.[1]]);
  expect(new Set(rows.map(([id]) => id)).size).toBe(3);

  const quarantine = ['--in', 'refused.jsonl', '--key', 'desk/desk.key', '--out', 'repair.csv'];
  expect(await space.desk(['open-quarantine', ...quarantine, '--values'])).toMatchObject({ status: 0, stderr: '' });
  expect(space.read('repair.csv')).toBe('C-100205,赵敏,123,zhao@example.cn,上海,1992-02-29,\n');
});

it('shows in a preview what a terminal can show, and takes standard input', async () => {
  const hostile = 'customer_no,phone,city,birthday\nC-1\u001b]0;owned\u0007,13800138000,\u202e深圳,1990-05-17\n';
  const args = ['preview', 'customers.yaml', '--in', '-'];
  const { stdout, status } = await space.veil(args, hostile);
  expect(status, 'the number is refused').toBe(1);
  expect(stdout).toContain('C-1\uFFFD]0;owned\uFFFD');
  for (const control of ['\u001b', '\u0007', '\u202e']) expect(stdout).not.toContain(control);
});
