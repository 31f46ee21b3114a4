import { concatBytes, utf8 } from '../../src/core/bytes.js';
import { parseFieldPath } from '../../src/core/field-path.js';
import { Shape, Token } from '../../src/core/token.js';
import type { Assembled, Kernel, RecordBatch, ScanPlan, ScanRule, SpanResults } from '../../src/kernel/kernel.js';
import { Fault, SpanTable } from '../../src/kernel/span-table.js';
import { createJsonKernel } from '../../src/kernel/typescript/json-kernel.js';

/** Rules by path: `copy`, `omit`, `capture`, or `look` (captured, not written). Fields are numbered in this order. */
export type RuleWords = Readonly<Record<string, 'copy' | 'omit' | 'capture' | 'look'>>;

/** A scan plan from words. */
export function planOf(words: RuleWords, more: Partial<ScanPlan> = {}): ScanPlan {
  const rules = Object.entries(words).map(
    ([path, word], field): ScanRule => ({
      path: parseFieldPath(path),
      action: word === 'look' ? 'capture' : word,
      field,
      output: word !== 'look' && word !== 'omit',
    }),
  );
  return { rules, unlisted: 'omit', maxDepth: 64, maxMembers: 100_000, maxUnlistedNames: 1000, ...more };
}

/** Lays records end to end, with junk around each that no scanner may read. */
export function batchOf(records: readonly Uint8Array[]): RecordBatch {
  const junk = utf8('}"\\9]');
  const starts = new Uint32Array(records.length);
  const ends = new Uint32Array(records.length);
  const parts: Uint8Array[] = [junk];
  let at = junk.length;
  records.forEach((record, r) => {
    starts[r] = at;
    ends[r] = at + record.length;
    parts.push(record, junk);
    at += record.length + junk.length;
  });
  return { slab: concatBytes(...parts), starts, ends, count: records.length };
}

/** A captured span as text. */
export interface Seen {
  readonly record: number;
  readonly field: number;
  readonly token: number;
  readonly text: string;
}

/** A growing byte sink. */
export class TestSink {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;

  reserve(size: number): number {
    this.bytes = concatBytes(this.bytes.subarray(0, this.length), new Uint8Array(size));
    return this.length;
  }

  /** What was appended since `from`. */
  text(from: number): string {
    return Buffer.from(this.bytes.subarray(from, this.length)).toString();
  }
}

/** What a transform stand-in answers for one span: text, or a literal, or null, or omit. */
export type Answer = { readonly shape: Shape; readonly text?: string };

/** What came out of one run. */
export interface Ran {
  readonly faults: readonly number[];
  /** Output text of each record; undefined when it has a fault. */
  readonly out: readonly (string | undefined)[];
  readonly spans: readonly Seen[];
}

/** Scans, answers each span and assembles. Default answer: the value itself. */
export function run(kernel: Kernel, records: readonly Uint8Array[], answer: (seen: Seen) => Answer = itself): Ran {
  const batch = batchOf(records);
  const table = new SpanTable();
  kernel.scan(batch, table);
  const spans = Array.from({ length: table.spans }, (_, span) => see(kernel, batch, table, span));
  const results = resultsOf(spans.map(answer));
  const out: Assembled = {
    bytes: new Uint8Array(4),
    length: 0,
    starts: new Uint32Array(batch.count),
    ends: new Uint32Array(batch.count),
  };
  const faults = [...table.fault.subarray(0, batch.count)];
  kernel.assemble(
    batch,
    table,
    results,
    Uint8Array.from(faults, fault => Number(fault !== Fault.NONE)),
    out,
  );
  const text = (r: number): string => Buffer.from(out.bytes.subarray(out.starts[r], out.ends[r])).toString();
  return { faults, spans, out: faults.map((fault, r) => (fault === Fault.NONE ? text(r) : undefined)) };
}

/** One JSON text through a fresh kernel. */
export function runText(
  words: RuleWords,
  text: string,
  answer?: (seen: Seen) => Answer,
  more?: Partial<ScanPlan>,
): string {
  const { out, faults } = run(createJsonKernel(planOf(words, more)), [utf8(text)], answer);
  return out[0] ?? `fault ${faults[0]}`;
}

/** The answer that changes nothing but spelling. */
export function itself({ token, text }: Seen): Answer {
  if (token === Token.STRING) return { shape: Shape.TEXT, text };
  return token === Token.NULL ? { shape: Shape.NULL } : { shape: Shape.RAW, text };
}

function see(kernel: Kernel, batch: RecordBatch, table: SpanTable, span: number): Seen {
  const token = table.token[span] ?? 0;
  const sink = new TestSink();
  let text = Buffer.from(batch.slab.subarray(table.start[span], table.end[span])).toString();
  if (token === Token.OBJECT || token === Token.ARRAY) kernel.compact(batch, table, span, sink);
  else if (table.escaped[span] === 1) kernel.unescape(batch, table, span, sink);
  if (token === Token.OBJECT || token === Token.ARRAY || table.escaped[span] === 1) text = sink.text(0);
  return { record: table.record[span] ?? 0, field: table.field[span] ?? 0, token, text };
}

function resultsOf(answers: readonly Answer[]): SpanResults {
  const texts = answers.map(({ text }) => utf8(text ?? ''));
  const starts = new Uint32Array(answers.length);
  const ends = new Uint32Array(answers.length);
  let at = 0;
  texts.forEach((text, span) => {
    starts[span] = at;
    at += text.length;
    ends[span] = at;
  });
  return { bytes: concatBytes(...texts), starts, ends, shapes: Uint8Array.from(answers, ({ shape }) => shape) };
}
