/**
 * Where everything lies in linear memory. The host lays the arenas out (src/kernel/wasm/memory-layout.ts) and passes their
 * addresses in the order of this file. Reads and writes may run past the end of an arena by less than 64 bytes: the host leaves
 * that much room behind each one.
 */
export let trieRows: usize = 0;
/** Open addressing over rows of the trie and of unlisted names: row number, 0 = free. */
export let slots: usize = 0;
/** Largest slot number. */
export let slotMask: u32 = 0;
/** Bytes of all names that `trieRows` refer to. */
export let names: usize = 0;
/** Counts (f64) of unlisted members by row, of other unlisted members by node, of values without a rule by node. */
export let nameCounts: usize = 0;
export let otherCounts: usize = 0;
export let valueCounts: usize = 0;
/** Known member orders: see member-order.ts. */
export let orderRows: usize = 0;
export let orderHeads: usize = 0;
/** Saved levels of the scanner. */
export let frames: usize = 0;
/** Two tables of member names, each of `nameTableRows` rows. */
export let nameTables: usize = 0;
export let nameTableRows: u32 = 0;
/** Records of the batch. */
export let slab: usize = 0;
/** Canonical bytes of member names that were written with escapes, and strings while they are respelled. */
export let unescaped: usize = 0;
/** Names that the scanner spelled itself (`SpanTable.extra`). */
export let extra: usize = 0;
/** u32 by record. */
export let recordStarts: usize = 0;
export let recordEnds: usize = 0;
/** `SpanTable.opStart` (u32) and `SpanTable.fault` (u8). */
export let opStarts: usize = 0;
export let faults: usize = 0;
/** Columns of spans: u32, u32, u16, u32, u8, u8. */
export let spanStarts: usize = 0;
export let spanEnds: usize = 0;
export let spanFields: usize = 0;
export let spanRecords: usize = 0;
export let spanTokens: usize = 0;
export let spanEscaped: usize = 0;
/** Columns of ops: u8, u32, u32. */
export let opCodes: usize = 0;
export let opFirsts: usize = 0;
export let opSeconds: usize = 0;
/** Results by span: u32, u32, u8; and their bytes. */
export let resultStarts: usize = 0;
export let resultEnds: usize = 0;
export let resultShapes: usize = 0;
export let results: usize = 0;
/** Records to leave out when assembling (u8), and where the others lie in `output` (u32). */
export let skips: usize = 0;
export let outStarts: usize = 0;
export let outEnds: usize = 0;
export let output: usize = 0;

/** Takes over the addresses of the arenas that live as long as the kernel: `table` holds one u32 for each. */
export function placePlan(table: usize): void {
  trieRows = load<u32>(table);
  slots = load<u32>(table, 4);
  slotMask = load<u32>(table, 8);
  names = load<u32>(table, 12);
  nameCounts = load<u32>(table, 16);
  otherCounts = load<u32>(table, 20);
  valueCounts = load<u32>(table, 24);
  orderRows = load<u32>(table, 28);
  orderHeads = load<u32>(table, 32);
  frames = load<u32>(table, 36);
  nameTables = load<u32>(table, 40);
  nameTableRows = load<u32>(table, 44);
}

/** Takes over the addresses of the arenas that hold a batch. */
export function placeBatch(table: usize): void {
  slab = load<u32>(table);
  unescaped = load<u32>(table, 4);
  extra = load<u32>(table, 8);
  recordStarts = load<u32>(table, 12);
  recordEnds = load<u32>(table, 16);
  opStarts = load<u32>(table, 20);
  faults = load<u32>(table, 24);
  spanStarts = load<u32>(table, 28);
  spanEnds = load<u32>(table, 32);
  spanFields = load<u32>(table, 36);
  spanRecords = load<u32>(table, 40);
  spanTokens = load<u32>(table, 44);
  spanEscaped = load<u32>(table, 48);
  opCodes = load<u32>(table, 52);
  opFirsts = load<u32>(table, 56);
  opSeconds = load<u32>(table, 60);
}

/** Takes over the addresses of the arenas that assembling needs. */
export function placeResults(table: usize): void {
  resultStarts = load<u32>(table);
  resultEnds = load<u32>(table, 4);
  resultShapes = load<u32>(table, 8);
  results = load<u32>(table, 12);
  skips = load<u32>(table, 16);
  outStarts = load<u32>(table, 20);
  outEnds = load<u32>(table, 24);
  output = load<u32>(table, 28);
}
