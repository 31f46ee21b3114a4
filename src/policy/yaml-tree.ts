import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, Scalar } from 'yaml';
import type { Findings, Place } from './findings.js';

/** A scalar of the file. `value` is what it means; strings may be replaced by interpolation before anybody reads them. */
export interface YamlScalar {
  readonly type: 'scalar';
  value: string | number | boolean | null;
  /** True when the text comes from an environment variable, so that no message repeats it. */
  interpolated: boolean;
  readonly place: Place;
  /** Where the characters of the text begin: behind the quote, if there is one. */
  readonly textPlace: Place;
}

/** A list of the file. */
export interface YamlList {
  readonly type: 'list';
  readonly items: readonly YamlTree[];
  readonly place: Place;
}

/** One entry of a map, with the place of its key. */
export interface YamlEntry {
  readonly name: string;
  readonly place: Place;
  /** Where the characters of the name begin: behind the quote, if there is one. */
  readonly textPlace: Place;
  readonly value: YamlTree;
}

/** A map of the file; names are distinct and in the file's order. */
export interface YamlMap {
  readonly type: 'map';
  readonly entries: readonly YamlEntry[];
  readonly place: Place;
}

/** A YAML file as plain data with places. */
export type YamlTree = YamlScalar | YamlList | YamlMap;

const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;
const START: Place = { line: 1, col: 1 };
const utf8Decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses YAML 1.2 (core schema) to a tree. Refused with findings, all at once: more than 1 MiB, invalid UTF-8, syntax errors,
 * several documents, directives, duplicate keys, anchors, aliases, merge keys, tags, unquoted numbers as keys, deep nesting.
 * Returns undefined when nothing useful could be read. Never throws.
 */
export function parseYamlTree(bytes: Uint8Array, findings: Findings): YamlTree | undefined {
  if (bytes.length > MAX_BYTES) {
    findings.error('POLICY_TOO_LARGE', START, {
      message: `the file has ${bytes.length} bytes, more than ${MAX_BYTES}`,
    });
    return undefined;
  }
  let text: string;
  try {
    text = utf8Decoder.decode(bytes);
  } catch {
    findings.error('POLICY_SYNTAX', START, { message: 'the file is not valid UTF-8', fix: 'save it as UTF-8' });
    return undefined;
  }
  return parseText(text, findings);
}

function parseText(text: string, findings: Findings): YamlTree | undefined {
  const lines = new LineCounter();
  const deep = firstDeepFlow(text);
  if (deep !== undefined) return tooDeep(findings, placeIn(text, deep));
  let document: Document.Parsed;
  try {
    // Duplicate keys are found by this file in linear time; the library compares every pair of keys.
    document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      lineCounter: lines,
      prettyErrors: false,
    });
  } catch {
    // The parser recurses: a file that exhausts the stack is nested too deeply.
    return tooDeep(findings, START);
  }
  for (const error of document.errors.slice(0, 20)) {
    findings.error('POLICY_SYNTAX', placeAt(lines, error.pos[0]), { message: syntaxMessage(error.code) });
  }
  if (document.errors.length > 0) return undefined;
  if (text.startsWith('%'))
    findings.error('POLICY_SYNTAX', START, { message: 'YAML directives are refused', fix: 'remove the line' });
  if (document.contents === null) {
    findings.error('POLICY_MISSING', START, {
      message: 'the file is empty',
      fix: 'start with "version: 1", or run veil init',
    });
    return undefined;
  }
  return new TreeBuilder(lines, findings).build(document.contents, 0);
}

function tooDeep(findings: Findings, place: Place): undefined {
  findings.error('POLICY_SYNTAX', place, {
    message: `nested deeper than ${MAX_DEPTH} levels`,
    fix: 'flatten the file',
  });
  return undefined;
}

/** Copies the library's nodes into a tree, refusing what a policy must not contain. */
class TreeBuilder {
  readonly #lines: LineCounter;
  readonly #findings: Findings;

  constructor(lines: LineCounter, findings: Findings) {
    this.#lines = lines;
    this.#findings = findings;
  }

  build(node: unknown, at: number, depth = 0): YamlTree {
    const place = this.#placeOf(node, at);
    if (depth > MAX_DEPTH) tooDeep(this.#findings, place);
    else if (isAlias(node)) this.#findings.error('POLICY_ALIAS', place);
    else if (isMap(node)) return this.#map(node.items, this.#checked(node, place), depth);
    else if (isSeq(node))
      return {
        type: 'list',
        items: node.items.map(item => this.build(item, at, depth + 1)),
        place: this.#checked(node, place),
      };
    else if (isScalar(node)) return this.#scalar(node, this.#checked(node, place));
    return nothingAt(place);
  }

  #map(items: readonly unknown[], place: Place, depth: number): YamlMap {
    const entries: YamlEntry[] = [];
    const first = new Map<string, Place>();
    for (const item of items) {
      if (!isPair(item)) continue;
      const name = this.#name(item.key, place);
      if (name === undefined) continue;
      const earlier = first.get(name.text);
      if (earlier !== undefined) {
        const message = `"${name.text}" is given twice, first in line ${earlier.line}`;
        this.#findings.error('POLICY_DUPLICATE_KEY', name.place, { message });
        continue;
      }
      first.set(name.text, name.place);
      const value = this.#value(item.value, name, depth);
      entries.push({ name: name.text, place: name.place, textPlace: name.textPlace, value });
    }
    return { type: 'map', entries, place };
  }

  #value(node: unknown, name: { place: Place; end: number }, depth: number): YamlTree {
    // An entry without a value has no node of its own: its key is the best place to show.
    return node === null || node === undefined ? nothingAt(name.place) : this.build(node, name.end, depth + 1);
  }

  #name(key: unknown, map: Place): { text: string; place: Place; textPlace: Place; end: number } | undefined {
    const place = key === null ? map : this.#placeOf(key, 0);
    if (isAlias(key)) this.#findings.error('POLICY_ALIAS', place);
    else if (!isScalar(key)) this.#findings.error('POLICY_TYPE', place, { message: 'a key must be text' });
    else {
      this.#checked(key, place);
      if (key.value === '<<' && key.type === Scalar.PLAIN) this.#findings.error('POLICY_ALIAS', place);
      else if (typeof key.value === 'string') {
        return { text: key.value, place, textPlace: textPlaceOf(key, place), end: key.range?.[1] ?? 0 };
      } else if (typeof key.value === 'number')
        this.#findings.error('POLICY_NUMERIC_SCALAR', place, { message: 'a number stands as a key' });
      else this.#findings.error('POLICY_TYPE', place, { message: 'a key must be text', fix: 'quote it' });
    }
    return undefined;
  }

  #scalar(node: Scalar, place: Place): YamlScalar {
    const { value } = node;
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return {
      type: 'scalar',
      value: known ? value : null,
      interpolated: false,
      place,
      textPlace: textPlaceOf(node, place),
    };
  }

  /** Refuses anchors and tags; returns the place. */
  #checked(node: { anchor?: string; tag?: string }, place: Place): Place {
    if (node.anchor !== undefined) this.#findings.error('POLICY_ALIAS', place);
    if (node.tag !== undefined)
      this.#findings.error('POLICY_ALIAS', place, { message: 'tags are refused', fix: 'remove the tag' });
    return place;
  }

  #placeOf(node: unknown, otherwise: number): Place {
    const range = isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
    return placeAt(this.#lines, range?.[0] ?? otherwise);
  }
}

function nothingAt(place: Place): YamlScalar {
  return { type: 'scalar', value: null, interpolated: false, place, textPlace: place };
}

function textPlaceOf(node: Scalar, place: Place): Place {
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  return quoted ? { line: place.line, col: place.col + 1 } : place;
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), col: Math.max(col, 1) };
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, col: (before.at(-1)?.length ?? 0) + 1 };
}

/**
 * Offset of the first bracket, dash or question mark that opens a level too many on one line, or undefined. Looked at before
 * parsing, because the parser's time grows with the square of such nesting. Strings are not recognised: 512 brackets in a row
 * of text are refused as well.
 */
function firstDeepFlow(text: string): number | undefined {
  const found = /(?:[[{?:-][ \t\r\n]*){512}/.exec(text);
  return found?.index;
}

/** Words for the library's error codes: its messages may repeat the text. */
function syntaxMessage(code: string): string {
  if (code === 'MULTIPLE_DOCS') return 'several documents in one file';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line';
  if (code === 'BAD_ALIAS' || code === 'ALIAS_PROPS' || code === 'MULTIPLE_ANCHORS') return 'a bad anchor or alias';
  if (code === 'MISSING_CHAR') return 'a comma, colon or closing quote or bracket is missing';
  if (code === 'BAD_INDENT') return 'the indentation does not fit, or a bracket is not closed';
  if (code === 'BAD_DQ_ESCAPE') return 'an unknown escape in double quotes; use single quotes for regular expressions';
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return 'a block stands where one line is expected';
  if (code === 'MULTILINE_IMPLICIT_KEY') return 'a key must stand on one line';
  return 'the text is not valid YAML 1.2 here';
}
