import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/span-table.js';
import { createJsonKernel } from '../../src/kernel/typescript/json-kernel.js';
import { vectorPath } from '../testkit/vectors.js';
import { planOf, run } from './scan-harness.js';

const folder = vectorPath('jsontestsuite', 'test_parsing');
const kernel = createJsonKernel(planOf({ a: 'capture', b: 'copy' }));

/** Names of the suite's files of one class, with the fault each one gets. */
function faults(prefix: string): [string, number][] {
  const names = readdirSync(folder).filter(name => name.startsWith(prefix));
  return names.map(name => {
    const bytes = readFileSync(vectorPath('jsontestsuite', 'test_parsing', name));
    return [name, run(kernel, [bytes]).faults[0] ?? -1];
  });
}

/** RFC 8259 lets names repeat; this product does not. */
const DUPLICATES = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json'];

describe('JSONTestSuite (N. Seriot)', () => {
  it('accepts every y_ file: as a record, or as well-formed text that is not an object', () => {
    const all = faults('y_');
    const wrong = all.filter(([, fault]) => fault !== Fault.NONE && fault !== Fault.NOT_OBJECT);
    process.stdout.write(`JSONTestSuite: ${all.length} y_ files\n`);
    expect(all.length).toBeGreaterThan(90);
    expect(wrong).toEqual(DUPLICATES.map(name => [name, Fault.DUPLICATE]));
  });

  it('rejects every n_ file as malformed, not merely as "not an object"', () => {
    const all = faults('n_');
    process.stdout.write(`JSONTestSuite: ${all.length} n_ files\n`);
    expect(all.length).toBeGreaterThan(180);
    expect(all.filter(([, fault]) => fault === Fault.NONE || fault === Fault.NOT_OBJECT)).toEqual([]);
  });

  it('decides every i_ file without an exception: malformed text is refused, wide numbers are kept', () => {
    const all = new Map(faults('i_'));
    process.stdout.write(`JSONTestSuite: ${all.size} i_ files\n`);
    const refused = [...all]
      .filter(([, fault]) => fault !== Fault.NONE && fault !== Fault.NOT_OBJECT)
      .map(([name]) => name);
    expect(refused.every(name => !name.startsWith('i_number'))).toBe(true);
    const encodings = [
      'i_string_UTF-8_invalid_sequence',
      'i_string_overlong_sequence_2_bytes',
      'i_structure_UTF-8_BOM_empty_object',
    ];
    expect(encodings.filter(name => !refused.includes(`${name}.json`))).toEqual([]);
  });
});
