import type { Kind } from '../../src/kinds/kind.js';
import type { Parameters, RuleFinding } from '../../src/transform/spec.js';
import { METHODS, referenceOf } from './methods.js';
import { Grid } from './numbers.js';

const wrong = (message: string, fix: string): RuleFinding => ({ severity: 'wrong', message, fix });
const weak = (message: string, fix: string): RuleFinding => ({ severity: 'weak', message, fix });

/** The checks of `generalize` that bounds of single parameters cannot express. */
export function lintGeneralize(params: Parameters, kind: Kind | undefined): readonly RuleFinding[] {
  const method = METHODS.get(String(params.to));
  if (method === undefined) return [wrong('"to" is missing', `give one of ${[...METHODS.keys()].join(', ')}`)];
  if (!method.kinds.includes(kind?.name ?? '-')) {
    const accepted = method.kinds.map(name => (name === '-' ? 'no kind' : name)).join(', ');
    return [
      wrong(`"to: ${params.to}" does not apply to ${kind?.name ?? 'a value without a kind'}`, `it accepts ${accepted}`),
    ];
  }
  const given = Object.keys(params).filter(name => name !== 'to' && params[name] !== undefined);
  const known = [...method.needs, ...method.uses];
  return [
    ...method.needs
      .filter(name => !given.includes(name))
      .map(name => wrong(`"to: ${params.to}" needs "${name}"`, 'add it')),
    ...given
      .filter(name => !known.includes(name))
      .map(name => wrong(`"to: ${params.to}" does not use "${name}"`, 'remove it')),
    ...lintBands(params),
    ...lintFineness(params, kind),
  ];
}

function lintBands(params: Parameters): readonly RuleFinding[] {
  const { to, step, ranges, bottom, top } = params;
  if (to !== 'range' && to !== 'age') return [];
  const findings: RuleFinding[] = [];
  if (step !== undefined && ranges !== undefined)
    findings.push(wrong('"step" and "ranges" exclude each other', 'remove one'));
  if (to === 'range' && step === undefined && ranges === undefined) {
    findings.push(wrong('"to: range" needs "step" or "ranges"', 'add one of them'));
  }
  if (to === 'age' && params.at !== undefined && referenceOf(params.at) === undefined) {
    findings.push(wrong('"at" is not a date', 'write it as yyyy-mm-dd'));
  }
  if (Array.isArray(ranges) && !isAscending(ranges)) {
    findings.push(
      wrong('the limits of "ranges" do not ascend, or there are fewer than two', 'list at least two, from low to high'),
    );
  }
  if (typeof bottom === 'number' && typeof top === 'number' && bottom >= top) {
    findings.push(wrong('"bottom" is not below "top"', 'exchange or change them'));
  }
  for (const edge of [bottom, top]) {
    if (typeof edge === 'number' && !isEdge(edge, step, ranges)) {
      findings.push(
        wrong('"bottom" and "top" must be limits of the steps or ranges', 'align them, so that cells do not overlap'),
      );
    }
  }
  if (ranges === undefined && (bottom === undefined || top === undefined)) {
    findings.push(
      weak('without "bottom" and "top" an extreme value stands alone in its cell', 'add bottom and top coding'),
    );
  }
  return findings;
}

function isAscending(limits: readonly number[]): boolean {
  return limits.length >= 2 && limits.every((limit, index) => index === 0 || limit > (limits[index - 1] ?? limit));
}

function isEdge(edge: number, step: Parameters[string], ranges: Parameters[string]): boolean {
  if (Array.isArray(ranges)) return ranges.includes(edge);
  return typeof step === 'number' ? new Grid(step).hasEdge(edge) : true;
}

/** Cells so small that they single people out. */
function lintFineness(params: Parameters, kind: Kind | undefined): readonly RuleFinding[] {
  const prefix = Number(params.prefix);
  if (kind?.name === 'ipv4' && prefix >= 32)
    return [wrong('a prefix of 32 bits is the whole address', 'use 24 or less')];
  if (kind?.name === 'ipv6' && prefix >= 128)
    return [wrong('a prefix of 128 bits is the whole address', 'use 48 or less')];
  if (kind?.name === 'ipv4' && prefix > 24)
    return [weak('networks of less than 256 addresses are often one household', 'use 24 or less')];
  if (kind?.name === 'ipv6' && prefix > 48) return [weak('providers give one customer a /56 or /64', 'use 48 or less')];
  if (Number(params.degrees) < 0.01)
    return [weak('a cell below 0.01 degrees (1.1 km) is a precise location', 'use 0.05 or more')];
  if (Number(params.length) > 6) return [weak('a geohash of 7 characters is a cell of 150 m', 'use 5 or less')];
  return [];
}
