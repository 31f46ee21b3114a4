import { parseFieldPath, printSteps, type Step } from '../core/field-path.js';

/** A value without parts, as text; numbers keep the digits they were written with. */
export interface Leaf {
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  readonly text: string;
}

/** Marks number literals while JSON.parse reads the rest; U+0000 cannot stand in a JSON string unescaped. */
const NUMBER_MARK = '\u0000number:';

/**
 * Every value without parts of a JSON text by its path with indexes: `user.id`, `items[0].sku`. Empty objects and arrays hold
 * nothing and have no leaf. Returns undefined when the text is not JSON.
 */
export function jsonLeaves(text: string): ReadonlyMap<string, Leaf> | undefined {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, token =>
    token.startsWith('"') ? token : JSON.stringify(NUMBER_MARK + token),
  );
  const leaves = new Map<string, Leaf>();
  try {
    JSON.parse(text);
    collect(JSON.parse(marked), '', leaves);
  } catch {
    return undefined;
  }
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, Leaf>): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      collect(item, `${path}[${index}]`, leaves);
    });
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const step = printSteps([{ step: 'member', name }]);
      collect(member, path === '' ? step : `${path}.${step}`, leaves);
    }
  } else leaves.set(path, leafOf(value));
}

function leafOf(value: unknown): Leaf {
  if (typeof value === 'string') {
    return value.startsWith(NUMBER_MARK)
      ? { type: 'number', text: value.slice(NUMBER_MARK.length) }
      : { type: 'string', text: value };
  }
  if (typeof value === 'boolean') return { type: 'boolean', text: String(value) };
  return { type: 'null', text: 'null' };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The canonical spelling of a path that may carry indexes (`items[0].sku`). Throws PATH_SYNTAX. */
export function canonicalLeafPath(source: string): string {
  const indexes = [...source.matchAll(/\[(\d*)\]/g)].map(match => match[1] ?? '');
  const path = parseFieldPath(source.replace(/\[\d+\]/g, '[]'));
  if (path.root === 'key') return path.text;
  let index = 0;
  const text = (steps: readonly Step[]): string =>
    steps.reduce((before, step) => {
      if (step.step === 'each') return `${before}[${indexes[index++] ?? ''}]`;
      const name = printSteps([step]);
      return before === '' ? name : `${before}.${name}`;
    }, '');
  return `${path.root === 'header' ? '$headers.' : ''}${text(path.steps)}`;
}

/** A test for paths with indexes: `[]` in `pattern` stands for any index and `*` for any name of one level. */
export function leafPathMatcher(pattern: string): (path: string) => boolean {
  const source = canonicalLeafPath(pattern)
    .split(/(\[\]|(?:^|(?<=\.))\*(?=$|[.[]))/)
    .map(part => (part === '[]' ? '\\[\\d+\\]' : part === '*' ? '[^.[]+' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('');
  const expression = new RegExp(`^${source}$`, 'u');
  return path => expression.test(path);
}
