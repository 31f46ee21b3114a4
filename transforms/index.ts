import type { TransformDefinition } from '../src/transform/spec.js';
import { drop } from './drop.js';
import { encrypt } from './encrypt.js';
import { generalize } from './generalize.js';
import { hash } from './hash.js';
import { keep } from './keep.js';
import { mask } from './mask.js';
import { guarded } from './parts/guarded.js';
import { pseudonymize } from './pseudonymize.js';
import { redact } from './redact.js';
import { sample } from './sample.js';
import { shiftDate } from './shift-date.js';
import { truncate } from './truncate.js';

const ALL: readonly TransformDefinition[] = [
  keep,
  drop,
  redact,
  mask,
  hash,
  pseudonymize,
  encrypt,
  generalize,
  truncate,
  shiftDate,
  sample,
];

/** Every transform by name, in the order of the reference page. Adding one = its file, its test and its line in the list above. */
export const TRANSFORMS: ReadonlyMap<string, TransformDefinition> = new Map(
  ALL.map(definition => [definition.spec.name, guarded(definition)]),
);

/** The transform with this name, or undefined. */
export function transformNamed(name: string): TransformDefinition | undefined {
  return TRANSFORMS.get(name);
}
