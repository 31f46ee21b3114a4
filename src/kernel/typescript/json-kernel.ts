import type { Kernel, ScanPlan } from '../kernel.js';
import { JsonAssembler } from './json-assembler.js';
import { compactJson } from './json-compact.js';
import { JsonScanner } from './json-scanner.js';
import { unescapeJson } from './json-text.js';
import { OwnSlab } from './own-slab.js';

/** The kernel for JSON records, in plain TypeScript. Throws PATH_OVERLAP or PATH_DUPLICATE when rules of the plan contradict. */
export function createJsonKernel(plan: ScanPlan): Kernel {
  const scanner = new JsonScanner(plan);
  const assembler = new JsonAssembler();
  const own = new OwnSlab();
  return {
    slab: size => own.slab(size),
    scan: (batch, table) => scanner.scan(batch, table),
    unescape(batch, table, span, sink) {
      const start = table.start[span] ?? 0;
      const end = table.end[span] ?? 0;
      const at = sink.reserve(end - start);
      sink.length = unescapeJson(batch.slab, start, end, sink.bytes, at);
    },
    compact(batch, table, span, sink) {
      const start = table.start[span] ?? 0;
      const end = table.end[span] ?? 0;
      const at = sink.reserve(end - start);
      sink.length = compactJson(batch.slab, start, end, sink.bytes, at);
    },
    assemble: (batch, table, results, skip, out) => assembler.assemble(batch, table, results, skip, out),
    get unlisted() {
      return scanner.unlisted.counts();
    },
    wipe: () => own.wipe(),
  };
}
