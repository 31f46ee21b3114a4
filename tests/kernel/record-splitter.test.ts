import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { CsvLineFinder, JsonLineFinder, type LineFinder } from '../../src/kernel/line-finder.js';
import { Split } from '../../src/kernel/record-splitter.js';
import { type SplitRecord, splitAll } from './split-harness.js';

const csv = (keepBlank = false): LineFinder => new CsvLineFinder(0x2c, 0x22, keepBlank);
const jsonl = (): LineFinder => new JsonLineFinder();
const texts = (records: readonly SplitRecord[]): string[] => records.map(({ bytes }) => Buffer.from(bytes).toString());

describe('CSV rows', () => {
  it('end at LF, CRLF or CR outside quotes; the last one needs no line end', () => {
    const records = splitAll(csv(), [utf8('a,b\r\n1,"x\r\ny""\n"\n2,3\r4,5')]);
    expect(texts(records)).toEqual(['a,b', '1,"x\r\ny""\n"', '2,3', '4,5']);
    expect(records.map(({ offset, next }) => [offset, next])).toEqual([
      [0, 5],
      [5, 17],
      [17, 21],
      [21, 24],
    ]);
  });

  it('that are blank are nothing, or a row of one empty cell when asked', () => {
    expect(texts(splitAll(csv(), [utf8('a\n\n\r\nb\n')]))).toEqual(['a', 'b']);
    expect(texts(splitAll(csv(true), [utf8('a\n\n\r\nb\n')]))).toEqual(['a', '', '', 'b']);
  });

  it('that never close their quote are reported, not repaired', () => {
    const records = splitAll(csv(), [utf8('a,b\n1,"x\n2,y\n')]);
    expect(records.map(({ status }) => status)).toEqual([Split.OK, Split.UNCLOSED]);
  });

  it('with a stray quote end at their line end', () => {
    expect(texts(splitAll(csv(), [utf8('a"b,c\n"d"e"\nf\n')]))).toEqual(['a"b,c', '"d"e"', 'f']);
  });
});

describe('JSON lines', () => {
  it('end at LF; CR before it and blank lines go', () => {
    expect(texts(splitAll(jsonl(), [utf8('\ufeff{"a":1}\r\n\n \t\r\n{"b":"\u2028"}')]))).toEqual([
      '{"a":1}',
      '{"b":"\u2028"}',
    ]);
  });
});

describe('records beyond the limit', () => {
  it('are reported with their place, keep no bytes, and the next record follows', () => {
    const long = 'x'.repeat(500);
    const records = splitAll(jsonl(), chunked(utf8(`ab\n${long}\ncd\n`), 7), 10);
    expect(texts(records)).toEqual(['ab', '', 'cd']);
    expect(records.map(({ status, offset, next }) => [status, offset, next])).toEqual([
      [Split.OK, 0, 3],
      [Split.OVERSIZE, 3, 504],
      [Split.OK, 504, 507],
    ]);
  });

  it('in CSV end where their quotes end: lines inside a cell never pass for rows', () => {
    const cell = `"${'1,2\n'.repeat(100)}"`;
    const records = splitAll(csv(), chunked(utf8(`1,2\n${cell},2\n3,4\n`), 13), 20);
    expect(texts(records)).toEqual(['1,2', '', '3,4']);
    expect(records[1]?.status).toBe(Split.OVERSIZE);
  });
});

/** Bytes in chunks of `size`. */
function chunked(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, k) => bytes.slice(k * size, (k + 1) * size));
}

describe('chunk borders', () => {
  const document = '\ufeff姓名,"a""b"\r\n"x\r\n,y",😀\r1,2\n\n"",\r\n"long cell over the limit of records",z\r\n"end';

  it('do not matter: every split in two and in three gives the same records', () => {
    const bytes = utf8(document);
    for (const lines of [csv, jsonl]) {
      const whole = splitAll(lines(), [bytes], 24);
      for (let i = 0; i <= bytes.length; i++) {
        expect(splitAll(lines(), [bytes.slice(0, i), bytes.slice(i)], 24)).toEqual(whole);
        for (let j = i; j <= bytes.length; j += 3)
          if (
            JSON.stringify(splitAll(lines(), [bytes.slice(0, i), bytes.slice(i, j), bytes.slice(j)], 24)) !==
            JSON.stringify(whole)
          )
            expect([i, j]).toEqual('the same records');
      }
      for (let size = 1; size < 9; size++) expect(splitAll(lines(), chunked(bytes, size), 24)).toEqual(whole);
    }
  });

  it('do not matter for any text, with any limit', () => {
    const letters = fc.constantFrom('a', ',', '"', '\r', '\n', ' ', '张', '\ufeff');
    const property = fc.property(
      fc.array(letters, { maxLength: 60 }),
      fc.nat(20),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (parts, limit, size, isCsv) => {
        const bytes = utf8(parts.join(''));
        const lines = isCsv ? csv : jsonl;
        expect(splitAll(lines(), chunked(bytes, size), limit)).toEqual(splitAll(lines(), [bytes], limit));
      },
    );
    fc.assert(property, { numRuns: 3000 });
  });

  it('cover the file: going on at any "next" gives the rest of the records with the same offsets', () => {
    const bytes = utf8(document);
    const whole = splitAll(csv(), [bytes], 24);
    whole.forEach(({ next }, r) => {
      expect(splitAll(csv(), [bytes.slice(next)], 24, next)).toEqual(whole.slice(r + 1));
    });
  });
});
