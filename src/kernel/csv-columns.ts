import { utf8 } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import { type FieldPath, parseFieldPath, printSteps, type Step } from '../core/field-path.js';
import type { ScanPlan } from './kernel.js';
import { hashName } from './name-hash.js';
import { Action, ROOT, ScanTrie } from './scan-trie.js';
import { looksLikeData } from './unlisted-names.js';

/** What the plan does with one column. `unlisted` = no rule names it. */
export interface CsvColumn {
  /** Header text, trimmed. It may stand in a report only when it does not look like data. */
  readonly name: string;
  readonly action: 'copy' | 'capture' | 'omit' | 'unlisted';
  /** Field of a captured column. */
  readonly field: number;
  /** Field of a column that is looked at whatever its action, or -1. */
  readonly look: number;
}

/** A header row matched with a plan. */
export interface CsvHeader {
  readonly columns: readonly CsvColumn[];
  /** Paths of rules that match no column. */
  readonly missing: readonly string[];
  /** Names of columns that no rule names: at most `maxUnlistedNames`; those that look like data are one `*`. */
  readonly unlisted: readonly string[];
}

/**
 * Matches header cells with the plan's rules. A cell is read as a field path with indexes (`items[0].sku` matches
 * `items[].sku`); one that no rule matches so is taken as one literal name. A rule on an object covers the columns below it.
 * Throws SCHEMA_MISMATCH with column numbers when two columns have one name.
 */
export function matchCsvColumns(cells: readonly string[], plan: ScanPlan): CsvHeader {
  const names = cells.map(cell => cell.trim());
  refuseDuplicates(names);
  const trie = new ScanTrie(plan);
  const places = names.map(name => placeOf(trie, name));
  const columns = places.map((place, at) => columnOf(trie, place, names[at] ?? ''));
  const reached = new Set(places.flatMap(({ decided, look }) => [pathOf(trie, decided), pathOf(trie, look)]));
  const paths = new Set(plan.rules.filter(rule => rule.path.root === 'value').map(rule => rule.path.text));
  return {
    columns,
    missing: [...paths].filter(path => !reached.has(path)),
    unlisted: unlistedNames(columns, plan.maxUnlistedNames),
  };
}

/** Where a header cell leads in the trie: the node whose rule covers it, and the node that only looks at it (0 = none). */
interface Place {
  readonly decided: number;
  readonly look: number;
}

const NOWHERE: Place = { decided: 0, look: 0 };

function placeOf(trie: ScanTrie, name: string): Place {
  const asPath = follow(trie, columnPath(name)?.steps ?? []);
  return asPath === NOWHERE ? follow(trie, [{ step: 'member', name }]) : asPath;
}

/** The field path a header cell spells, or undefined when it spells none. */
function columnPath(name: string): FieldPath | undefined {
  try {
    const path = parseFieldPath(name.replace(/\[(?:0|[1-9][0-9]{0,8})\]/g, '[]'));
    return path.root === 'value' && !path.steps.some(({ step }) => step === 'any') ? path : undefined;
  } catch {
    // PATH_SYNTAX: an ordinary header text such as "First name".
    return undefined;
  }
}

function follow(trie: ScanTrie, steps: readonly Step[]): Place {
  let node = ROOT;
  let decided = 0;
  for (const step of steps) {
    node = step.step === 'member' ? named(trie, node, step.name) : (trie.each[node] ?? 0);
    if (node === 0) break;
    if (decided === 0 && trie.action[node] !== Action.NONE) decided = node;
  }
  const look = steps.length > 0 && (trie.look[node] ?? -1) >= 0 ? node : 0;
  return decided === 0 && look === 0 ? NOWHERE : { decided, look };
}

function named(trie: ScanTrie, node: number, name: string): number {
  const bytes = utf8(name);
  return trie.child(node, bytes, 0, bytes.length, hashName(bytes, 0, bytes.length));
}

function columnOf(trie: ScanTrie, { decided, look }: Place, name: string): CsvColumn {
  const action = trie.action[decided];
  const field = trie.field[decided] ?? 0;
  const lookField = look === 0 ? -1 : (trie.look[look] ?? -1);
  if (action === Action.COPY) return { name, action: 'copy', field, look: lookField };
  if (action === Action.CAPTURE) return { name, action: 'capture', field, look: lookField };
  return { name, action: action === Action.OMIT || look !== 0 ? 'omit' : 'unlisted', field: 0, look: lookField };
}

function pathOf(trie: ScanTrie, node: number): string {
  return node === 0 ? '' : printSteps(trie.steps[node] ?? []);
}

function refuseDuplicates(names: readonly string[]): void {
  const first = new Map<string, number>();
  names.forEach((name, at) => {
    const key = name.includes('[') ? name : (columnPath(name)?.text ?? name);
    const before = first.get(key);
    if (before !== undefined)
      throw new VeilError('SCHEMA_MISMATCH', {
        where: `header columns ${before + 1} and ${at + 1}`,
        expected: 'a different name in each column',
        got: 'one name twice',
      });
    first.set(key, at);
  });
}

function unlistedNames(columns: readonly CsvColumn[], limit: number): string[] {
  const names = columns.filter(({ action }) => action === 'unlisted').map(({ name }) => name);
  const shown = new Set(names.map((name, at) => (at < limit && !looksLikeData(name) ? name : '*')));
  return [...shown];
}
