import { type Category, CODES, type Code, EXIT_STATUS } from './codes.js';

/** What may be said about a foreign error: its class, its code and where it came from. Never its message or properties: they hold data. */
export interface SealedCause {
  readonly className: string;
  readonly code: string;
  readonly frames: readonly string[];
}

/** The parts of a message. All of them are constant vocabulary, names from the policy, kinds or sizes: never a value of a record. */
export interface ErrorParts {
  /** A place: file:line:column, a field path, a topic-partition, a setting. */
  readonly where?: string;
  readonly expected?: string;
  /** A kind ("a number") or a size ("12 bytes"). */
  readonly got?: string;
  /** Overrides the table's next step. */
  readonly next?: string;
  readonly cause?: SealedCause;
}

/** The only error class of the product. Message: `CODE: <where> expected <x>, got <kind or size>; <next step>`. */
export class VeilError extends Error {
  override readonly name = 'VeilError';
  readonly code: Code;
  readonly category: Category;
  readonly where: string | undefined;
  readonly detail: ErrorParts;

  constructor(code: Code, parts: ErrorParts = {}) {
    super(messageOf(code, parts));
    this.code = code;
    this.category = CODES[code].category;
    this.where = parts.where;
    this.detail = parts;
  }

  /** Exit status a command ends with when this error stops it. */
  get exitStatus(): number {
    return EXIT_STATUS[this.category];
  }
}

function messageOf(code: Code, parts: ErrorParts): string {
  const table = CODES[code];
  const where = parts.where === undefined ? '' : `${parts.where} `;
  const said = parts.expected === undefined ? table.means : `expected ${parts.expected}`;
  const got = parts.got === undefined ? '' : `, got ${parts.got}`;
  const cause = parts.cause === undefined ? '' : ` [${parts.cause.className} ${parts.cause.code}]`;
  return `${code}: ${where}${said}${got}${cause}; ${parts.next ?? table.next}`;
}

const WORD = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Seals a foreign error (DESIGN 9): keeps class, code and stack frames; drops message and properties, which may print data. */
export function sealCause(error: unknown): SealedCause {
  if (error instanceof VeilError) return { className: 'VeilError', code: error.code, frames: framesOf(error) };
  if (!(error instanceof Error)) return { className: typeof error, code: 'none', frames: [] };
  const className = error.constructor.name;
  const code: unknown = 'code' in error ? error.code : undefined;
  const text = typeof code === 'string' || typeof code === 'number' ? String(code) : 'none';
  return {
    className: WORD.test(className) ? className : 'Error',
    code: WORD.test(text) ? text : 'none',
    frames: framesOf(error),
  };
}

/** Only lines of the form "at name (file:line:column)"; anything else of a stack may be message text. */
function framesOf(error: Error): string[] {
  const stack = error.stack ?? '';
  return stack
    .split('\n')
    .filter(line => /^ {4}at [\w$.<>[\] ]*\(?(?:node:|file:|\/|[A-Za-z]:\\)[^\n]*:\d+:\d+\)?$/.test(line))
    .slice(0, 10)
    .map(line => line.trim());
}

/** Wraps whatever was caught: a VeilError stays itself, anything else becomes `code` with a sealed cause. */
export function asVeilError(error: unknown, code: Code, parts: Omit<ErrorParts, 'cause'> = {}): VeilError {
  return error instanceof VeilError ? error : new VeilError(code, { ...parts, cause: sealCause(error) });
}

/** What kind of thing a JavaScript value is, for messages: never the value itself. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
