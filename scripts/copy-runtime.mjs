/**
 * Copies what the worker runs into a folder: built product, configs, and production packages without sources and build trees
 * (node-rdkafka's alone are 500 MB). The desk and every file that reveals stay out: the worker's image cannot open anything.
 * Used by the Dockerfile. Usage: node scripts/copy-runtime.mjs FOLDER
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, say } from './steps.mjs';

/** Native packages: their JavaScript, their compiled module, and the libraries it loads from beside itself. */
const NATIVE = {
  'node_modules/node-rdkafka': [
    'package.json',
    'librdkafka.js',
    'lib',
    'build/Release/node-librdkafka.node',
    'build/deps/librdkafka.so.1',
    'build/deps/librdkafka++.so.1',
  ],
  'node_modules/better-sqlite3': ['package.json', 'lib', 'build/Release/better_sqlite3.node'],
};

const PRODUCT = ['package.json', 'LICENSE', 'NOTICE', 'dist/src', 'dist/transforms', 'configs', 'veil.schema.json'];

const reveals = path => /[/\\]dist[/\\]src[/\\](desk$|.*[/\\]dangerous-)/.test(path);

function copy(path, folder) {
  if (!existsSync(join(ROOT, path))) throw new Error(`${path} is missing: run npm ci and npm run build first`);
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(join(ROOT, path), join(folder, path), { recursive: true, dereference: true, filter: from => !reveals(from) });
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/copy-runtime.mjs FOLDER');
if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error('the folder is not empty');
for (const path of PRODUCT) copy(path, folder);
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
for (const [path, entry] of Object.entries(packages)) {
  if (path === '' || entry.dev === true || entry.devOptional === true || !existsSync(join(ROOT, path))) continue;
  for (const part of NATIVE[path] ?? ['']) copy(join(path, part), folder);
}
say(`copied to ${folder}`);
