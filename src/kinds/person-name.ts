import { textOf, utf8 } from '../core/bytes.js';
import type { ByteSink, Kind } from './kind.js';
import { asciiSet } from './normal/ascii.js';
import { HAN_BYTES, HanTrie, hanAt } from './normal/han.js';
import { FULL_MASK, firstCharacter, maskNormal } from './normal/mask.js';
import { append, appendBytes, compatible, normalizeText } from './normal/text.js';

const MAX_BYTES = 256;
const MAX_CHARACTERS = 64;
/** Han characters of a name without a middle dot. */
const HAN_MAX = 8;
const SPACE = 0x20;
/** What may stand in a Latin name beside letters. */
const BETWEEN_LETTERS = asciiSet(" '.-");
const STARS = utf8('*'.repeat(HAN_MAX));
const LATIN_STARS = 3;

/** Middle dots and the characters people type for them. */
const DOTS = /[\u2022\u2027\u2219\u22c5\u30fb]|(?<=\p{Script=Han})\.(?=\p{Script=Han})/gu;
const NAME = /^[\p{L}\p{Script=Han}][\p{L}\p{M}\p{Script=Han} '·.-]*$/u;
const LETTERS = /[\p{L}\p{Script=Han}]/gu;
const HAN_ONLY = /^\p{Script=Han}+$/u;

/** Surnames of two characters (百家姓 and those still borne), in simplified and traditional form. */
const COMPOUND_SURNAMES = (
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 ' +
  '宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 ' +
  '微生 左丘 东门 西门 第五 梁丘 南郭 北宫 歐陽 端木 司馬 東方 獨孤 南宮 聞人 諸葛 尉遲 赫連 澹臺 濮陽 公孫 仲孫 鍾離 長孫 鮮于 閭丘 子車 巫馬 ' +
  '顓孫 壤駟 樂正 穀梁 夾谷 軒轅 東郭 南門 東門 西門 北宮'
).split(' ');
const surnames = new HanTrie(1, COMPOUND_SURNAMES.join('').length);
for (const surname of COMPOUND_SURNAMES) surnames.add(0, surname, 1);

/**
 * Normal form: NFKC, invisible characters dropped, one kind of middle dot, apostrophe and hyphen; no spaces beside Han characters
 * and dots, single spaces elsewhere; upper case (passports and cards print it so). Valid: at least two letters of any script; a
 * name of Han characters alone has two to eight.
 */
function normalize(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (isPlainHan(bytes, start, end)) {
    appendBytes(sink, bytes, start, end);
    return true;
  }
  return normalizeLatin(bytes, start, end, sink) || normalizeUnicode(bytes, start, end, sink);
}

/** Two to eight characters of U+4E00-U+9FFF: such a name is its own normal form, so no text is made of it. */
function isPlainHan(bytes: Uint8Array, start: number, end: number): boolean {
  const size = end - start;
  if (size % HAN_BYTES !== 0 || size < 2 * HAN_BYTES || size > HAN_MAX * HAN_BYTES) return false;
  for (let at = start; at < end; at += HAN_BYTES) if (hanAt(bytes, at, end) === 0) return false;
  return true;
}

/** Latin words with single spaces between them, byte by byte; false for all other names, which `normalizeUnicode` decides. */
function normalizeLatin(bytes: Uint8Array, start: number, end: number, sink: ByteSink): boolean {
  if (end - start > MAX_CHARACTERS || bytes[end - 1] === SPACE) return false;
  const at = sink.reserve(end - start);
  const out = sink.bytes;
  let letters = 0;
  for (let from = start, to = at; from < end; from += 1, to += 1) {
    const byte = bytes[from] ?? 0;
    const upper = byte & 0xdf;
    if (upper >= 0x41 && upper <= 0x5a) {
      out[to] = upper;
      letters += 1;
    } else {
      if (from === start || BETWEEN_LETTERS[byte] !== 1 || (byte === SPACE && bytes[from - 1] === SPACE)) return false;
      out[to] = byte;
    }
  }
  if (letters < 2) return false;
  sink.length = at + end - start;
  return true;
}

const normalizeUnicode = normalizeText(text => {
  const name = compatible(text)
    .replace(DOTS, '·')
    .replace(/[\u2018\u2019\u02bc\u0060]/g, "'")
    .replace(/\s+/gu, ' ')
    .replace(/ ?· ?|(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, match => match.trim())
    .trim()
    .toUpperCase();
  return isName(name) ? name : undefined;
}, MAX_BYTES);

function isName(name: string): boolean {
  if (name.length > MAX_CHARACTERS || !NAME.test(name)) return false;
  return (name.match(LETTERS)?.length ?? 0) >= 2 && !(HAN_ONLY.test(name) && [...name].length > HAN_MAX);
}

/** Han names keep the surname and their length, others the first letter. */
function show(bytes: Uint8Array, start: number, end: number, sink: ByteSink): void {
  if (isPlainHan(bytes, start, end)) {
    const characters = (end - start) / HAN_BYTES;
    const surname = surnameLength(bytes, start, end, characters);
    appendBytes(sink, bytes, start, start + surname * HAN_BYTES);
    appendBytes(sink, STARS, 0, characters - surname);
  } else if ((bytes[start] ?? 0) < 0x80 && (bytes[start + 1] ?? 0) < 0x80) {
    appendBytes(sink, bytes, start, start + 1);
    appendBytes(sink, STARS, 0, LATIN_STARS);
  } else append(sink, showText(bytes, start, end));
}

function surnameLength(bytes: Uint8Array, start: number, end: number, characters: number): number {
  return characters > 2 && surnames.longest(0, bytes, start, end) > start ? 2 : 1;
}

function showText(bytes: Uint8Array, start: number, end: number): string {
  const name = textOf(bytes, start, end);
  if (!HAN_ONLY.test(name)) {
    const first = firstCharacter(name);
    return first === undefined ? FULL_MASK : `${first}***`;
  }
  const characters = [...name];
  const surname = surnameLength(bytes, start, end, characters.length);
  return characters.slice(0, surname).join('') + '*'.repeat(characters.length - surname);
}

/** The name of a person. */
export const PERSON_NAME: Kind = {
  name: 'person-name',
  title: 'Name of a person',
  titleZh: '姓名',
  classA: 'A01',
  classB: undefined,
  identifier: 'direct',
  acceptsNumber: false,
  guessSpaceLog10: 6,
  normalize,
  mask: maskNormal(normalize, show),
  maskReveals: 'the surname and the length of Han names, the first letter of others',
  maskRevealsAtMost: 2,
  redacted: '[person-name]',
  fieldNames: [
    /(^|_)((real|full|true|legal|first|last|given|family|sur|chinese)_?name|surname|xm)$/,
    /(^|_)(person|user|customer|contact|consignee|receiver|recipient|sender|buyer|owner|holder|patient|student|employee|staff|driver|payee|payer|member)s?_?(full_?)?name$/,
    /^name$/,
    /xingming/,
    /姓名|真实名|联系人$|收[件货]人$|寄件人$|持卡人$|户名/,
  ],
  examples: [
    { in: '张三', normal: '张三', masked: '张*' },
    { in: '段 正 淳', normal: '段正淳', masked: '段**' },
    { in: '欧阳娜娜', normal: '欧阳娜娜', masked: '欧阳**' },
    { in: '买买提・吐尔逊', normal: '买买提·吐尔逊', masked: '买***' },
    { in: 'John  Smith', normal: 'JOHN SMITH', masked: 'J***' },
    { in: 'Conan O’Brien', normal: "CONAN O'BRIEN", masked: 'C***' },
    { in: '王' },
    { in: '张3' },
    { in: '张*' },
  ],
};
