import { textOf } from '../../core/bytes.js';
import type { ScanPlan } from '../kernel.js';
import { ScanTrie } from '../scan-trie.js';
import { countsByPath, looksLikeData } from '../unlisted-names.js';
import { type BatchSizes, type BatchViews, batchTable, batchViews, resultTable } from './batch-arenas.js';
import { MemoryLayout } from './memory-layout.js';
import { MORE_SHAPES, type PlanArenas, planArenas, planTable, readRow, writeTrie } from './plan-arenas.js';
import { type KernelExports, type LinearMemory, type WasmModule, webAssembly } from './web-assembly.js';

/** Addresses are handed over here; the module keeps nothing at low addresses itself. */
const TABLE = 1024;
const TABLE_BYTES = 256;

/** An instance of the kernel's module with its linear memory, laid out for one plan. */
export class JsonMemory {
  readonly calls: KernelExports;
  views: BatchViews;
  readonly #memory: LinearMemory = new webAssembly.Memory({ initial: 1 });
  readonly #trie: ScanTrie;
  readonly #arenas: PlanArenas;
  readonly #batchFrom: number;
  #sizes: BatchSizes = { slab: 0, records: 0, rows: 0, results: 0, output: 0 };

  /** Throws PATH_OVERLAP or PATH_DUPLICATE when rules of the plan contradict. */
  constructor(module: WasmModule, plan: ScanPlan) {
    const trie = new ScanTrie(plan);
    const layout = new MemoryLayout(TABLE + TABLE_BYTES);
    this.#trie = trie;
    this.#arenas = planArenas(layout, trie, plan);
    this.#batchFrom = layout.end;
    layout.fit(this.#memory);
    writeTrie(new DataView(this.#memory.buffer), this.#arenas, trie);
    const mayRemember = (start: number, size: number): number =>
      Number(!looksLikeData(this.#text(start, start + size)));
    const imports = { env: { memory: this.#memory }, host: { mayRemember } };
    this.calls = new webAssembly.Instance(module, imports).exports as KernelExports;
    this.#hand(planTable(this.#arenas));
    this.calls.setPlan(TABLE, trie.action.length, plan.maxUnlistedNames, trie.names.length, MORE_SHAPES);
    this.calls.setRules(plan.maxDepth, plan.maxMembers, plan.unlisted === 'fault' ? 1 : 0);
    this.views = this.#lay({ slab: 4096, records: 64, rows: 4096, results: 4096, output: 8192 });
  }

  /** True when `bytes` is the slab. */
  isSlab(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#memory.buffer && bytes.byteOffset === this.views.slab.byteOffset;
  }

  /** True when `bytes` lies in this memory. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#memory.buffer;
  }

  /**
   * Makes the arenas at least as large as `needed`. What lies in the slab, and what was scanned, stays when only later sizes grow; all
   * views are made anew then, and older ones are detached when the memory itself grew.
   */
  makeRoom(needed: Partial<BatchSizes>): void {
    const old = this.#sizes;
    const larger = (name: keyof BatchSizes): number => Math.max(old[name], needed[name] ?? 0);
    const [slab, records, rows] = [larger('slab'), larger('records'), larger('rows')];
    const [results, output] = [larger('results'), larger('output')];
    const isEnough = slab === old.slab && records === old.records && rows === old.rows;
    if (isEnough && results === old.results && output === old.output) return;
    this.views = this.#lay({ slab, records, rows, results, output });
  }

  /** Unlisted members and values seen so far, by path. */
  unlisted(): ReadonlyMap<string, number> {
    const { nameCounts, valueCounts, otherCounts } = this.#arenas;
    const nodes = this.#trie.action.length;
    const remembered = this.calls.trieRowsInUse() - nodes;
    const { buffer } = this.#memory;
    const counts = new Float64Array(buffer, nameCounts, remembered);
    const view = new DataView(buffer);
    const named = Array.from(counts, (count, i) => {
      const { node, start, end } = readRow(view, this.#arenas, nodes + i);
      return { node, name: this.#text(start, end), count };
    });
    const values = new Float64Array(buffer, valueCounts, nodes);
    return countsByPath(this.#trie, named, values, new Float64Array(buffer, otherCounts, nodes));
  }

  /** Overwrites what is known about the order of members: their names may be data. */
  wipeNames(): void {
    new Uint8Array(this.#memory.buffer, this.#arenas.orders, this.#arenas.orderBytes).fill(0);
  }

  #lay(sizes: BatchSizes): BatchViews {
    const views = batchViews(this.#memory, this.#batchFrom, sizes);
    this.#sizes = sizes;
    this.#hand(batchTable(views));
    this.calls.setBatch(TABLE);
    this.#hand(resultTable(views));
    this.calls.setResults(TABLE);
    return views;
  }

  #hand(numbers: readonly number[]): void {
    new Uint32Array(this.#memory.buffer, TABLE, numbers.length).set(numbers);
  }

  #text(start: number, end: number): string {
    return textOf(new Uint8Array(this.#memory.buffer), start, end);
  }
}
