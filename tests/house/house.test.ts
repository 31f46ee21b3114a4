import { describe, expect, it } from 'vitest';
import { barrels, cycles, layers } from './rules/imports.js';
import { erasableSyntax, noAny, noDynamicCode, noNonNull, noSuppression } from './rules/language.js';
import { pins, thirdParty } from './rules/packages.js';
import { purity } from './rules/purity.js';
import { builtFile, dangerous, dangerousInBuild } from './rules/reach.js';
import { docComments, fileLength, functionLengths } from './rules/shape.js';
import { assertsSomething, noSwitchedOff } from './rules/testing.js';
import { machinePaths, registryHosts, unfinishedWords } from './rules/words.js';
import { projectTree, type Rule } from './tree.js';

const RULES: readonly Rule[] = [
  layers,
  cycles,
  barrels,
  thirdParty,
  pins,
  purity,
  dangerous,
  fileLength,
  functionLengths,
  docComments,
  noAny,
  noNonNull,
  noSuppression,
  noDynamicCode,
  erasableSyntax,
  unfinishedWords,
  machinePaths,
  registryHosts,
  noSwitchedOff,
  assertsSomething,
];

const asTree = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));
const tree = projectTree();

describe.each(RULES)('$name', rule => {
  it('holds in the project', () => {
    const findings = rule.check(tree).map(({ path, line, says }) => `${path}:${line} ${says}`);
    expect(findings).toEqual([]);
  });

  it('bites on each breach', () => {
    expect(rule.bites.length).toBeGreaterThan(0);
    for (const files of rule.bites)
      expect(rule.check(asTree(files)), JSON.stringify(files).slice(0, 200)).not.toEqual([]);
  });

  it('spares what is allowed', () => {
    for (const files of rule.spares) expect(rule.check(asTree(files))).toEqual([]);
  });
});

describe('the built worker', () => {
  it('reaches no dangerous file', () => {
    expect(builtFile('dist/src/cli/main.js'), 'NOT PROVEN: run `npm run build` first').toBeDefined();
    expect(dangerousInBuild('dist/src/cli/main.js')).toEqual([]);
  });
});
