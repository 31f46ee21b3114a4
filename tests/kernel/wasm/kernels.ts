import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel, ScanPlan } from '../../../src/kernel/kernel.js';
import { createJsonKernel } from '../../../src/kernel/typescript/json-kernel.js';
import { WasmJsonKernel } from '../../../src/kernel/wasm/json-kernel.js';
import { webAssembly } from '../../../src/kernel/wasm/web-assembly.js';

/** The module that the global set-up has built. */
export const kernelModule = new webAssembly.Module(
  readFileSync(join(import.meta.dirname, '../../../.cache/kernel/kernel.wasm')),
);

/** Both kernels for one plan: the reference, and the one that must do the same. */
export function bothKernels(plan: ScanPlan): readonly [Kernel, Kernel] {
  return [createJsonKernel(plan), new WasmJsonKernel(kernelModule, plan)];
}
