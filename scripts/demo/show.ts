import { textTable } from '../../src/cli/table.js';
import type { Workspace } from '../workspace.js';
import { csvRows } from './compare.js';

const SHOWN = 3;

async function firstRows(path: string): Promise<Readonly<Record<string, string>>[]> {
  const rows = [];
  for await (const row of csvRows(path)) {
    rows.push(row);
    if (rows.length === SHOWN) break;
  }
  return rows;
}

const short = (text: string): string => (text.length > 36 ? `${text.slice(0, 33)}...` : text);

/** Shows three generated orders before and after, field by field. The values are generated, so showing them harms nobody. */
export async function showBeforeAndAfter(workspace: Workspace, say: (line: string) => void): Promise<void> {
  const before = await firstRows(workspace.file('orders.csv'));
  const after = await firstRows(workspace.file('orders.analytics.csv'));
  say('\nbefore and after (generated data):');
  const rows = before.map((row, n) => {
    const shown = Object.entries(row).filter(([, value]) => value !== '');
    const cells = [
      shown.map(([field]) => field),
      shown.map(([, value]) => short(value)),
      shown.map(([field]) => short(after[n]?.[field] ?? '(left out)')),
    ];
    return cells.map(lines => lines.join('\n'));
  });
  say(textTable(['field', 'before', 'after'], rows));
}
