import { jsonSchemaOf, type SchemaNode } from './shape.js';

/** A Markdown table. Cells are Markdown; bars and line ends in them are made harmless. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replace(/\|/g, '\\|').replace(/\n/g, ' ')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** One row for every entry that a file of this shape may have, nested ones under their path. */
export function entryTable(shape: Parameters<typeof jsonSchemaOf>[0]): string {
  return table(['entry', 'type', 'default', 'meaning'], entryRows(jsonSchemaOf(shape), ''));
}

function entryRows(schema: SchemaNode, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    const path = `${prefix}${name}`;
    const inner = Object.entries(node.properties ?? {});
    const required = schema.required?.includes(name) === true;
    const row = [`\`${path}\``, typeText(node), required ? 'required' : defaultText(node), node.description ?? ''];
    // Entries that say nothing for themselves need no rows of their own.
    if (inner.length === 0 || inner.some(([, { description }]) => description !== undefined))
      return [row, ...entryRows(node, `${path}.`)];
    return [[...row.slice(0, 3), `${row[3]}: ${inner.map(([word]) => `\`${word}\``).join(', ')}`]];
  });
}

function defaultText({ default: value, properties }: SchemaNode): string {
  return value === undefined || properties !== undefined ? '' : `\`${JSON.stringify(value)}\``;
}

function typeText(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map(word => `\`${String(word)}\``).join(', ');
  if (node.properties !== undefined || node.type === 'object') return 'map';
  if (node.type === 'array') return 'list';
  if (node.type === 'string') return node.maxLength === undefined ? 'text' : `text up to ${node.maxLength}`;
  if (node.type === 'integer' || node.type === 'number') return numberText(node);
  return node.type === 'boolean' ? '`true`, `false`' : 'value';
}

function numberText({ type, minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  const word = type === 'integer' ? 'whole number' : 'number';
  const low = minimum ?? exclusiveMinimum;
  return low === undefined || maximum === undefined ? word : `${word} ${low} to ${maximum}`;
}
