import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = process.env.VEIL_VECTORS ?? resolve(import.meta.dirname, '../../../shared/vectors');

/**
 * Path inside a pack of external known answers (written by outsiders, never copied into the project).
 * Throws when the pack is absent: a test that could not run has proven nothing.
 */
export function vectorPath(pack: string, ...parts: readonly string[]): string {
  const path = join(ROOT, pack, ...parts);
  if (!existsSync(path)) throw new Error(`NOT PROVEN: vector pack "${pack}" is absent; set VEIL_VECTORS to its folder`);
  return path;
}
