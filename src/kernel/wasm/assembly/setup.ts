import { placeBatch, placePlan, placeResults } from './arenas';
import { beginShapes } from './member-order';
import { setLimits } from './scan';
import { beginTrie, trieRowCount } from './trie';

/** Takes over a compiled plan: addresses in `table`, then its sizes (see `beginTrie` and `beginShapes`). */
export function setPlan(table: usize, nodes: u32, limit: u32, namesLength: u32, shapes: u32): void {
  placePlan(table);
  beginTrie(nodes, limit, namesLength);
  beginShapes(nodes, shapes);
}

/** Takes over the limits of the plan. */
export function setRules(maxDepth: u32, maxMembers: u32, faultUnlisted: u32): void {
  setLimits(maxDepth, maxMembers, faultUnlisted !== 0);
}

/** Takes over the addresses of the arenas of a batch. */
export function setBatch(table: usize): void {
  placeBatch(table);
}

/** Takes over the addresses of the arenas for assembling. */
export function setResults(table: usize): void {
  placeResults(table);
}

/** Rows of the trie in use, those of unlisted names included. */
export function trieRowsInUse(): u32 {
  return trieRowCount();
}
