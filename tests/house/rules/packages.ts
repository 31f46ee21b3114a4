import { builtinModules } from 'node:module';
import { type Finding, importsOf, isProduct, type Rule, type Tree } from '../tree.js';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Manifest>>;
}

const DECISIONS = 'docs/decisions.md';

/** `@scope/name/file` is package `@scope/name`. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || builtinModules.includes(specifier))
    return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** First two cells of the rows of the table under a heading: `package`, `file`. */
function tableUnder(text: string, heading: string): (readonly [string, string])[] {
  const section = text.split(/^## /m).find(part => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)].map(row => [row[1] ?? '', row[2] ?? ''] as const);
}

function checkThirdParty(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  const allowed = tableUnder(tree.get(DECISIONS) ?? '', 'Third-party imports outside adapters');
  const home = new Map<string, string>();
  const used = new Set<string>();
  for (const [path, text] of tree) {
    if (!isProduct(path)) continue;
    for (const { specifier, line } of importsOf(path, text)) {
      const name = packageOf(specifier);
      if (name === undefined) continue;
      used.add(`${name} ${path}`);
      if (allowed.some(([allowedName, file]) => allowedName === name && file === path)) continue;
      if (!path.startsWith('src/adapters/')) {
        findings.push({ path, line, says: `${name} outside of src/adapters and not recorded in ${DECISIONS}` });
      } else if ((home.get(name) ?? path) !== path) {
        findings.push({ path, line, says: `${name} is imported by ${home.get(name)} already` });
      } else {
        home.set(name, path);
      }
    }
  }
  for (const [name, file] of allowed) {
    if (!used.has(`${name} ${file}`))
      findings.push({ path: DECISIONS, line: 0, says: `${file} does not import ${name}` });
  }
  return findings;
}

const exception =
  '## Third-party imports outside adapters\n\n| package | file | why |\n|---|---|---|\n| `yaml` | `src/policy/load.ts` | positions |\n';

/** A third-party package is wrapped once. */
export const thirdParty: Rule = {
  name: 'third-party packages are wrapped in one adapter file each',
  check: checkThirdParty,
  bites: [
    { 'src/policy/load.ts': "import { parse } from 'yaml';" },
    { 'src/adapters/a.ts': "import pg from 'pg';", 'src/adapters/b.ts': "import type { Pool } from 'pg';" },
    { [DECISIONS]: exception },
    { 'transforms/a.ts': "import { x } from '@scope/x/y.js';" },
  ],
  spares: [
    { [DECISIONS]: exception, 'src/policy/load.ts': "import { parse } from 'yaml'; import { join } from 'node:path';" },
    { 'src/adapters/a.ts': "import pg from 'pg';" },
  ],
};

const PINNED = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

function checkPins(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  const manifest = JSON.parse(tree.get('package.json') ?? '{}') as Partial<Manifest>;
  const lock = JSON.parse(tree.get('package-lock.json') ?? '{"packages":{}}') as Lock;
  const decisions = tree.get(DECISIONS) ?? '';
  const add = (path: string, says: string): void => {
    findings.push({ path, line: 0, says });
  };
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!PINNED.test(version)) add('package.json', `${name} is not pinned to one version`);
    if (lock.packages[`node_modules/${name}`]?.version !== version)
      add('package-lock.json', `${name} is not ${version}`);
    if (!decisions.includes(`- \`${name}\` ${version}: `)) add(DECISIONS, `no line "- \`${name}\` ${version}: reason"`);
  }
  const listed = [...decisions.matchAll(/^- `([^`]+)` \d[^:]*: /gm)].map(match => match[1] ?? '');
  for (const name of listed) {
    if (manifest.dependencies?.[name] === undefined && manifest.devDependencies?.[name] === undefined) {
      add(DECISIONS, `${name} is not a dependency`);
    }
  }
  return findings;
}

const locked = (version: string): string => JSON.stringify({ packages: { 'node_modules/a': { version } } });
const depends = (version: string): string => JSON.stringify({ dependencies: { a: version } });

/** One version of everything, with its reason. */
export const pins: Rule = {
  name: 'dependencies are pinned, locked and explained',
  check: checkPins,
  bites: [
    { 'package.json': depends('^1.0.0'), 'package-lock.json': locked('1.0.0'), [DECISIONS]: '- `a` ^1.0.0: why\n' },
    { 'package.json': depends('1.0.0'), 'package-lock.json': locked('1.0.1'), [DECISIONS]: '- `a` 1.0.0: why\n' },
    { 'package.json': depends('1.0.0'), 'package-lock.json': locked('1.0.0'), [DECISIONS]: '' },
    { 'package.json': '{}', [DECISIONS]: '- `a` 1.0.0: why\n' },
  ],
  spares: [
    { 'package.json': depends('1.0.0'), 'package-lock.json': locked('1.0.0'), [DECISIONS]: '- `a` 1.0.0: why\n' },
  ],
};
