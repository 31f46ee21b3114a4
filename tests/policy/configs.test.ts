import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testWithPipeline } from '../../src/cli/test.js';
import { printDiagnostic } from '../../src/policy/diagnostic.js';
import { readPolicy } from '../../src/policy/load.js';
import { loadTests } from '../../src/policy/test-file.js';

const DIRECTORY = resolve(import.meta.dirname, '../../configs');
const POLICIES = readdirSync(DIRECTORY).filter(name => name.endsWith('.yaml') && !name.endsWith('.test.yaml'));

describe('configs', () => {
  it('holds at least the six promised policies', () => {
    expect(POLICIES).toEqual(
      expect.arrayContaining([
        'adult-census.yaml',
        'call-centre.yaml',
        'device-telemetry.yaml',
        'order-events.yaml',
        'partner-users.yaml',
        'waybill-display.yaml',
      ]),
    );
  });

  it.each(POLICIES)('%s lints clean and passes its tests', async name => {
    const { policy, diagnostics } = readPolicy(join(DIRECTORY, name), {});
    expect(diagnostics.map(printDiagnostic)).toEqual([]);
    if (policy?.tests === undefined) throw new Error('the policy names no tests');
    const path = join(DIRECTORY, policy.tests);
    const { tests, diagnostics: testFindings } = loadTests(path, readFileSync(path));
    expect(testFindings.map(printDiagnostic)).toEqual([]);
    const results = await testWithPipeline(policy, tests ?? []);
    expect(results.flatMap(result => result.differences.map(difference => `${result.name}: ${difference}`))).toEqual(
      [],
    );
    expect(results.length).toBeGreaterThan(2);
  });
});
