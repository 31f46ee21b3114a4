import { VeilError } from './errors.js';

/** One step of a path: a member by name, every element of an array (`[]`), or any member of one level (`*`). */
export type Step =
  | { readonly step: 'member'; readonly name: string }
  | { readonly step: 'each' }
  | { readonly step: 'any' };

/** Which part of a record a path starts in. */
export type PathRoot = 'value' | 'key' | 'header';

/** A parsed field path: `user.id`, `items[].sku`, `tags.*`, `"odd name".x`, `$key`, `$headers.trace`. */
export interface FieldPath {
  readonly root: PathRoot;
  readonly steps: readonly Step[];
  /** Canonical spelling: the same path always has the same text. */
  readonly text: string;
}

const PLAIN = /^[\p{L}\p{N}_@$#-][\p{L}\p{N}_@$#-]*$/u;
const MAX_TEXT = 1024;
const MAX_STEPS = 64;

/**
 * Parses a field path. Grammar: `path = "$key" | "$headers." name | name *( "." name | "[]" )`, `name = plain | quoted | "*"`;
 * a quoted name is a JSON string. Throws PATH_SYNTAX with the column (1-based) inside the path.
 */
export function parseFieldPath(source: string): FieldPath {
  if (source.length > MAX_TEXT) throw pathError(source, MAX_TEXT, `at most ${MAX_TEXT} characters`);
  if (source === '$key') return { root: 'key', steps: [], text: '$key' };
  const isHeader = source.startsWith('$headers.');
  if (source.startsWith('$') && !isHeader) throw pathError(source, 0, '$key or $headers.NAME');
  const steps = parseSteps(source, isHeader ? '$headers.'.length : 0);
  if (!isHeader) return { root: 'value', steps, text: printSteps(steps) };
  const [only, ...rest] = steps;
  if (only?.step !== 'member' || rest.length > 0) throw pathError(source, 0, '$headers.NAME with one name');
  return { root: 'header', steps, text: `$headers.${printSteps(steps)}` };
}

function parseSteps(source: string, from: number): Step[] {
  const steps: Step[] = [];
  let at = from;
  for (;;) {
    const [step, next] = parseName(source, at);
    steps.push(step);
    at = next;
    while (source.startsWith('[]', at)) {
      steps.push({ step: 'each' });
      at += 2;
    }
    if (steps.length > MAX_STEPS) throw pathError(source, at, `at most ${MAX_STEPS} steps`);
    if (at === source.length) return steps;
    if (source[at] !== '.') throw pathError(source, at, '"." or "[]"');
    at += 1;
  }
}

function parseName(source: string, at: number): [Step, number] {
  if (source[at] === '"') return parseQuoted(source, at);
  let end = at;
  while (end < source.length && !'.["]*'.includes(source.charAt(end))) end += 1;
  if (end === at && source[at] === '*') return [{ step: 'any' }, at + 1];
  const name = source.slice(at, end);
  if (!PLAIN.test(name)) throw pathError(source, at, 'a name, "*" or a quoted name');
  return [{ step: 'member', name }, end];
}

function parseQuoted(source: string, at: number): [Step, number] {
  let end = at + 1;
  while (end < source.length && source[end] !== '"') end += source[end] === '\\' ? 2 : 1;
  if (end >= source.length) throw pathError(source, at, 'a closing quote');
  try {
    const name: unknown = JSON.parse(source.slice(at, end + 1));
    if (typeof name === 'string') return [{ step: 'member', name }, end + 1];
  } catch {
    // JSON.parse's message may print the text; ours does not.
  }
  throw pathError(source, at, 'a quoted name with JSON escapes');
}

function pathError(source: string, at: number, expected: string): VeilError {
  return new VeilError('PATH_SYNTAX', { where: `field path, column ${at + 1} of ${source.length}`, expected });
}

/** Canonical text of steps below a root. */
export function printSteps(steps: readonly Step[]): string {
  let text = '';
  for (const step of steps) {
    if (step.step === 'each') text += '[]';
    else text += (text === '' ? '' : '.') + (step.step === 'any' ? '*' : printName(step.name));
  }
  return text;
}

function printName(name: string): string {
  return PLAIN.test(name) && !name.startsWith('$') ? name : JSON.stringify(name);
}

/** True when `path` can match more than one value of a record. */
export function isRepeated(path: FieldPath): boolean {
  return path.steps.some(step => step.step !== 'member');
}
