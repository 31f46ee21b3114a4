import Table from 'cli-table3';

/** A text table for a terminal; knows that Han characters are two columns wide. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] }, wordWrap: true });
  for (const row of rows) table.push(row.map(cell => cell));
  return table.toString();
}
