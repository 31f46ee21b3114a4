import type { StoredKey } from '../keys/ports.js';
import { print } from './command-line.js';

/** What may be shown of a key. The wrapped bytes stay in the store. */
export interface KeyListing {
  readonly domain: string;
  readonly epoch: number;
  readonly keyId: string;
  readonly state: string;
  readonly suite: string;
  readonly kekId: string;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** The listing of one key. */
export function keyListing({ domain, epoch, keyId, state, suite, kekId, createdAt }: StoredKey): KeyListing {
  return { domain, epoch, keyId, state, suite, kekId, created: new Date(createdAt).toISOString() };
}

/** Prints keys as aligned columns under a heading. */
export function printKeyListing(keys: readonly StoredKey[]): void {
  const heading = ['DOMAIN', 'EPOCH', 'KEY ID', 'STATE', 'SUITE', 'KEK ID', 'CREATED'];
  const rows = [heading, ...keys.map(key => Object.values(keyListing(key)).map(String))];
  const widths = heading.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  for (const row of rows)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
