import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../..');
const OPTIONS = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };

/** Folder of what is compiled: shared by the test processes of one run. */
const OUTPUT = join(process.env.VEIL_TEST_RUN_DIR ?? mkdtempSync(join(tmpdir(), 'veil-compiled-')), 'compiled');

/** What is not compiled: packages, and the WASM kernel that the global set-up has built. */
const LINKED = ['node_modules', '.cache'];

/**
 * JavaScript of a TypeScript file of this project and of everything it imports, as the sources stand now. Compiled file by file, as
 * `isolatedModules` allows, and once in a run. Returns the path of the entry.
 */
export function compiled(entry: string): string {
  mkdirSync(OUTPUT, { recursive: true });
  writeOnce(join(OUTPUT, 'package.json'), '{ "type": "module" }');
  for (const folder of LINKED) if (!existsSync(join(OUTPUT, folder))) link(folder);
  const waiting = [resolve(ROOT, entry)];
  const seen = new Set(waiting);
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    const text = compileFile(source);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const imported = resolve(dirname(source), fileName.replace(/\.js$/, '.ts'));
      if (!seen.has(imported)) waiting.push(imported);
      seen.add(imported);
    }
  }
  return outputOf(resolve(ROOT, entry));
}

function outputOf(source: string): string {
  return join(OUTPUT, relative(ROOT, source).replace(/\.ts$/, '.js'));
}

function compileFile(source: string): string {
  const target = outputOf(source);
  if (existsSync(target)) return readFileSync(target, 'utf8');
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions: OPTIONS });
  mkdirSync(dirname(target), { recursive: true });
  writeOnce(target, outputText);
  return outputText;
}

/** Whole or not at all: another test process may read it at once. */
function writeOnce(target: string, text: string): void {
  const temporary = `${target}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, text);
  renameSync(temporary, target);
}

function link(folder: string): void {
  try {
    symlinkSync(join(ROOT, folder), join(OUTPUT, folder));
  } catch (error) {
    if (!existsSync(join(OUTPUT, folder))) throw error;
  }
}
