import { concatBytes, utf8 } from '../core/bytes.js';
import { VeilError } from '../core/errors.js';
import type { Step } from '../core/field-path.js';
import type { ScanPlan, ScanRule } from './kernel.js';
import { firstSlot, hashName, sameBytes } from './name-hash.js';

/** What a trie node says about its value; NONE = nothing stands here, only below. */
export const Action = { NONE: 0, COPY: 1, CAPTURE: 2, OMIT: 3 } as const;

/** The node of the record's top-level object. Node 0 is "no node": the path is not in the plan. */
export const ROOT = 1;

const ACTIONS = { copy: Action.COPY, capture: Action.CAPTURE, omit: Action.OMIT } as const;

/** A node while the trie is built. */
interface Branch {
  readonly steps: readonly Step[];
  readonly names: Map<string, Branch>;
  any: Branch | undefined;
  each: Branch | undefined;
  action: number;
  field: number;
  look: number;
}

/**
 * The plan's paths as a trie over member names (UTF-8 bytes), flattened into typed arrays. An explicit name takes precedence
 * over `*`, whatever it says. A path that is only looked at (`output: false`) may lie inside a copied, captured or omitted
 * subtree and changes nothing there; beside `*` it is an explicit name, so its value is not written.
 */
export class ScanTrie {
  /** `Action` of each node. */
  readonly action: Uint8Array;
  /** Field of a CAPTURE node. */
  readonly field: Uint16Array;
  /** Field of a value that is only looked at, or -1. */
  readonly look: Int32Array;
  /** Child for any other member name, or 0. */
  readonly any: Uint32Array;
  /** Child for every element, or 0. */
  readonly each: Uint32Array;
  /** 1 when members of an object at this node may match. */
  readonly named: Uint8Array;
  /** 1 when something at or below this node is written. */
  readonly output: Uint8Array;
  /** Path of each node, for the names of unlisted fields. */
  readonly steps: readonly (readonly Step[])[];
  /** Name of a node that has one: `names[nameStart .. nameEnd)`, its `hashName`, and the node it is a member of, else 0. */
  readonly names: Uint8Array;
  readonly nameStart: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly hash: Int32Array;
  readonly parent: Uint32Array;
  readonly #slots: Uint32Array;
  readonly #mask: number;

  /** Throws PATH_OVERLAP when a written rule lies inside another, PATH_DUPLICATE when two stand on one path. */
  constructor(plan: ScanPlan) {
    const nodes = flatten(grow(plan.rules));
    const index = new Map(nodes.map((branch, at) => [branch, at + 1]));
    const count = nodes.length + 1;
    this.action = new Uint8Array(count);
    this.field = new Uint16Array(count);
    this.look = new Int32Array(count).fill(-1);
    this.any = new Uint32Array(count);
    this.each = new Uint32Array(count);
    this.named = new Uint8Array(count);
    this.output = new Uint8Array(count);
    this.steps = [[], ...nodes.map(branch => branch.steps)];
    this.nameStart = new Uint32Array(count);
    this.nameEnd = new Uint32Array(count);
    this.hash = new Int32Array(count);
    this.parent = new Uint32Array(count);
    let size = 4;
    while (size < count * 4) size *= 2;
    this.#slots = new Uint32Array(size);
    this.#mask = size - 1;
    this.names = this.#fill(nodes, index);
    // The record itself is always entered and written, if only as an empty object.
    this.named[ROOT] = 1;
    this.output[ROOT] = 1;
  }

  /** The node for member `bytes[start .. end)` (canonical, with its `hashName`) of an object at `node`, or 0. */
  child(node: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = firstSlot(hash, node) & mask;
    for (;;) {
      const found = slots[slot] ?? 0;
      if (found === 0) return this.any[node] ?? 0;
      if (this.hash[found] === hash && this.parent[found] === node && this.#isNamed(found, bytes, start, end))
        return found;
      slot = (slot + 1) & mask;
    }
  }

  #isNamed(node: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.nameStart[node] ?? 0;
    const size = (this.nameEnd[node] ?? 0) - from;
    return size === end - start && sameBytes(bytes, start, this.names, from, size);
  }

  #fill(nodes: readonly Branch[], index: ReadonlyMap<Branch, number>): Uint8Array {
    const names: Uint8Array[] = [];
    let used = 0;
    nodes.forEach((branch, at) => {
      const node = at + 1;
      this.action[node] = branch.action;
      this.field[node] = branch.field;
      this.look[node] = branch.look;
      this.any[node] = branch.any === undefined ? 0 : (index.get(branch.any) ?? 0);
      this.each[node] = branch.each === undefined ? 0 : (index.get(branch.each) ?? 0);
      this.named[node] = branch.any !== undefined || branch.names.size > 0 ? 1 : 0;
      this.output[node] = writes(branch) ? 1 : 0;
      for (const [name, below] of branch.names) {
        const bytes = utf8(name);
        names.push(bytes);
        this.#addName(index.get(below) ?? 0, node, bytes, used);
        used += bytes.length;
      }
    });
    return concatBytes(...names);
  }

  #addName(child: number, parent: number, name: Uint8Array, at: number): void {
    const hash = hashName(name, 0, name.length);
    this.parent[child] = parent;
    this.hash[child] = hash;
    this.nameStart[child] = at;
    this.nameEnd[child] = at + name.length;
    let slot = firstSlot(hash, parent) & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = child;
  }
}

function branchAt(steps: readonly Step[]): Branch {
  return { steps, names: new Map(), any: undefined, each: undefined, action: Action.NONE, field: 0, look: -1 };
}

/** Written rules first: what is only looked at is laid over them and may lie inside them. Rules of other roots (`$key`, `$headers`) are not about the value. */
function grow(rules: readonly ScanRule[]): Branch {
  const root = branchAt([]);
  const ofValue = rules.filter(rule => rule.path.root === 'value');
  for (const rule of ofValue.filter(isWritten)) plant(root, rule);
  for (const rule of ofValue.filter(rule => !isWritten(rule))) overlay(root, rule);
  return root;
}

function isWritten(rule: ScanRule): boolean {
  return rule.action !== 'capture' || rule.output;
}

function plant(root: Branch, rule: ScanRule): void {
  let branch = root;
  for (const step of rule.path.steps) {
    if (branch.action !== Action.NONE) throw new VeilError('PATH_OVERLAP', { where: rule.path.text });
    branch = below(branch, step);
  }
  if (branch.action !== Action.NONE) throw new VeilError('PATH_DUPLICATE', { where: rule.path.text });
  if (branch.names.size > 0 || branch.any || branch.each)
    throw new VeilError('PATH_OVERLAP', { where: rule.path.text });
  branch.action = ACTIONS[rule.action];
  branch.field = rule.field;
}

function overlay(root: Branch, rule: ScanRule): void {
  let branch = root;
  for (const step of rule.path.steps) branch = below(branch, step);
  if (branch.look >= 0) throw new VeilError('PATH_DUPLICATE', { where: rule.path.text });
  branch.look = rule.field;
}

function below(branch: Branch, step: Step): Branch {
  const steps = [...branch.steps, step];
  if (step.step === 'each') {
    branch.each ??= branchAt(steps);
    return branch.each;
  }
  if (step.step === 'any') {
    branch.any ??= branchAt(steps);
    return branch.any;
  }
  const child = branch.names.get(step.name) ?? branchAt(steps);
  branch.names.set(step.name, child);
  return child;
}

function flatten(root: Branch): Branch[] {
  const nodes = [root];
  for (const branch of nodes) {
    nodes.push(...branch.names.values());
    if (branch.any) nodes.push(branch.any);
    if (branch.each) nodes.push(branch.each);
  }
  return nodes;
}

function writes(branch: Branch): boolean {
  if (branch.action === Action.COPY || branch.action === Action.CAPTURE) return true;
  if (branch.any && writes(branch.any)) return true;
  if (branch.each && writes(branch.each)) return true;
  return [...branch.names.values()].some(writes);
}
