import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { report } from '../../src/cli/command-line.js';
import { utf8 } from '../../src/core/bytes.js';
import { asVeilError } from '../../src/core/errors.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import type { Outcome, SourceRecord } from '../../src/core/outcome.js';
import { Secret } from '../../src/core/secret.js';
import { DeskSealer } from '../../src/crypto/sealing.js';
import { x25519Public } from '../../src/crypto/x25519.js';
import { openKeyRing } from '../../src/keys/key-ring.js';
import type { Pipeline } from '../../src/pipeline/pipeline.js';
import { TRANSFORMS } from '../../transforms/index.js';
import { type Case, casesOf, titleOf } from '../laws/cases.js';
import { type Leak, LeakScanner } from '../testkit/leak-scan.js';
import { openTestPipeline, systemRandom } from '../testkit/pipeline.js';
import { damagedRecords, fieldCanaries, LIMITS, PLACED, wholeRecords } from './canaries.js';

/** Transforms whose output must hold nothing of the whole value; the others let a stated part of it out, up to all of it. */
const HIDING = ['drop', 'redact', 'mask', 'hash', 'pseudonymize', 'encrypt'];
/** `onInvalid` and `unlisted`: the cases take turns. */
const MODES = [
  ['quarantine', 'drop'],
  ['redact', 'quarantine'],
  ['drop-field', 'drop'],
  ['redact', 'drop'],
] as const;
const CASES = [...TRANSFORMS.values()].filter(({ spec }) => spec.name !== 'sample').flatMap(casesOf);

function policyFor({ definition, kind, params }: Case, onInvalid: string, unlisted: string): string {
  const { spec } = definition;
  const rule = {
    do: spec.name,
    ...(kind === undefined ? {} : { is: kind.name }),
    ...(spec.name === 'keep' ? { because: 'test' } : {}),
    ...(spec.linking === 'domain' ? { domain: 'd' } : {}),
    ...(spec.way === 'column' ? { onInvalid } : {}),
    ...params,
  };
  return `
version: 1
name: canaries
purpose: test
source: { topic: raw, format: json }
sink: { topic: clean }
quarantine: { topic: refused }
subject: who
unlisted: ${unlisted}
fields:
  who: { is: account-id, do: drop }
  f: ${JSON.stringify(rule)}
  $key: { is: account-id, do: pseudonymize, domain: keys }
  $headers.kept: { do: redact }
`;
}

const pipelines: Pipeline[] = [];
afterEach(() => {
  for (const pipeline of pipelines.splice(0)) pipeline.close();
});

function open(policy: string): Pipeline {
  const desk = x25519Public(new Secret(systemRandom.bytes(32)));
  const sealer = new DeskSealer(desk, systemRandom);
  const pipeline = openTestPipeline(policy, { sealer, limits: { ...DEFAULT_LIMITS, ...LIMITS } });
  pipelines.push(pipeline);
  return pipeline;
}

/** What leaves the process, apart from the bytes that the field's own transform wrote. */
function saidAbout(pipeline: Pipeline): string {
  const { counters, unlisted, keyIds } = pipeline;
  return inspect([counters, unlisted, keyIds, JSON.stringify([...unlisted])], { depth: 9, maxArrayLength: 9999 });
}

function bytesOf(outcome: Outcome): Uint8Array {
  if (outcome.kind === 'drop') return utf8(outcome.code);
  if (outcome.kind === 'quarantine') return Buffer.concat([utf8(`${outcome.code} ${outcome.path} `), outcome.sealed]);
  const headers = outcome.headers.flatMap(({ name, value }) => [utf8(name), value ?? new Uint8Array()]);
  return Buffer.concat([outcome.key ?? new Uint8Array(), outcome.value ?? new Uint8Array(), ...headers]);
}

/** Leaks of a batch: `always` is never let out, `failed` not by records that are not forwarded. */
function leaksOf(
  pipeline: Pipeline,
  records: readonly SourceRecord[],
  always: LeakScanner,
  failed: LeakScanner,
): readonly Leak[] {
  const outcomes = pipeline.process(records);
  const refused = outcomes.filter(({ kind }) => kind !== 'forward');
  const joined = (list: readonly Outcome[]) => Buffer.concat(list.flatMap(outcome => [bytesOf(outcome), utf8(' ')]));
  return [...always.scan(joined(outcomes)), ...failed.scan(joined(refused))];
}

describe('no canary comes out', () => {
  it('of any transform, kind, parameter and failure', { timeout: 120_000 }, () => {
    const outcomes = { forward: 0, quarantine: 0 };
    for (const [number, found] of CASES.entries()) {
      const canaries = fieldCanaries(found.kind);
      const all = new LeakScanner([...Object.values(PLACED), ...canaries]);
      const placed = new LeakScanner(Object.values(PLACED));
      const { name } = found.definition.spec;
      const [onInvalid, unlisted] = MODES[number % MODES.length] ?? MODES[0];
      const pipeline = open(policyFor(found, onInvalid, unlisted));
      const records = canaries.flatMap(canary => [...wholeRecords(canary), ...damagedRecords(canary)]);
      const sent = name === 'keep' ? records.slice(0, 3) : records;
      expect(leaksOf(pipeline, sent, HIDING.includes(name) ? all : placed, all), titleOf(found)).toEqual([]);
      expect(all.scan(saidAbout(pipeline)), titleOf(found)).toEqual([]);
      outcomes.forward += pipeline.counters.forwarded;
      outcomes.quarantine += pipeline.counters.quarantined;
    }
    expect(outcomes.forward).toBeGreaterThan(1000);
    expect(outcomes.quarantine).toBeGreaterThan(1000);
  });

  it('of the program when something throws it', async () => {
    const canary = PLACED.nested;
    const scanner = new LeakScanner([canary]);
    const foreign = Object.assign(new TypeError(`broken at ${canary}\n    at ${canary} (${canary}:1:1)`), {
      code: canary,
      value: canary,
      cause: new Error(canary),
    });
    const written: string[] = [];
    const { write } = process.stderr;
    Object.assign(process.stderr, { write: (text: string) => written.push(text) > 0 });
    try {
      for (const thrown of [foreign, canary, { canary }, [canary], Object.assign(new Error(), { name: canary })]) {
        report(thrown);
        const sealed = asVeilError(thrown, 'INTERNAL');
        written.push(inspect(sealed, { depth: 9 }), JSON.stringify(sealed), String(sealed.stack));
      }
    } finally {
      Object.assign(process.stderr, { write });
    }
    expect(scanner.scan(written.join('\n'))).toEqual([]);
  });

  it('of a key store or key provider that fails', async () => {
    const scanner = new LeakScanner([PLACED.key, PLACED.name]);
    const fail = (): never => {
      throw new Error(`${PLACED.key} ${PLACED.name}`);
    };
    const stored = { domain: 'd', epoch: 1, keyId: '00000000', suite: 'intl-cmac', state: 'primary', createdAt: 0 };
    const store = { isTest: false, list: async () => [{ ...stored, kekId: 'k', wrapped: utf8(PLACED.name) }] };
    const provider = { name: 'p', wrap: fail, unwrap: fail };
    const failures = [
      openKeyRing({ ...store, list: fail } as never, provider as never, ['d'], systemRandom),
      openKeyRing(store as never, provider as never, ['d'], systemRandom),
    ];
    for (const failure of failures) {
      const error = asVeilError(
        await failure.then(
          () => undefined,
          (thrown: unknown) => thrown,
        ),
        'INTERNAL',
      );
      expect(scanner.scan(`${error.message} ${error.stack} ${inspect(error, { depth: 9 })}`)).toEqual([]);
    }
  });
});
