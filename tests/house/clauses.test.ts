import { describe, expect, it } from 'vitest';
import { documents, namingsOf } from './rules/documents.js';
import { projectTree } from './tree.js';

const tree = projectTree();
const CLAUSES = 'docs/clauses.md';
const THREATS = 'docs/threat-model.md';

/** Rows of the tables of a page, without their headings. */
function rowsOf(path: string): string[] {
  const lines = (tree.get(path) ?? '').split('\n');
  return lines.filter((line, index) => line.startsWith('| ') && !lines[index + 1]?.startsWith('|-'));
}

const namesIn = (path: string, row: string): string[] => namingsOf(path, row).map(({ named }) => named);
const proofsIn = (path: string, row: string): number =>
  namingsOf(path, row).filter(({ named, titles }) => named.startsWith('tests/') && titles.length > 0).length;

describe(documents.name, () => {
  it('holds in the project', () => {
    expect(documents.check(tree).map(({ path, line, says }) => `${path}:${line} ${says}`)).toEqual([]);
  });

  it('bites on each breach', () => {
    expect(documents.bites.length).toBeGreaterThan(0);
    for (const files of documents.bites)
      expect(documents.check(new Map(Object.entries(files))), JSON.stringify(files)).not.toEqual([]);
  });

  it('spares what is allowed', () => {
    for (const files of documents.spares) expect(documents.check(new Map(Object.entries(files)))).toEqual([]);
  });
});

describe('docs/clauses.md', () => {
  const rows = rowsOf(CLAUSES);

  it('has every clause that this version touches', () => {
    const clauses = rows.map(row => row.split('|')[1]?.trim());
    for (const clause of ['3.15', '4 d)', '4 f)', '5.2', '6.1', '6.2', '6.3 a)', '7.1', '7.2', '7.3', '7.6', '9.2'])
      expect(clauses).toContain(clause);
    expect(clauses).toContain('PIPL 51');
    expect(clauses).toContain('PIPL 73');
  });

  it.each(rows)('names code and a test by its title: %s', row => {
    expect(namesIn(CLAUSES, row).filter(name => /^(src|transforms|configs)\//.test(name))).not.toEqual([]);
    expect(proofsIn(CLAUSES, row)).toBeGreaterThan(0);
  });
});

describe('docs/threat-model.md', () => {
  it.each(rowsOf(THREATS))('names the test that fails when the promise breaks: %s', row => {
    expect(proofsIn(THREATS, row)).toBeGreaterThan(0);
  });
});
