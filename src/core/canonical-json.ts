import { kindOf, VeilError } from './errors.js';

/** A value that JSON can carry. `undefined` members of objects are left out, as JSON.stringify does. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/**
 * The canonical JSON text of a value (RFC 8785, JSON Canonicalization Scheme): members sorted by UTF-16 code units (3.2.3),
 * numbers and strings as ECMAScript writes them (3.2.2), no white space (3.2.1). Equal values have equal texts, so their hashes
 * agree. Throws VeilError INTERNAL for what JSON cannot carry: NaN, infinities, lone surrogates (3.2.2.2), functions.
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new VeilError('INTERNAL', { where: 'canonical JSON', expected: 'a JSON value', got: kindOf(value) });
}

function canonicalObject(object: { readonly [name: string]: JsonValue | undefined }): string {
  const members: string[] = [];
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member !== undefined) members.push(`${canonicalJson(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
