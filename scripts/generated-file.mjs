/** Writes a generated file, or with `--check` compares it with the one in the tree and exits 1 when it differs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * @param {string} path from the project's root
 * @param {readonly string[]} lines
 */
export function emit(path, lines) {
  const file = resolve(import.meta.dirname, '..', path);
  const text = lines.join('\n');
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    process.stdout.write(`${path}: written\n`);
    return;
  }
  const current = readFileSync(file, 'utf8') === text;
  process.stdout.write(`${path}: ${current ? 'up to date' : 'differs from its source'}\n`);
  process.exitCode = current ? 0 : 1;
}
