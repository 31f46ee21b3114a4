import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Verb } from '../../src/cli/command-line.js';
import { doctor } from '../../src/cli/doctor.js';
import { explain } from '../../src/cli/explain.js';
import { init } from '../../src/cli/init.js';
import { keys } from '../../src/cli/keys.js';
import { lint } from '../../src/cli/lint.js';
import { preview } from '../../src/cli/preview.js';
import { replay } from '../../src/cli/replay.js';
import { run } from '../../src/cli/run.js';
import { test as testVerb } from '../../src/cli/test.js';
import { CODES } from '../../src/core/codes.js';
import { keygen } from '../../src/desk/keygen.js';
import { openQuarantine } from '../../src/desk/open-quarantine.js';

const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAMS: Readonly<Record<string, readonly Verb[]>> = {
  veil: [init, lint, testVerb, explain, preview, replay, run, doctor, keys],
  'veil-desk': [keygen, openQuarantine],
};

/** A command line begins a line, a code span or a quoted text, and ends with it; comments behind it do not count. */
const COMMAND = /(?:^ *|`|'|&& |\| |\$ )(veil(?:-desk)?) ((?:[a-z][a-z-]*)[^`'#|&\n]*)/gm;

/** What is wrong with the commands of a text: verbs and options that the programs do not have. */
function mistakesIn(text: string): string[] {
  return [...text.matchAll(COMMAND)].flatMap(([, program = '', rest = '']) => {
    const words = rest.trim().split(/\s+/);
    let verb = PROGRAMS[program]?.find(({ name }) => name === words[0]);
    if (verb === undefined) return [`${program} ${words[0]}`];
    const inner = words[1]?.replace(/,$/, '');
    if (verb.verbs !== undefined && inner !== undefined) verb = verb.verbs.find(({ name }) => name === inner);
    if (verb === undefined) return [`${program} ${words[0]} ${inner}`];
    return words
      .filter(word => /^--[a-z]/.test(word) && !optionsOf(verb).has(word.replace(/[,.]$/, '')))
      .map(word => `${program} ${words[0]} ${word}`);
  });
}

function optionsOf({ options = [] }: Verb): ReadonlySet<string> {
  return new Set(['--json', '--help', ...options.map(({ flags }) => flags.split(' ')[0] ?? '')]);
}

/** Verbs with the verbs below them. */
const everyVerb = Object.values(PROGRAMS).flatMap(verbs => verbs.flatMap(verb => [verb, ...(verb.verbs ?? [])]));

describe('commands that people are told to type exist', () => {
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map(name => `docs/${name}`)];

  it.each(pages)('in %s', page => {
    expect(mistakesIn(readFileSync(join(ROOT, page), 'utf8'))).toEqual([]);
  });

  it('in what error codes advise', () => {
    expect(
      mistakesIn(
        Object.values(CODES)
          .map(({ next }) => next)
          .join('\n'),
      ),
    ).toEqual([]);
  });

  it.each(everyVerb)('in the examples of $name', ({ examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    expect(mistakesIn(examples.join('\n'))).toEqual([]);
  });

  it('and the README shows most of them', () => {
    expect([...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(COMMAND)].length).toBeGreaterThan(7);
  });

  it.each([
    ['an unknown verb', 'veil lnit policy.yaml'],
    ['an unknown verb in a sentence', 'see `veil shred` for more'],
    ['an unknown inner verb', '    veil keys renew --domain a'],
    ['an unknown option', 'veil replay --policy p.yaml --input a.csv'],
    ['an unknown option behind another command', 'cd work && veil-desk keygen --private desk.key'],
  ])('%s is found', (_what, text) => {
    expect(mistakesIn(text)).toHaveLength(1);
  });
});
