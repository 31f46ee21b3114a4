import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Finding, importsOf, ROOT, type Rule, type Tree } from '../tree.js';

/** Entry of the worker program, whose reach must not hold anything that reveals. */
const WORKER = 'src/cli/main.ts';

const isDangerous = (path: string): boolean => posix.basename(path).startsWith('dangerous-');

/** Every file that can be loaded from `entry`, with the file that imports it. */
export function reachable(entry: string, textOf: (path: string) => string | undefined): Map<string, string> {
  const from = new Map([[entry, '']]);
  for (const path of from.keys()) {
    for (const { target } of importsOf(path, textOf(path) ?? '')) {
      if (target !== undefined && !from.has(target)) from.set(target, path);
    }
  }
  return from;
}

/** Text of a built file, or undefined when it does not exist. */
export function builtFile(path: string): string | undefined {
  const file = join(ROOT, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function check(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, importer] of reachable(WORKER, path => tree.get(path))) {
    if (isDangerous(path)) findings.push({ path: importer, line: 0, says: `${path} is reachable from ${WORKER}` });
  }
  return findings;
}

/** Promise 2: code that reveals is not reachable from the worker's entry. */
export const dangerous: Rule = {
  name: 'no dangerous file is reachable from the worker entry',
  check,
  bites: [
    {
      'src/cli/main.ts': "import './run.js';",
      'src/cli/run.ts': "await import('../vault/dangerous-open.js');",
      'src/vault/dangerous-open.ts': 'export {};',
    },
  ],
  spares: [
    {
      'src/cli/main.ts': "import './run.js';",
      'src/cli/run.ts': 'export {};',
      'src/desk/main.ts': "import '../vault/dangerous-open.js';",
      'src/vault/dangerous-open.ts': 'export {};',
    },
  ],
};

/** The same on built JavaScript; every path in the answer is dangerous. */
export function dangerousInBuild(entry: string): string[] {
  return [...reachable(entry, builtFile).keys()].filter(isDangerous);
}
