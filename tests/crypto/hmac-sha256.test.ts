import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.js';
import { HmacSha256 } from '../../src/crypto/hmac-sha256.js';
import { vectorPath } from '../testkit/vectors.js';
import { tagsOfColumn, tagsOneByOne } from './columns.js';
import { hex, ran, wycheproof } from './wycheproof.js';

interface AcvpFile {
  readonly testGroups: readonly {
    readonly tests: readonly { tcId: number; key: string; msg: string; mac: string; macLen: number }[];
  }[];
}

describe('HMAC-SHA-256', () => {
  it('agrees with every Wycheproof case', () => {
    const cases = wycheproof('hmac_sha256_test');
    for (const [group, one] of cases) {
      const tag = toHex(new HmacSha256(hex(one.key)).tag(hex(one.msg)).subarray(0, group.tagSize / 8));
      expect(tag === one.tag, `case ${one.tcId}`).toBe(one.result === 'valid');
    }
    ran('wycheproof hmac_sha256', cases.length);
  });

  it('agrees with every ACVP case', () => {
    const path = vectorPath('acvp', 'acvp', 'HMAC-SHA2-256-2.0', 'internalProjection.json.gz');
    const file: AcvpFile = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));
    const cases = file.testGroups.flatMap(group => group.tests);
    for (const one of cases) {
      const tag = new HmacSha256(hex(one.key)).tag(hex(one.msg)).subarray(0, one.macLen / 8);
      expect(toHex(tag), `case ${one.tcId}`).toBe(one.mac.toLowerCase());
    }
    expect(cases).toHaveLength(150);
    ran('acvp hmac', cases.length);
  });

  it('gives a column the truncated tags that node:crypto gives one by one, for any lengths', () => {
    const key = randomBytes(32);
    const hmac = new HmacSha256(key);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 30 }), values => {
        const expected = values.map(value => createHmac('sha256', key).update(value).digest('hex').slice(0, 32));
        expect(tagsOfColumn(hmac, values)).toEqual(expected);
        expect(tagsOneByOne(hmac, values)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
