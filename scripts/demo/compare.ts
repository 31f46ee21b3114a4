import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseFile } from 'fast-csv';

/** Fields whose tokens must not depend on the way a record came. */
export const TOKEN_FIELDS = ['user.id', 'user.mobile', 'user.email'] as const;

/** Number of records in which a field is the same on both ways, for each token field. */
export type Agreement = Readonly<Record<(typeof TOKEN_FIELDS)[number], number>>;

interface User {
  readonly id: string;
  readonly mobile?: string;
  readonly email?: string;
}

interface WithUser {
  readonly order_id?: string;
  readonly user: User;
}

/** Parses a file of JSON lines one by one. */
export async function* jsonLines(path: string): AsyncGenerator<WithUser> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield JSON.parse(line) as WithUser;
  }
}

/** Rows of a CSV file with a header, read by a library that is not ours. */
export async function* csvRows(path: string): AsyncGenerator<Readonly<Record<string, string>>> {
  for await (const row of parseFile(path, { headers: true })) yield row as Record<string, string>;
}

/** Compares the tokens of every order that came by topic with those that came by CSV. */
export async function compareTokens(
  streamFile: string,
  csvFile: string,
): Promise<{ orders: number; equal: Agreement }> {
  const byStream = new Map<string, User>();
  for await (const { order_id, user } of jsonLines(streamFile)) byStream.set(order_id ?? '', user);
  const equal = { 'user.id': 0, 'user.mobile': 0, 'user.email': 0 };
  let orders = 0;
  for await (const row of csvRows(csvFile)) {
    const user = byStream.get(row.order_id ?? '');
    if (user === undefined) continue;
    orders += 1;
    if (user.id === row['user.id']) equal['user.id'] += 1;
    if (user.mobile === row['user.mobile']) equal['user.mobile'] += 1;
    if (user.email === row['user.email']) equal['user.email'] += 1;
  }
  return { orders, equal };
}

/** Rows of `SELECT ... FROM left JOIN right ON left.user.id = right.user.id`. */
export async function joinRows(left: string, right: string): Promise<number> {
  const counts = new Map<string, number>();
  for await (const { user } of jsonLines(left)) counts.set(user.id, (counts.get(user.id) ?? 0) + 1);
  let rows = 0;
  for await (const { user } of jsonLines(right)) rows += counts.get(user.id) ?? 0;
  return rows;
}
