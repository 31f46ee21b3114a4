import { printSteps } from '../../core/field-path.js';
import type { CsvColumn } from '../csv-columns.js';
import type { CsvDialect } from '../csv-dialect.js';
import type { Kernel, ScanPlan } from '../kernel.js';
import { looksLikeData } from '../unlisted-names.js';
import { CsvAssembler } from './csv-assembler.js';
import { CsvScanner } from './csv-scanner.js';
import { undoubleQuotes } from './csv-text.js';
import { OwnSlab } from './own-slab.js';

/** The kernel for CSV rows (a record is one row without its line end), for columns as `matchCsvHeader` gives them. */
export function createCsvKernel(plan: ScanPlan, columns: readonly CsvColumn[], dialect: CsvDialect): Kernel {
  const scanner = new CsvScanner(columns, dialect, plan.unlisted === 'fault');
  const assembler = new CsvAssembler(dialect);
  const own = new OwnSlab();
  const unquote: Kernel['unescape'] = (batch, table, span, sink) => {
    const start = table.start[span] ?? 0;
    const end = table.end[span] ?? 0;
    const at = sink.reserve(end - start);
    sink.length = undoubleQuotes(batch.slab, start, end, sink.bytes, at, dialect.quote);
  };
  return {
    slab: size => own.slab(size),
    scan: (batch, table) => scanner.scan(batch, table),
    unescape: unquote,
    // A cell is never an object or array: its canonical text is its unescaped text.
    compact: unquote,
    assemble: (batch, table, results, skip, out) => assembler.assemble(batch, table, results, skip, out),
    get unlisted() {
      return unlistedCounts(columns, scanner.unlistedCells, plan.maxUnlistedNames);
    },
    wipe: () => own.wipe(),
  };
}

function unlistedCounts(
  columns: readonly CsvColumn[],
  cells: Float64Array,
  limit: number,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  columns.forEach(({ name }, column) => {
    const count = cells[column] ?? 0;
    if (count === 0) return;
    const isListed = counts.size < limit && !looksLikeData(name);
    const path = printSteps([isListed ? { step: 'member', name } : { step: 'any' }]);
    counts.set(path, (counts.get(path) ?? 0) + count);
  });
  return counts;
}
