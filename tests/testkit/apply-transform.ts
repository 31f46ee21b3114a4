import { textOf, utf8 } from '../../src/core/bytes.js';
import type { Code } from '../../src/core/codes.js';
import { parseFieldPath } from '../../src/core/field-path.js';
import type { RandomSource } from '../../src/core/ports.js';
import { Secret } from '../../src/core/secret.js';
import { Shape, Token } from '../../src/core/token.js';
import { type DerivationScope, deriveRuleKeys } from '../../src/crypto/derive.js';
import type { Kind } from '../../src/kinds/kind.js';
import { ByteBuffer } from '../../src/kinds/normal/byte-buffer.js';
import type { Column } from '../../src/transform/column.js';
import type { TransformContext } from '../../src/transform/context.js';
import { Output } from '../../src/transform/output.js';
import type { Parameters, Transform, TransformDefinition } from '../../src/transform/spec.js';

/** One value as a transform gets it: canonical text, token type, subject. */
export interface Row {
  readonly text: string;
  readonly token?: number;
  readonly subject?: string;
}

/** One result as a consumer sees it. `text` is undefined unless the shape carries bytes. */
export interface Result {
  readonly shape: number;
  readonly text: string | undefined;
  readonly code: string | undefined;
  /** The record is left out. */
  readonly dropped: boolean;
  /** How often the transform gave this row a result. */
  readonly given: number;
}

/** The rule around a transform under test. */
export interface Rule {
  readonly params?: Parameters;
  readonly kind?: Kind | undefined;
  readonly scope?: Partial<DerivationScope>;
  readonly policy?: string;
  readonly path?: string;
  /** Seed of the random bytes. */
  readonly seed?: number;
}

/** The one domain key of transform tests: bytes 0 .. 31. */
export const TEST_KEY: Uint8Array = Uint8Array.from({ length: 32 }, (_, at) => at);

/** A small seeded generator (Marsaglia's xorshift, 32 bits): numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Random bytes that a test can repeat. */
export function seededRandom(seed: number): RandomSource {
  const next = seeded(seed);
  return { bytes: size => Uint8Array.from({ length: size }, () => Math.floor(next() * 256)) };
}

/** The context of a rule, with real keys derived as the key ring derives them. */
export function contextOf({ spec }: TransformDefinition, rule: Rule): TransformContext {
  const random = seededRandom(rule.seed ?? 1);
  const path = parseFieldPath(rule.path ?? 'user.field');
  const scope: DerivationScope = {
    suite: 'intl-cmac',
    domain: 'test',
    epoch: 1,
    keyId: '0badc0de',
    transform: spec.name,
    kind: spec.perSubject ? '-' : (rule.kind?.name ?? '-'),
    path: spec.linking === 'path' ? path.text : '',
    ...rule.scope,
  };
  const keys = spec.keyed ? deriveRuleKeys(new Secret(TEST_KEY.slice()), scope, random) : undefined;
  return { policy: rule.policy ?? 'test-route', path, kind: rule.kind, keys, random };
}

/** Makes the transform of a rule. */
export function makeTransform(definition: TransformDefinition, rule: Rule = {}): Transform {
  return definition.create(rule.params ?? {}, contextOf(definition, rule));
}

/** Counts how often each row gets a result. */
class CountingOutput extends Output {
  readonly given: number[] = [];

  override text(row: number, start: number, end: number): void {
    this.#count(row);
    super.text(row, start, end);
  }
  override plain(row: number, start: number, end: number): void {
    this.#count(row);
    super.plain(row, start, end);
  }
  override number(row: number, start: number, end: number): void {
    this.#count(row);
    super.number(row, start, end);
  }
  override nothing(row: number): void {
    this.#count(row);
    super.nothing(row);
  }
  override omit(row: number): void {
    this.#count(row);
    super.omit(row);
  }
  override invalid(row: number, code: Code): void {
    this.#count(row);
    super.invalid(row, code);
  }
  override dropRecord(row: number, code: Code): void {
    this.#count(row);
    super.dropRecord(row, code);
  }

  #count(row: number): void {
    this.given[row] = (this.given[row] ?? 0) + 1;
  }
}

/** Lays rows out as a column; row i is record i. The values do not begin at 0, as in a real batch. */
export function columnOf(rows: readonly Row[]): Column {
  const values = layOut(rows.map(row => row.text));
  const subjects = layOut(rows.map(row => row.subject ?? ''));
  return {
    count: rows.length,
    bytes: values.bytes,
    starts: values.starts,
    ends: values.ends,
    tokens: Uint8Array.from(rows, row => row.token ?? Token.STRING),
    records: Uint32Array.from(rows, (_, index) => index),
    subjects,
  };
}

function layOut(texts: readonly string[]): { bytes: Uint8Array; starts: Uint32Array; ends: Uint32Array } {
  const buffer = new ByteBuffer();
  buffer.length = 7;
  const starts = new Uint32Array(texts.length);
  const ends = new Uint32Array(texts.length);
  texts.forEach((text, index) => {
    const bytes = utf8(text);
    const at = buffer.reserve(bytes.length);
    buffer.bytes.set(bytes, at);
    buffer.length = at + bytes.length;
    starts[index] = at;
    ends[index] = buffer.length;
  });
  return { bytes: buffer.bytes, starts, ends };
}

/** Runs a transform over rows as one batch. Output begins small, so that it has to grow, and behind other bytes. */
export function applyTo(transform: Transform, rows: readonly Row[]): readonly Result[] {
  const out = new CountingOutput(16, 1);
  out.reset();
  out.length = out.reserve(5) + 5;
  out.begin(rows.length);
  transform.apply(columnOf(rows), out);
  return rows.map((_, row) => resultOf(out, row));
}

function resultOf(out: CountingOutput, row: number): Result {
  const shape = out.shapes[row] ?? Shape.UNSET;
  const carries = shape === Shape.TEXT || shape === Shape.PLAIN || shape === Shape.NUMBER;
  return {
    shape,
    text: carries ? textOf(out.bytes, out.starts[row] ?? 0, out.ends[row] ?? 0) : undefined,
    code: shape === Shape.INVALID ? out.codeOf(row) : out.droppedRows.get(row),
    dropped: out.droppedRows.has(row),
    given: out.given[row] ?? 0,
  };
}

/** Makes a transform and runs it over texts. */
export function run(definition: TransformDefinition, rule: Rule, rows: readonly Row[]): readonly Result[] {
  return applyTo(makeTransform(definition, rule), rows);
}

/** The normal form of a text, or undefined when the kind refuses it. Without a kind, the text itself. */
export function normalForm(kind: Kind | undefined, text: string): string | undefined {
  if (kind === undefined) return text;
  const bytes = utf8(text);
  const sink = new ByteBuffer();
  if (bytes.length === 0 || !kind.normalize(bytes, 0, bytes.length, sink)) return undefined;
  return sink.text();
}

/** A text as the pipeline gives it to a transform: its normal form where the transform asks for it; undefined when refused before. */
export function inputOf({ spec }: TransformDefinition, kind: Kind | undefined, text: string): string | undefined {
  const normal = normalForm(kind, text);
  return spec.input === 'normal' || normal === undefined ? normal : text;
}
