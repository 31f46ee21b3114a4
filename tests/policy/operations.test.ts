import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CODES } from '../../src/core/codes.js';
import { EVENT_NOTES, EVENTS } from '../../src/core/events.js';
import { METRICS } from '../../src/core/metric-names.js';
import { deploymentShape } from '../../src/policy/deployment-shape.js';
import { TABLE_NAMES, tablesOf, withTables } from '../../src/policy/operations-tables.js';
import { jsonSchemaOf, type SchemaNode } from '../../src/policy/shape.js';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');

/** Texts of all product sources but the one that defines the vocabulary. */
function sourcesWithout(definition: string): string {
  const files = ['src', 'transforms'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
  );
  const wanted = files.filter(name => name.endsWith('.ts') && name !== definition);
  return wanted.map(name => readFileSync(join(ROOT, name), 'utf8')).join('\n');
}

/** Names of every entry of a shape, those of nested maps under their path. */
function entriesOf(schema: SchemaNode, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => [
    `${prefix}${name}`,
    ...entriesOf(node, `${prefix}${name}.`),
  ]);
}

/** Rows of the table with this name, cells without code marks. */
function rowsOf(name: string): string[][] {
  const table = page.split(`<!-- table: ${name} -->`)[1]?.split('<!-- end -->')[0] ?? '';
  const rows = table.split('\n').filter(line => line.startsWith('| `'));
  return rows.map(line =>
    line
      .slice(1, -1)
      .split(' | ')
      .map(cell => cell.trim().replaceAll('`', '')),
  );
}

describe('docs/operations.md', () => {
  it('has every table, as the source makes it (npm run generate)', () => {
    expect(tablesOf(page)).toEqual(TABLE_NAMES);
    expect(withTables(page)).toBe(page);
  });

  it('a table that drifted, or that nobody makes, is seen', () => {
    const drifted = page.replace('veil_records_total', 'veil_records');
    expect(withTables(drifted)).not.toBe(drifted);
    const invented = `${page}<!-- table: weather -->\nsun\n<!-- end -->\n`;
    expect(withTables(invented)).not.toBe(invented);
  });

  it('names every entry of veil.yaml and says what it means', () => {
    const rows = new Map(rowsOf('entries').map(([name, , , meaning]) => [name, meaning]));
    const properties = rows.get('kafka.properties') ?? '';
    for (const entry of entriesOf(jsonSchemaOf(deploymentShape))) {
      const tunable = /^kafka\.properties\.(.+)$/.exec(entry)?.[1];
      if (tunable === undefined) expect([entry, rows.get(entry) ?? '']).not.toEqual([entry, '']);
      else expect(properties).toContain(tunable);
    }
  });

  it('names every metric, event and code', () => {
    const namesIn = (table: string): (string | undefined)[] => rowsOf(table).map(([name]) => name);
    expect(namesIn('metrics')).toEqual(Object.values(METRICS).map(({ name }) => name));
    expect(namesIn('events').sort()).toEqual(Object.values(EVENTS).sort());
    expect(namesIn('codes')).toEqual(Object.keys(CODES));
  });
});

describe('what the tables say is what the program does', () => {
  it('every code can be met', () => {
    const sources = sourcesWithout('src/core/codes.ts');
    expect(Object.keys(CODES).filter(code => !sources.includes(`'${code}'`))).toEqual([]);
  });

  it('every metric is counted', () => {
    const sources = sourcesWithout('src/core/metric-names.ts');
    expect(Object.keys(METRICS).filter(name => !sources.includes(`METRICS.${name}.`))).toEqual([]);
  });

  it('every event is logged, at its level', () => {
    const sources = sourcesWithout('src/core/events.ts');
    const logged = new Map<string, string>();
    for (const [, level = '', event = ''] of sources.matchAll(/\.(info|warn|error)\(([^;]*?)[,)]/g))
      for (const [, name = ''] of event.matchAll(/EVENTS\.([A-Z_]+)/g)) logged.set(name, level);
    const expected = Object.entries(EVENTS).map(([name, event]) => [name, EVENT_NOTES[event].level]);
    expect([...logged].sort()).toEqual(expected.sort());
  });
});
