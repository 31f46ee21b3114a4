import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Calls that change the disk. */
const CALLS = ['openSync', 'writeSync', 'writeFileSync', 'fsyncSync', 'ftruncateSync', 'renameSync', 'rmSync'] as const;

/** Stands for the end of a process; nothing of the product may take it for something else. */
export class ProcessKilled extends Error {}

/**
 * Counts the calls of this process that change the disk, and lets one of them fail. As a kill, that call writes half of its bytes and
 * every call after it does nothing: what is on the disk is what a killed process leaves. As an error, only that call fails.
 */
export class FailingDisk {
  calls = 0;
  readonly #at: number;
  readonly #failure: 'kill' | 'ENOSPC';
  readonly #originals = new Map(CALLS.map(name => [name, fs[name] as (...args: unknown[]) => unknown]));

  /** The call number `at` (from 1) fails; 0 = none. */
  constructor(at: number, failure: 'kill' | 'ENOSPC') {
    this.#at = at;
    this.#failure = failure;
    for (const name of CALLS) Object.assign(fs, { [name]: (...args: unknown[]): unknown => this.#call(name, args) });
    syncBuiltinESMExports();
  }

  /** Puts the disk right again. */
  repair(): void {
    Object.assign(fs, Object.fromEntries(this.#originals));
    syncBuiltinESMExports();
  }

  #call(name: (typeof CALLS)[number], args: readonly unknown[]): unknown {
    const original = this.#originals.get(name);
    if (name === 'openSync' && isForReading(args[1])) return original?.(...args);
    this.calls += 1;
    const isDead = this.#failure === 'kill' && this.#at > 0 && this.calls > this.#at;
    if (isDead) throw new ProcessKilled();
    if (this.calls !== this.#at) return original?.(...args);
    const [descriptor, bytes, from, length, position] = args;
    if (name === 'writeSync' && typeof length === 'number' && length > 1)
      original?.(descriptor, bytes, from, length >> 1, position);
    if (this.#failure === 'kill') throw new ProcessKilled();
    throw Object.assign(new Error('no space: 13800138000'), { code: 'ENOSPC' });
  }
}

function isForReading(flags: unknown): boolean {
  const { O_WRONLY, O_RDWR } = fs.constants;
  return typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR)) === 0 : flags === 'r' || flags === undefined;
}
