import { VeilError } from '../core/errors.js';
import type { Kernel, ScanPlan } from './kernel.js';
import { createJsonKernel } from './typescript/json-kernel.js';
import { WasmJsonKernel } from './wasm/json-kernel.js';
import { webAssembly } from './wasm/web-assembly.js';

/** Makes a kernel for JSON records. Throws PATH_OVERLAP or PATH_DUPLICATE when rules of the plan contradict. */
export type MakeJsonKernel = (plan: ScanPlan) => Kernel;

/**
 * The kernel that `VEIL_KERNEL` names: `typescript` or `wasm`, which is also the default. `readModule` gives the bytes of the WASM
 * kernel's module when they are needed. Throws USAGE for another word, and what `readModule` throws.
 */
export function chooseJsonKernel(word: string | undefined, readModule: () => Uint8Array): MakeJsonKernel {
  if (word === 'typescript') return createJsonKernel;
  if (word !== undefined && word !== 'wasm')
    throw new VeilError('USAGE', { where: 'VEIL_KERNEL', expected: '"wasm" or "typescript"' });
  const module = new webAssembly.Module(readModule());
  return plan => new WasmJsonKernel(module, plan);
}
