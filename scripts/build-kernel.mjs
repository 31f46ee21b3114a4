/**
 * Compiles the WASM kernel from AssemblyScript. The same sources give the same bytes. Usage: node scripts/build-kernel.mjs, which
 * puts it where the built program looks for it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'src/kernel/wasm/assembly');
/** Files whose exports the host calls; they import the others. */
const ENTRIES = ['setup.ts', 'scan.ts', 'assemble.ts', 'values.ts'];
/** No allocator and no runtime: the host lays out memory. Nothing is asserted or named, so that a build depends on sources alone. */
const OPTIONS = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
  ...['--runtime', 'stub', '--noAssert', '--use', 'abort='],
  ...['--importMemory', '--enable', 'simd'],
];

/** Compiles the kernel and returns the module's bytes. Throws with the compiler's findings. */
export async function compileKernel() {
  let binary;
  const findings = asc.createMemoryStream();
  const { error } = await asc.main([...ENTRIES, '--outFile', 'kernel.wasm', ...OPTIONS], {
    stdout: findings,
    stderr: findings,
    readFile: name => readSource(name),
    writeFile: (_, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || !(binary instanceof Uint8Array))
    throw new Error(`the kernel does not compile:\n${findings.toString()}`);
  return binary;
}

function readSource(name) {
  try {
    return readFileSync(join(SOURCES, name), 'utf8');
  } catch {
    // The compiler asks for several spellings of a path.
    return null;
  }
}

/** Compiles the kernel into a file. Readers never see half of it. */
export async function buildKernel(file) {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}`;
  writeFileSync(part, await compileKernel());
  renameSync(part, file);
}

/** The kernel for programs that run from the sources: built into .cache when the sources have changed. Returns the file. */
export async function cachedKernel() {
  const file = join(ROOT, '.cache/kernel/kernel.wasm');
  const stamp = join(ROOT, '.cache/kernel/sources');
  const digest = sourcesDigest();
  if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return file;
  await buildKernel(file);
  writeFileSync(stamp, digest);
  return file;
}

/** Digest of everything that the module depends on. */
function sourcesDigest() {
  const hash = createHash('sha256')
    .update(asc.version)
    .update(JSON.stringify([ENTRIES, OPTIONS]));
  for (const name of readdirSync(SOURCES).sort()) hash.update(`${name}\0`).update(readFileSync(join(SOURCES, name)));
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildKernel(join(ROOT, 'dist/src/kernel/wasm/kernel.wasm'));
