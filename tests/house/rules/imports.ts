import ts from 'typescript';
import { eachNode, type Finding, importsOf, isProduct, isSource, type Rule, type Tree } from '../tree.js';

/** DESIGN section 8, bottom first. A file may import its own layer and the layers before it. */
const LAYERS = [
  ['core'],
  ['kinds'],
  ['transform'],
  ['kernel'],
  ['crypto'],
  ['keys'],
  ['transforms'],
  ['vault'],
  ['policy'],
  ['pipeline'],
  ['replay'],
  ['retention'],
  ['erasure'],
  ['audit'],
  ['adapters'],
  ['entry'],
  ['cli'],
  // The second program shares the command line of the first; the first never reaches the second.
  ['desk'],
] as const;

const HEIGHT = new Map<string, number>(LAYERS.flatMap((names, height) => names.map(name => [name, height] as const)));

/** The layer of a product file; `entry` is the library's entry, directly under src. */
export function layerOf(path: string): string | undefined {
  if (path.startsWith('transforms/')) return 'transforms';
  const parts = path.split('/');
  if (parts[0] !== 'src') return undefined;
  return parts.length === 2 ? 'entry' : parts[1];
}

function checkLayers(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!isProduct(path)) continue;
    const from = layerOf(path) ?? '';
    const height = HEIGHT.get(from);
    if (height === undefined) {
      findings.push({ path, line: 0, says: `the folder "${from}" is not a layer` });
      continue;
    }
    for (const { target, line } of importsOf(path, text)) {
      if (target === undefined) continue;
      const to = layerOf(target) ?? 'outside';
      const reach = HEIGHT.get(to) ?? Number.POSITIVE_INFINITY;
      if (reach > height || (reach === height && to !== from)) {
        findings.push({ path, line, says: `${from} may not import ${to} (${target})` });
      }
    }
  }
  return findings;
}

/** Imports point downwards. */
export const layers: Rule = {
  name: 'imports point downwards',
  check: checkLayers,
  bites: [
    { 'src/core/a.ts': "import { b } from '../policy/b.js';" },
    { 'src/cli/main.ts': "import { b } from '../desk/b.js';" },
    { 'src/core/a.ts': "const b = await import('../keys/b.js');" },
    { 'src/core/a.ts': "export type A = import('../keys/b.js').B;" },
    { 'src/policy/a.ts': "import { b } from '../../scripts/b.js';" },
    { 'src/keys/a.ts': "import { b } from '../../transforms/b.js';" },
    { 'src/helpers/a.ts': 'export const a = 1;' },
  ],
  spares: [{ 'src/cli/main.ts': "import { b } from '../policy/b.js'; import { c } from '../veilstream.js';" }],
};

function checkCycles(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      findings.push({ path, line: 0, says: `cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}` });
      return;
    }
    state.set(path, 'open');
    const text = tree.get(path) ?? '';
    for (const { target } of importsOf(path, text)) {
      if (target !== undefined && tree.has(target)) visit(target, [...trail, path]);
    }
    state.set(path, 'done');
  };
  for (const path of tree.keys()) if (isSource(path)) visit(path, []);
  return findings;
}

/** No import cycles, type imports included. */
export const cycles: Rule = {
  name: 'no import cycles',
  check: checkCycles,
  bites: [
    { 'src/core/a.ts': "import './b.js';", 'src/core/b.ts': "import './c.js';", 'src/core/c.ts': "import './a.js';" },
    { 'src/core/a.ts': "import type { B } from './b.js';", 'src/core/b.ts': "import type { A } from './a.js';" },
  ],
  spares: [
    {
      'src/core/a.ts': "import './b.js'; import './c.js';",
      'src/core/b.ts': "import './c.js';",
      'src/core/c.ts': 'export {};',
    },
  ],
};

/** The one file that may pass on what others export: the library's entry. */
const PUBLIC_ENTRY = 'src/veilstream.ts';

/** No barrels: every import names the file that defines the thing. */
export const barrels: Rule = {
  name: 'no file passes on the exports of another',
  check: tree =>
    eachNode(
      tree,
      path => isSource(path) && path !== PUBLIC_ENTRY,
      node =>
        ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined
          ? 'import from the defining file'
          : undefined,
    ),
  bites: [{ 'src/core/index.ts': "export * from './a.js';" }, { 'src/core/x.ts': "export { a } from './a.js';" }],
  spares: [{ 'src/kinds/index.ts': "import { a } from './a.js'; export const ALL = [a];" }],
};
