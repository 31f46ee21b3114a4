import { describe, expect, it } from 'vitest';
import { FORM_NAMES, LeakScanner, writtenAs } from '../testkit/leak-scan.js';

const CANARIES = ['13912345678', '欧阳锦瑟', 'canary.person@example.com'];
const scanner = new LeakScanner(CANARIES);

describe('the leak scanner', () => {
  it.each(FORM_NAMES)('finds a canary written as %s at any place', form => {
    for (const canary of CANARIES) {
      const forms = writtenAs(form, canary);
      expect(forms.length).toBeGreaterThan(0);
      for (const bytes of forms)
        for (const before of ['', 'x', '{"a":"', '中文'])
          expect(scanner.scan(Buffer.concat([Buffer.from(before), bytes, Buffer.from('"}')]))).toContainEqual(
            expect.objectContaining({ canary }),
          );
    }
  });

  it('finds base64 at all three alignments inside other text', () => {
    for (const canary of CANARIES)
      for (const before of ['', 'a', 'ab', 'abc', '中', '{"value":"']) {
        const text = Buffer.from(`${before}${canary} behind`);
        for (const written of [text.toString('base64'), text.toString('base64url')])
          expect(scanner.scan(written)).toContainEqual({ canary, form: 'base64' });
      }
  });

  it('finds what others write', () => {
    expect(new Set(scanner.scan(JSON.stringify({ a: CANARIES })).map(({ canary }) => canary))).toEqual(
      new Set(CANARIES),
    );
    expect(scanner.scan('%E6%AC%A7%E9%98%B3%E9%94%A6%E7%91%9F')).toEqual([
      { canary: '欧阳锦瑟', form: 'URL encoding' },
    ]);
    expect(scanner.scan('\\u6b27\\u9633\\u9526\\u745f')).toEqual([{ canary: '欧阳锦瑟', form: 'JSON escapes' }]);
    expect(scanner.scan(Uint8Array.of(0xc5, 0xb7, 0xd1, 0xf4, 0xbd, 0xf5, 0xc9, 0xaa))).toEqual([
      { canary: '欧阳锦瑟', form: 'GB18030' },
    ]);
  });

  it('finds nothing where nothing is, and refuses canaries that chance would find', () => {
    expect(scanner.scan('139****5678, 欧***, p1-1-00112233445566778899aabbccddeeff')).toEqual([]);
    expect(() => new LeakScanner(['139'])).toThrow(/too short/);
  });
});
