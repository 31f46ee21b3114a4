import ts from 'typescript';
import { eachNode, type Finding, importsOf, isProduct, type Rule, type Tree } from '../tree.js';
import { layerOf } from './imports.js';

/** Layers that do no I/O and read no clock, with the modules of Node they may use. */
const PURE: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', ['node:util', 'node:buffer']],
  ['kinds', ['node:buffer']],
  ['transform', []],
  ['kernel', ['node:buffer']],
  ['crypto', ['node:crypto', 'node:buffer']],
  ['transforms', ['node:buffer']],
]);

const isPure = (path: string): boolean => isProduct(path) && PURE.has(layerOf(path) ?? '');

function checkModules(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!isPure(path)) continue;
    const layer = layerOf(path) ?? '';
    for (const { specifier, line } of importsOf(path, text)) {
      if (specifier.startsWith('node:') && !PURE.get(layer)?.includes(specifier)) {
        findings.push({ path, line, says: `${layer} may not import ${specifier}` });
      }
    }
  }
  return findings;
}

const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID']);
const IMPURE_NAMES = new Set([
  'process',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

function impure(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && IMPURE_MEMBERS.has(node.getText())) return node.getText();
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0) {
    return 'new Date() reads the clock';
  }
  const used = ts.isCallExpression(node) || ts.isPropertyAccessExpression(node) ? node.expression : undefined;
  return used !== undefined && ts.isIdentifier(used) && IMPURE_NAMES.has(used.text)
    ? `${used.text} is used`
    : undefined;
}

/** Time, chance and I/O come in through ports (src/core/ports.ts). */
export const purity: Rule = {
  name: 'pure layers do no I/O and read no clock',
  check: tree => [...checkModules(tree), ...eachNode(tree, isPure, impure)],
  bites: [
    { 'src/kernel/a.ts': "import { readFileSync } from 'node:fs';" },
    { 'transforms/a.ts': "import { randomBytes } from 'node:crypto';" },
    { 'src/kinds/a.ts': 'const now = Date.now();' },
    { 'src/kinds/a.ts': 'const year = new Date().getFullYear();' },
    { 'transforms/a.ts': 'const x = Math.random();' },
    { 'src/crypto/a.ts': 'const on = process.env.DEBUG;' },
    { 'src/core/a.ts': 'setTimeout(f, 1);' },
  ],
  spares: [
    { 'src/crypto/a.ts': "import { createCipheriv } from 'node:crypto'; const d = new Date(0); clock.now();" },
    { 'src/adapters/a.ts': "import { readFileSync } from 'node:fs'; Date.now();" },
  ],
};
