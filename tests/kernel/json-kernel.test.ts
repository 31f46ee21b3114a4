import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.js';
import { Shape } from '../../src/core/token.js';
import { Fault } from '../../src/kernel/span-table.js';
import { createJsonKernel } from '../../src/kernel/typescript/json-kernel.js';
import { planOf, run, runText } from './scan-harness.js';

describe('what the plan keeps', () => {
  it('leaves out whatever is not named, at every depth', () => {
    const text = '{"a":1,"b":{"c":2,"d":3},"e":[{"f":4,"g":5},{"g":6}],"h":null}';
    expect(runText({ a: 'copy', 'b.c': 'copy', 'e[].f': 'copy' }, text)).toBe('{"a":1,"b":{"c":2},"e":[{"f":4},{}]}');
    expect(runText({ zzz: 'copy' }, text)).toBe('{}');
    expect(runText({}, text)).toBe('{}');
  });

  it('copies kept neighbours as written, white space included, and closes gaps', () => {
    const text = ' { "a" : 1 , "b" : "x\\u0041" ,\n "c" : [ 1 , 2 ] , "d" : {} } ';
    expect(runText({ a: 'copy', b: 'copy', c: 'copy' }, text)).toBe('{"a" : 1 , "b" : "x\\u0041" ,\n "c" : [ 1 , 2 ]}');
    expect(runText({ a: 'copy', c: 'copy' }, text)).toBe('{"a" : 1,"c" : [ 1 , 2 ]}');
    expect(runText({ d: 'copy' }, text)).toBe('{"d" : {}}');
  });

  it('prefers an explicit name to "*"', () => {
    const words = { 'm.*': 'copy', 'm.id': 'omit' } as const;
    expect(runText(words, '{"m":{"x":1,"id":2,"y":3}}')).toBe('{"m":{"x":1,"y":3}}');
    const looked = { 'm.*': 'copy', 'm.id': 'look' } as const;
    expect(runText(looked, '{"m":{"x":1,"id":2,"y":3}}')).toBe('{"m":{"x":1,"y":3}}');
  });

  it('walks nested arrays', () => {
    expect(runText({ 'm[][]': 'copy' }, '{"m":[[1,2],[],[3],4,{"x":5}]}')).toBe('{"m":[[1,2],[],[3]]}');
    expect(runText({ 'm[][].x': 'copy' }, '{"m":[[1,{"x":5,"y":6}],[]]}')).toBe('{"m":[[{"x":5}],[]]}');
  });

  it('leaves out a value of another type than the paths below it need', () => {
    const words = { 'u.id': 'copy', 'i[].s': 'copy' } as const;
    expect(runText(words, '{"u":"text","i":{"s":1}}')).toBe('{}');
    expect(runText(words, '{"u":[{"id":1}],"i":[1,null,[{"s":2}]]}')).toBe('{"i":[]}');
  });

  it('faults the record instead when unlisted fields are to be quarantined, but not for null', () => {
    const fault = (text: string): string => runText({ 'u.id': 'copy' }, text, undefined, { unlisted: 'fault' });
    expect(fault('{"u":{"id":1}}')).toBe('{"u":{"id":1}}');
    expect(fault('{"u":null}')).toBe('{}');
    expect(fault('{"u":1}')).toBe(`fault ${Fault.UNLISTED}`);
    expect(fault('{"u":{"x":1}}')).toBe(`fault ${Fault.UNLISTED}`);
    expect(fault('{"u":{"x":1},}')).toBe(`fault ${Fault.SYNTAX}`);
  });
});

describe('captured values', () => {
  it('are spans of the right field and token, and are spliced', () => {
    const text =
      '{"s":"x\\n","n":-1.50e+2,"t":true,"f":false,"z":null,"o":{ "k" : "\\u0041\\/" },"a":[ 1 , 2 ],"e":""}';
    const names = ['s', 'n', 't', 'f', 'z', 'o', 'a', 'e'];
    const words = Object.fromEntries(names.map(name => [name, 'capture' as const]));
    const { spans, out } = run(createJsonKernel(planOf(words)), [utf8(text)]);
    expect(spans.map(span => span.text)).toEqual([
      'x\n',
      '-1.50e+2',
      'true',
      'false',
      'null',
      '{"k":"A/"}',
      '[1,2]',
      '',
    ]);
    expect(spans.map(span => span.token)).toEqual([1, 2, 3, 4, 5, 6, 7, 1]);
    expect(spans.map(span => span.field)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(out[0]).toBe('{"s":"x\\n","n":-1.50e+2,"t":true,"f":false,"z":null,"o":{"k":"A/"},"a":[1,2],"e":""}');
  });

  it('that are only looked at are not written, also inside kept, captured, omitted and unlisted objects', () => {
    const text = '{"k":{"id":"1","x":2},"c":{"id":"3"},"o":{"id":"4"},"u":{"id":"5","y":6},"t":7}';
    const words = {
      k: 'copy',
      'k.id': 'look',
      c: 'capture',
      'c.id': 'look',
      o: 'omit',
      'o.id': 'look',
      'u.id': 'look',
      t: 'copy',
    } as const;
    const { spans, out } = run(createJsonKernel(planOf(words)), [utf8(text)]);
    expect(spans.map(({ field, text: value }) => [field, value])).toEqual([
      [1, '1'],
      [3, '3'],
      [2, '{"id":"3"}'],
      [5, '4'],
      [6, '5'],
    ]);
    expect(out[0]).toBe('{"k":{"id":"1","x":2},"c":{"id":"3"},"t":7}');
  });

  it('take every shape of result, commas right, inside objects and arrays', () => {
    const shapes = [Shape.OMIT, Shape.TEXT, Shape.PLAIN, Shape.NUMBER, Shape.NULL, Shape.RAW, Shape.OMIT, Shape.UNSET];
    let next = 0;
    const answer = (): { shape: Shape; text: string } => ({
      shape: shapes[next++ % shapes.length] ?? Shape.OMIT,
      text: '7',
    });
    const expected = '{"a":["7","7",7,null,7],"b":1}';
    expect(runText({ 'a[]': 'capture', b: 'copy' }, '{"a":[1,2,3,4,5,6,7,8],"b":1}', answer)).toBe(expected);
    next = 0;
    const members = '{"m":{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8}}';
    expect(runText({ 'm.*': 'capture' }, members, answer)).toBe('{"m":{"2":"7","3":"7","4":7,"5":null,"6":7}}');
  });

  it('that become text are escaped as short as JSON allows', () => {
    const text = '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028张😀';
    const written = runText({ a: 'capture' }, '{"a":1}', () => ({ shape: Shape.TEXT, text }));
    expect(written).toBe('{"a":"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\u2028张😀"}');
  });
});

describe('member names written with escapes', () => {
  it('match rules and are written canonically', () => {
    expect(runText({ phone: 'copy' }, '{"x":1,"ph\\u006fne":"1\\u0032"}')).toBe('{"phone":"1\\u0032"}');
    expect(runText({ phone: 'capture', b: 'copy' }, '{"b":1,"ph\\u006fne":2}')).toBe('{"b":1,"phone":2}');
    expect(runText({ 'a.b': 'copy' }, '{"\\u0061":{"\\u0062":1}}')).toBe('{"a":{"b":1}}');
    expect(runText({ '*': 'copy' }, '{"a\\"\\u0009\\ud83d\\ude00":1,"b":2}')).toBe('{"a\\"\\t😀":1,"b":2}');
    expect(runText({ a: 'capture' }, '{"\\u0061":{"x":[]}}')).toBe('{"a":{"x":[]}}');
  });

  it('are duplicates of the same name written plainly', () => {
    const fault = `fault ${Fault.DUPLICATE}`;
    expect(runText({}, '{"phone":1,"ph\\u006fne":2}')).toBe(fault);
    expect(runText({}, '{"ph\\u006fne":1,"phone":2}')).toBe(fault);
    expect(runText({}, '{"a":[{"b":{"\\u0063":1,"\\u0063":2}}]}')).toBe(fault);
    expect(runText({ a: 'copy' }, '{"a":{"张":1,"\\u5f20":2}}')).toBe(fault);
    expect(runText({}, '{"":1,"":2}')).toBe(fault);
    expect(runText({ a: 'copy' }, '{"a":{"a":{"a":1},"b":{"a":1}}}')).toBe('{"a":{"a":{"a":1},"b":{"a":1}}}');
  });
});
