/** A linear memory. */
export interface LinearMemory {
  /** Detached and replaced when the memory grows. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A compiled module. */
export interface WasmModule {
  readonly [opaque]: true;
}

declare const opaque: unique symbol;

/** The part of the WebAssembly JavaScript interface that the kernel uses; TypeScript declares it for browsers only. */
interface WebAssemblyApi {
  readonly Memory: new (size: { readonly initial: number }) => LinearMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
}

/** WebAssembly of this engine. */
export const webAssembly: WebAssemblyApi = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
  .WebAssembly;

/** Bytes of a page of linear memory. */
export const PAGE_BYTES = 65_536;

/** What the kernel's module exports (src/kernel/wasm/assembly/setup.ts, scan.ts, assemble.ts, values.ts); numbers are addresses or counts. */
export interface KernelExports {
  setPlan(table: number, nodes: number, limit: number, namesLength: number, shapes: number): void;
  setRules(maxDepth: number, maxMembers: number, faultUnlisted: number): void;
  setBatch(table: number): void;
  setResults(table: number): void;
  trieRowsInUse(): number;
  scan(count: number, room: number): void;
  scannedSpans(): number;
  scannedOps(): number;
  scannedExtra(): number;
  assemble(count: number): number;
  unescapeSpan(start: number, end: number, target: number): number;
  compactSpan(start: number, end: number, target: number, room: number): number;
}
