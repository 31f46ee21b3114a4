import { CODES, type CodeEntry, EXIT_STATUS } from '../core/codes.js';
import { EVENT_NOTES } from '../core/events.js';
import { METRICS, type MetricDefinition } from '../core/metric-names.js';
import { deploymentShape } from './deployment-shape.js';
import { entryTable, table } from './reference-tables.js';

/** Tables of docs/operations.md by the name in their markers. */
const TABLES: Readonly<Record<string, () => string>> = {
  entries: () => entryTable(deploymentShape),
  metrics: metricTable,
  events: eventTable,
  codes: codeTable,
};

const MARKED = /(<!-- table: ([a-z]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * The page with its tables made anew. A table stands between `<!-- table: NAME -->` and `<!-- end -->`; the rest of the page is written
 * by hand. A name without a table becomes an empty one, so that the comparison with the page fails.
 */
export function withTables(page: string): string {
  return page.replace(MARKED, (_all, begin: string, name: string, end: string) => {
    return `${begin}\n${TABLES[name]?.() ?? ''}\n\n${end}`;
  });
}

/** Names of the tables that a page has, in order. */
export function tablesOf(page: string): readonly string[] {
  return [...page.matchAll(MARKED)].map(([, , name = '']) => name);
}

/** Names of all tables there are. */
export const TABLE_NAMES: readonly string[] = Object.keys(TABLES);

function metricTable(): string {
  const metrics: readonly MetricDefinition[] = Object.values(METRICS);
  const rows = metrics.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), help]);
  return table(['metric', 'type', 'labels', 'meaning'], rows);
}

function eventTable(): string {
  const rows = Object.entries(EVENT_NOTES).map(([name, { level, fields, means, next }]) => [
    code(name),
    level,
    fields.map(code).join(', '),
    means,
    next,
  ]);
  return table(['event', 'level', 'fields', 'meaning', 'what to do'], rows);
}

function codeTable(): string {
  const entries: readonly [string, CodeEntry][] = Object.entries(CODES);
  const rows = entries.map(([name, { category, means, next }]) => [
    code(name),
    category,
    String(EXIT_STATUS[category]),
    means,
    next,
  ]);
  return table(['code', 'category', 'exit', 'meaning', 'what to do'], rows);
}

function code(text: string): string {
  return `\`${text}\``;
}
