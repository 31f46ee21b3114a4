import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asVeilError } from '../core/errors.js';
import { chooseJsonKernel, type MakeJsonKernel } from '../kernel/choose.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Plan } from '../policy/plan.js';

/** The module of a built program, and that of one which runs from the sources. */
const MODULES = ['../kernel/wasm/kernel.wasm', '../../.cache/kernel/kernel.wasm'].map(path =>
  join(import.meta.dirname, path),
);

let make: MakeJsonKernel | undefined;

/** A JSON kernel for a plan, of the kind that `VEIL_KERNEL` names. Throws USAGE, FILE_UNREADABLE. */
export function openJsonKernel(plan: Plan): Kernel {
  make ??= chooseJsonKernel(process.env.VEIL_KERNEL, readModule);
  return make(plan.scan);
}

function readModule(): Uint8Array {
  try {
    return readFileSync(MODULES.find(existsSync) ?? MODULES[0] ?? '');
  } catch (error) {
    const next = 'run "npm run build", or choose the other kernel with VEIL_KERNEL=typescript';
    throw asVeilError(error, 'FILE_UNREADABLE', { where: 'kernel.wasm', next });
  }
}
