import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.js';
import { Shape } from '../../../src/core/token.js';
import { chooseJsonKernel } from '../../../src/kernel/choose.js';
import type { Assembled, Kernel, RecordBatch } from '../../../src/kernel/kernel.js';
import { SpanTable } from '../../../src/kernel/span-table.js';
import { WasmJsonKernel } from '../../../src/kernel/wasm/json-kernel.js';
import { planOf, run } from '../scan-harness.js';
import { bothKernels, kernelModule } from './kernels.js';

const plan = planOf({ id: 'copy', phone: 'capture' });
const record = (size: number): Uint8Array => utf8(`{"id":1,"phone":"${'8'.repeat(size)}"}`);

/** Lays records into the kernel's own slab. */
function load(kernel: Kernel, records: readonly Uint8Array[], size: number): RecordBatch {
  const slab = kernel.slab(size);
  const [starts, ends] = [new Uint32Array(records.length), new Uint32Array(records.length)];
  let at = 0;
  records.forEach((bytes, r) => {
    slab.set(bytes, at);
    starts[r] = at;
    at += bytes.length;
    ends[r] = at;
  });
  return { slab, starts, ends, count: records.length };
}

/** Scans and assembles with the result `x` for each span; returns the output text and the memory that held it. */
function pass(kernel: Kernel, batch: RecordBatch, result = utf8('x')): { text: string; memory: ArrayBufferLike } {
  const table = new SpanTable();
  kernel.scan(batch, table);
  const ends = new Uint32Array(table.spans).fill(result.length);
  const shapes = new Uint8Array(table.spans).fill(Shape.TEXT);
  const places = { starts: new Uint32Array(batch.count), ends: new Uint32Array(batch.count) };
  const out: Assembled = { bytes: new Uint8Array(0), length: 0, ...places };
  kernel.assemble(
    batch,
    table,
    { bytes: result, starts: new Uint32Array(table.spans), ends, shapes },
    new Uint8Array(batch.count),
    out,
  );
  return { text: Buffer.from(out.bytes.subarray(0, out.length)).toString(), memory: out.bytes.buffer };
}

describe('linear memory', () => {
  it('does not grow while batches fit half of the slab', () => {
    const kernel = new WasmJsonKernel(kernelModule, plan);
    const first = pass(kernel, load(kernel, [record(11)], 1 << 16)).memory;
    for (const count of [1, 700, 1, 900]) {
      const records = Array.from({ length: count }, () => record(7));
      const { text, memory } = pass(kernel, load(kernel, records, 1 << 16));
      expect(text).toBe('{"id":1,"phone":"x"}'.repeat(count));
      if (count === 1) expect(memory).toBe(first);
    }
  });

  it('grows for a batch beyond all earlier ones, and what was given out stays true', () => {
    const kernel = new WasmJsonKernel(kernelModule, plan);
    pass(kernel, load(kernel, [record(11)], 4096));
    const large = load(kernel, [record(3_000_000), record(5)], 8_000_000);
    expect(pass(kernel, large).text).toBe('{"id":1,"phone":"x"}{"id":1,"phone":"x"}');
    const wide = utf8('\u0001'.repeat(4_000_000));
    const { text } = pass(kernel, large, wide);
    expect(text.length).toBe(2 * ('{"id":1,"phone":""}'.length + 6 * wide.length));
    expect(pass(kernel, { ...large, slab: large.slab }).text).toBe('{"id":1,"phone":"x"}{"id":1,"phone":"x"}');
  });

  it('holds nothing of a record after wiping', () => {
    const kernel = new WasmJsonKernel(kernelModule, planOf({ id: 'copy', phone: 'capture', '*': 'capture' }));
    const canary = 'canary-13800138000';
    const text = `{"id":"${canary}","phone":"${canary}\\n","${canary}":1,"\\u0063${canary}":{"${canary}":"${canary}"}}`;
    const { memory } = pass(kernel, load(kernel, [utf8(text)], 4096), utf8(canary));
    expect(Buffer.from(memory).includes(canary)).toBe(true);
    kernel.wipe();
    expect(Buffer.from(memory).includes(canary)).toBe(false);
  });

  it('keeps outer spans that a caller adds', () => {
    const kernel = new WasmJsonKernel(kernelModule, plan);
    const batch = load(kernel, [record(3)], 4096);
    const table = new SpanTable();
    kernel.scan(batch, table);
    for (let k = 0; k < 20_000; k++) table.addSpan(0, 9, k, k + 1, 1, 0);
    expect([table.spans, table.field[0], table.field[20_000], table.end[20_000]]).toEqual([20_001, 1, 9, 20_000]);
  });
});

describe('many members', () => {
  it('finds the duplicate among 60000 names, in both kernels', () => {
    const names = Array.from({ length: 60_000 }, (_, i) => `"n${i}":1`);
    for (const kernel of bothKernels(plan)) {
      expect(run(kernel, [utf8(`{${names.join(',')}}`)]).faults).toEqual([0]);
      expect(run(kernel, [utf8(`{${names.join(',')},"n59999":1}`)]).faults).toEqual([2]);
    }
  });
});

describe('the choice of a kernel', () => {
  const readModule = (): Uint8Array => {
    throw new Error('read');
  };

  it('needs the module only for the WASM kernel, which is the default', () => {
    expect(chooseJsonKernel('typescript', readModule)(plan)).not.toBeInstanceOf(WasmJsonKernel);
    for (const word of [undefined, 'wasm']) expect(() => chooseJsonKernel(word, readModule)).toThrow('read');
  });

  it('refuses other words', () => {
    for (const word of ['', 'WASM', 'native'])
      expect(() => chooseJsonKernel(word, readModule)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
