import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { printDiagnostic } from '../../src/policy/diagnostic.js';
import { loadPolicy } from '../../src/policy/load.js';
import { found, policyText } from './policy-text.js';

const OK = '  id: { do: keep, because: x }';

/** What is wrong, the text, and every finding with its exact place. */
const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing', policyText(OK), []],
  // YAML
  ['an empty file', '', ['1:1 POLICY_MISSING']],
  ['a syntax error', 'version: 1\nname: [a\npurpose: x', ['3:1 POLICY_SYNTAX']],
  ['a tab', 'version: 1\nsource:\n\ttopic: a', ['3:1 POLICY_SYNTAX']],
  ['several documents', `${policyText(OK)}\n---\nversion: 1`, ['10:1 POLICY_SYNTAX']],
  ['a directive', `%YAML 1.1\n---\n${policyText(OK)}`, ['1:1 POLICY_SYNTAX']],
  ['an anchor', policyText('  id: &a { do: keep, because: x }'), ['8:10 POLICY_ALIAS']],
  [
    'an alias',
    policyText('  id: &a { do: drop }\n  b: *a'),
    ['8:10 POLICY_ALIAS', '9:6 POLICY_ALIAS', '9:6 POLICY_TYPE'],
  ],
  ['a merge key', policyText('  <<: { a: { do: drop } }\n  b: { do: drop }'), ['8:3 POLICY_ALIAS']],
  ['a tag', policyText('  id: { do: !!str drop }'), ['8:19 POLICY_ALIAS']],
  ['a duplicate key', policyText(OK, 'name: other'), ['9:1 POLICY_DUPLICATE_KEY']],
  ['a duplicate path spelled alike', policyText('  a: { do: drop }\n  a: { do: drop }'), ['9:3 POLICY_DUPLICATE_KEY']],
  ['a number as a key', policyText('  1.10: { do: drop }'), ['8:3 POLICY_NUMERIC_SCALAR']],
  // words, types, bounds
  ['an unknown entry', policyText(OK, 'purpos: x'), ['9:1 POLICY_UNKNOWN_WORD']],
  ['an unknown transform', policyText('  id: { do: masK }'), ['8:13 POLICY_UNKNOWN_WORD']],
  ['an unknown kind', policyText('  id: { is: cn-mobil, do: drop }'), ['8:13 POLICY_UNKNOWN_WORD']],
  ['an unknown parameter', policyText('  id: { is: email, do: mask, from: 3 }'), ['8:30 POLICY_UNKNOWN_WORD']],
  [
    'a domain where there is no key',
    policyText('  id: { is: email, do: mask, domain: d }'),
    ['8:30 POLICY_UNKNOWN_WORD'],
  ],
  ['a missing purpose', policyText(OK).replace('purpose: order-analytics\n', ''), ['1:1 POLICY_MISSING']],
  ['an empty purpose', policyText(OK).replace('order-analytics\ns', '""\ns'), ['3:10 POLICY_BOUNDS']],
  ['missing fields', 'version: 1\nname: a\npurpose: b\nsource: { file: a }\nsink: { file: b }', ['1:1 POLICY_MISSING']],
  ['a missing transform', policyText('  id: { is: email }'), ['8:7 POLICY_MISSING']],
  ['a missing parameter', policyText('  id: { do: truncate }'), ['8:7 POLICY_MISSING']],
  ['a parameter out of bounds', policyText('  id: { do: truncate, characters: 0 }'), ['8:35 POLICY_BOUNDS']],
  ['a fraction for a whole number', policyText('  id: { do: truncate, characters: 1.5 }'), ['8:35 POLICY_TYPE']],
  ['text for a number', policyText('  id: { do: truncate, characters: "3" }'), ['8:35 POLICY_TYPE']],
  ['a number for a text', policyText(OK).replace('name: orders-analytics', 'name: 12'), ['2:7 POLICY_NUMERIC_SCALAR']],
  ['a flag for a text', policyText(OK).replace('name: orders-analytics', 'name: true'), ['2:7 POLICY_TYPE']],
  ['a list for a map', policyText(OK).replace('{ topic: orders.analytics }', '[a]'), ['5:7 POLICY_TYPE']],
  ['a text for a rule', policyText('  id: drop'), ['8:7 POLICY_TYPE']],
  ['fields that are no map', policyText('  - id'), ['8:3 POLICY_TYPE']],
  ['another version', policyText(OK).replace('version: 1', 'version: 2'), ['1:10 POLICY_TYPE']],
  ['a bad name', policyText(OK).replace('orders-analytics', 'orders analytics'), ['2:7 POLICY_BOUNDS']],
  ['a bad topic', policyText(OK).replace('orders.raw', 'orders/raw'), ['4:18 POLICY_BOUNDS']],
  ['a retention without unit', policyText(OK, 'retention: { keep: "180", then: delete }'), ['9:20 POLICY_BOUNDS']],
  ['a prototype name', policyText('  id: { do: drop, __proto__: 1 }'), ['8:19 POLICY_UNKNOWN_WORD']],
  // environment and secrets
  [
    'an unset variable',
    policyText(OK).replace('orders.raw', '"${NO_SUCH}"'),
    ['4:19 POLICY_ENV', '4:18 POLICY_BOUNDS'].sort(),
  ],
  ['a stray reference', policyText(OK, 'description: "a ${ b"'), ['9:17 POLICY_ENV']],
  ['a password', policyText(OK, 'password: hunter2'), ['9:1 POLICY_UNKNOWN_WORD', '9:11 POLICY_SECRET']],
  ['a private key', policyText(OK, 'description: "-----BEGIN PRIVATE KEY-----"'), ['9:14 POLICY_SECRET']],
  // paths
  ['a malformed path', policyText('  a..b: { do: drop }'), ['8:5 PATH_SYNTAX']],
  ['a malformed quoted path', policyText("  'a.\"b': { do: drop }"), ['8:6 PATH_SYNTAX']],
  ['an unknown root', policyText('  $value: { do: drop }'), ['8:3 PATH_SYNTAX']],
  ['one path in two spellings', policyText('  a: { do: drop }\n  \'"a"\': { do: drop }'), ['9:3 PATH_DUPLICATE']],
  ['a rule inside another', policyText('  user: { do: drop }\n  user.id: { do: drop }'), ['9:3 PATH_OVERLAP']],
  ['a rule inside another, inner first', policyText('  u.a.b: { do: drop }\n  u: { do: drop }'), ['8:3 PATH_OVERLAP']],
  ['a rule inside a wildcard', policyText('  t.*: { do: drop }\n  t.*.x: { do: drop }'), ['9:3 PATH_OVERLAP']],
  ['elements inside an array', policyText('  t: { do: drop }\n  t[].x: { do: drop }'), ['9:3 PATH_OVERLAP']],
  ['a name beside a wildcard', policyText('  t.*: { do: drop }\n  t.a: { do: drop }'), ['~8:3 PATH_OVERLAP']],
  [
    'a name beside a wildcard in the middle',
    policyText('  t.*.x: { do: drop }\n  t.a.x: { do: drop }'),
    ['~8:3 PATH_OVERLAP'],
  ],
  ['a member called *', policyText('  t.*: { do: drop }\n  \'t."*"\': { do: drop }'), ['~8:3 PATH_OVERLAP']],
  [
    'a Kafka key in a file',
    policyText('  $key: { do: hash }\n  $headers.a: { do: drop }').replace('topic: orders.raw', 'file: a.jsonl'),
    ['8:3 PATH_UNREACHABLE', '9:3 PATH_UNREACHABLE'],
  ],
  ['a repeated subject', policyText(OK, 'subject: users[].id'), ['9:10 PATH_UNREACHABLE']],
  ['a repeated event time', policyText(OK, 'eventTime: a.*'), ['9:12 PATH_UNREACHABLE']],
  ['a repeated key', policyText(OK, 'key: a.*'), ['9:6 POLICY_MISSING', '9:6 PATH_UNREACHABLE'].sort()],
  ['a subject outside the value', policyText(OK, 'subject: $key'), ['9:10 PATH_UNREACHABLE']],
  ['a subject inside a dropped object', policyText('  user: { do: drop }', 'subject: user.id'), ['9:10 PATH_OVERLAP']],
  [
    'a subject dropped inside a kept object',
    policyText('  user: { do: keep, because: x }\n  user.id: { do: drop }', 'subject: user.id'),
    ['9:3 PATH_OVERLAP'],
  ],
  ['a subject around a rule', policyText('  user.id: { do: drop }', 'subject: user'), ['9:10 PATH_OVERLAP']],
  // rules
  ['keep without a reason', policyText('  id: { do: keep }'), ['8:13 RULE_KEEP_BECAUSE']],
  ['keep of a direct identifier', policyText('  id: { is: email, do: keep, because: x }'), ['8:24 RULE_WEAK']],
  ['keep of a sensitive kind', policyText('  c: { is: coordinate, do: keep, because: x }'), ['8:28 RULE_WEAK']],
  ['keep of a quasi identifier', policyText('  b: { is: birth-date, do: keep, because: x }'), ['~8:28 RULE_WEAK']],
  ['keep of what looks like an identifier', policyText('  user.mobile: { do: keep, because: x }'), ['~8:3 RULE_WEAK']],
  [
    'a kind the transform refuses',
    policyText('  id: { is: email, do: generalize, to: year }'),
    ['8:24 RULE_WEAK', '8:13 RULE_KIND'].sort(),
  ],
  ['a mask without kind', policyText('  id: { do: mask }'), ['8:13 RULE_KIND_MISSING']],
  ['a pseudonym without domain', policyText('  id: { is: email, do: pseudonymize }'), ['8:24 RULE_DOMAIN_MISSING']],
  [
    'a per-subject transform without subject',
    policyText('  id: { is: birth-date, do: shift-date, maxDays: 90, domain: d }'),
    ['8:29 POLICY_MISSING'],
  ],
  ['a digest', policyText('  id: { is: cn-mobile, do: sha256 }'), ['8:28 RULE_UNKEYED_HASH']],
  [
    'a finding of the transform',
    policyText('  id: { is: email, do: pseudonymize, domain: d, form: same }'),
    ['8:24 RULE_WEAK'],
  ],
  [
    'a weak finding of the transform',
    policyText('  id: { is: birth-date, do: shift-date, maxDays: 3, domain: d }', 'subject: s'),
    ['~8:29 RULE_WEAK'],
  ],
  // the route
  ['a sink that is the source', policyText(OK).replace('orders.analytics', 'orders.raw'), ['5:16 ROUTE_LOOP']],
  ['a quarantine that is the source', policyText(OK).replace('orders.quarantine', 'orders.raw'), ['6:22 ROUTE_LOOP']],
  [
    'a quarantine that is the sink',
    policyText(OK).replace('orders.quarantine', 'orders.analytics'),
    ['6:22 ROUTE_LOOP'],
  ],
  ['a source without place', policyText(OK).replace('topic: orders.raw, ', ''), ['4:9 POLICY_MISSING']],
  [
    'a source with two places',
    policyText(OK).replace('topic: orders.raw', 'topic: a, file: b'),
    ['4:9 CONFIG_CONFLICT'],
  ],
  ['a topic without quarantine', policyText(OK).replace(/quarantine: .*\n/, ''), ['~4:9 POLICY_MISSING']],
  ['CSV settings of JSON', policyText(OK).replace('format: json', 'delimiter: ";"'), ['4:41 CONFIG_CONFLICT']],
  [
    'CSV output settings of JSON',
    policyText(OK).replace('orders.analytics', 'a, neutralizeFormulas: true'),
    ['5:39 CONFIG_CONFLICT'],
  ],
  [
    'a delimiter that is the quote',
    policyText(OK).replace('topic: orders.raw, format: json', "file: a.csv, delimiter: '\"', quote: '\"'"),
    ['4:47 CONFIG_CONFLICT'],
  ],
  ['CSV in a topic', policyText(OK).replace('format: json', 'format: csv'), ['4:38 CONFIG_CONFLICT']],
  ['a key without rule', policyText(OK, 'key: user'), ['9:6 POLICY_MISSING']],
  ['a key that is encrypted', policyText('  id: { do: encrypt }', 'key: id'), ['9:6 CONFIG_CONFLICT']],
  ['a key that is dropped', policyText('  id: { do: drop }', 'key: id'), ['9:6 CONFIG_CONFLICT']],
  ['a $key that is encrypted', policyText('  $key: { do: encrypt }'), ['8:15 CONFIG_CONFLICT']],
  [
    'a $key in another domain than the key',
    policyText(
      '  $key: { is: account-id, do: pseudonymize, domain: a }\n  id: { is: account-id, do: pseudonymize, domain: b }',
      'key: id',
    ),
    ['8:3 CONFIG_CONFLICT'],
  ],
  [
    'a $key separated by path from the key',
    policyText('  $key: { do: hash }\n  id: { do: hash }', 'key: id'),
    ['8:3 CONFIG_CONFLICT'],
  ],
  ['a sample without subject', policyText(OK, 'sample: { rate: 0.1, domain: d }'), ['9:9 POLICY_MISSING']],
  ['a sample of nothing', policyText(OK, 'subject: u\nsample: { rate: 0, domain: d }'), ['10:17 POLICY_BOUNDS']],
];

describe('every mistake is found at its place', () => {
  it.each(CASES)('%s', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('reports all mistakes of a file at once', () => {
    const text = policyText(
      '  a: { do: masK }\n  b: { do: keep }\n  a.b: { is: emial, do: drop }',
      'colour: red',
    ).replace('version: 1', 'version: one');
    expect(found(text)).toEqual([
      '1:10 POLICY_UNKNOWN_WORD',
      '8:12 POLICY_UNKNOWN_WORD',
      '9:12 RULE_KEEP_BECAUSE',
      '10:14 POLICY_UNKNOWN_WORD',
      '11:1 POLICY_UNKNOWN_WORD',
    ]);
  });
});

describe('messages', () => {
  const messages = (text: string, env = {}) => loadPolicy('p.yaml', utf8(text), env).diagnostics.map(printDiagnostic);

  it('says what was meant', () => {
    expect(messages(policyText('  id: { is: cn-moble, do: masK }'))).toEqual([
      'p.yaml:8:13  POLICY_UNKNOWN_WORD  "is" does not know "cn-moble"; did you mean "cn-mobile"?',
      'p.yaml:8:27  POLICY_UNKNOWN_WORD  "do" does not know "masK"; did you mean "mask"?',
    ]);
    expect(messages(policyText('  id: { is: cn-moble, do: drop }'))).toEqual([
      'p.yaml:8:13  POLICY_UNKNOWN_WORD  "is" does not know "cn-moble"; did you mean "cn-mobile"?',
    ]);
    expect(messages(policyText(OK, 'sorce: 1'))[0]).toContain('did you mean "source"?');
  });

  it('says how long an unkeyed digest resists', () => {
    expect(messages(policyText('  id: { is: cn-mobile, do: md5 }'))[0]).toContain('less than a second');
  });

  it('never repeats a secret or a value of the environment', () => {
    const secret = 'hunter2-very-secret';
    const texts = [
      policyText(OK, `password: ${secret}`),
      policyText(OK).replace('orders.raw', '"${X}"'),
      policyText(OK, 'unlisted: ${X}'),
      policyText('  id: { do: "${X}" }'),
      policyText('  id: { is: "${X}", do: drop }'),
      policyText(OK, 'subject: "${X}"'),
      policyText(OK, 'retention: { keep: "${X}", then: delete }'),
    ];
    for (const text of texts) {
      const said = messages(text, { X: `${secret}//` });
      expect(said.length).toBeGreaterThan(0);
      expect(said.join('\n')).not.toContain(secret);
    }
  });
});
