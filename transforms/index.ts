import type { TransformDefinition } from '../src/transform/spec.js';
import { drop } from './drop.js';
import { keep } from './keep.js';
import { mask } from './mask.js';
import { redact } from './redact.js';
import { sample } from './sample.js';
import { shiftDate } from './shift-date.js';
import { truncate } from './truncate.js';

/** Every transform by name, in the order of the reference page. Adding one = its file, its test and one line here. */
export const TRANSFORMS: ReadonlyMap<string, TransformDefinition> = new Map(
  [keep, drop, redact, mask, truncate, shiftDate, sample].map(definition => [definition.spec.name, definition]),
);

/** The transform with this name, or undefined. */
export function transformNamed(name: string): TransformDefinition | undefined {
  return TRANSFORMS.get(name);
}
