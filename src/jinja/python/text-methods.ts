import { toArray } from './compare.ts';
import { raise } from './error.ts';
import { pad } from './format.ts';
import { asInt, asText, methodTable } from './method.ts';
import { characters, sliceOf, textLength } from './slice.ts';
import { typeName } from './text.ts';
import { PyTuple, type Value } from './types.ts';
import {
  isOnlySpace,
  linesOf,
  linesWithEnds,
  splitWords,
  trimEnd,
  trimStart,
  WORD,
} from './whitespace.ts';
import { checkSize } from './work.ts';

/** Methods of `str`, without `format`, which needs attribute access. */
export const textMethods = methodTable<string>({
  upper: ['', (self) => self.toUpperCase()],
  lower: ['', (self) => self.toLowerCase()],
  casefold: ['', (self) => self.toLowerCase().replaceAll('ß', 'ss')],
  title: ['', (self) => titleCase(self)],
  capitalize: ['', (self) => capitalize(self)],
  swapcase: ['', (self) => characters(self).map(swapCase).join('')],
  strip: ['chars?', (self, chars) => stripStart(stripEnd(self, chars), chars)],
  lstrip: ['chars?', (self, chars) => stripStart(self, chars)],
  rstrip: ['chars?', (self, chars) => stripEnd(self, chars)],
  replace: ['old new count?', (self, old, by, count) => replaceText(self, old, by, count)],
  split: ['sep? maxsplit?', (self, sep, most) => splitText(self, sep, asInt(most, -1))],
  rsplit: ['sep? maxsplit?', (self, sep, most) => splitFromRight(self, sep, asInt(most, -1))],
  splitlines: ['keepends?', (self, keep) => splitLines(self, keep === true)],
  partition: ['sep', (self, sep) => partition(self, self.indexOf(separator(sep)), sep, false)],
  rpartition: ['sep', (self, sep) => partition(self, self.lastIndexOf(separator(sep)), sep, true)],
  startswith: [
    'prefix start? end?',
    (self, prefix, from, to) =>
      affixes(prefix, 'startswith').some((affix) => part(self, from, to).startsWith(affix)),
  ],
  endswith: [
    'suffix start? end?',
    (self, suffix, from, to) =>
      affixes(suffix, 'endswith').some((affix) => part(self, from, to).endsWith(affix)),
  ],
  removeprefix: [
    'prefix',
    (self, prefix) => {
      const start = asText(prefix);
      return self.startsWith(start) ? self.slice(start.length) : self;
    },
  ],
  removesuffix: [
    'suffix',
    (self, suffix) => {
      const end = asText(suffix);
      return end !== '' && self.endsWith(end) ? self.slice(0, -end.length) : self;
    },
  ],
  join: ['iterable', (self, items) => joinTexts(self, items)],
  find: ['sub start? end?', (self, sub, from, to) => find(self, sub, from, to, false)],
  rfind: ['sub start? end?', (self, sub, from, to) => find(self, sub, from, to, true)],
  index: ['sub start? end?', (self, sub, from, to) => found(find(self, sub, from, to, false))],
  rindex: ['sub start? end?', (self, sub, from, to) => found(find(self, sub, from, to, true))],
  count: ['sub start? end?', (self, sub, from, to) => countIn(part(self, from, to), asText(sub))],
  center: ['width fillchar?', (self, width, fill) => centerText(self, asInt(width, 0), fill)],
  ljust: ['width fillchar?', (self, width, fill) => pad(self, asInt(width, 0), '<', fillOf(fill))],
  rjust: ['width fillchar?', (self, width, fill) => pad(self, asInt(width, 0), '>', fillOf(fill))],
  zfill: ['width', (self, width) => zeroFill(self, asInt(width, 0))],
  expandtabs: ['tabsize?', (self, size) => expandTabs(self, asInt(size, 8))],
  isdigit: ['', (self) => /^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u.test(self)],
  isdecimal: ['', (self) => /^\p{Nd}+$/u.test(self)],
  isnumeric: ['', (self) => /^\p{N}+$/u.test(self)],
  isalpha: ['', (self) => /^\p{L}+$/u.test(self)],
  isalnum: ['', (self) => /^[\p{L}\p{N}]+$/u.test(self)],
  isascii: ['', (self) => characters(self).every((char) => char < '\u0080')],
  isspace: ['', (self) => isOnlySpace(self)],
  isidentifier: ['', (self) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(self)],
  isprintable: ['', (self) => !/[\p{C}\p{Zl}\p{Zp}]|[^\S ]/u.test(self)],
  islower: ['', (self) => /\p{Ll}/u.test(self) && !/[\p{Lu}\p{Lt}]/u.test(self)],
  isupper: ['', (self) => /\p{Lu}/u.test(self) && !/[\p{Ll}\p{Lt}]/u.test(self)],
  istitle: ['', (self) => /\p{L}/u.test(self) && self === titleCase(self)],
});

export function capitalize(text: string): string {
  const [first = '', ...rest] = characters(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, capitalize);
}

function swapCase(char: string): string {
  return char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase();
}

function stripStart(text: string, chars: Value): string {
  if (chars === undefined || chars === null) return trimStart(text);
  const set = asText(chars, 'strip arg');
  const items = characters(text);
  const start = items.findIndex((char) => !set.includes(char));
  return start < 0 ? '' : items.slice(start).join('');
}

function stripEnd(text: string, chars: Value): string {
  if (chars === undefined || chars === null) return trimEnd(text);
  const set = asText(chars, 'strip arg');
  const items = characters(text);
  const end = items.findLastIndex((char) => !set.includes(char));
  return items.slice(0, end + 1).join('');
}

export function replaceText(text: string, old: Value, by: Value, count: Value): string {
  const from = asText(old, 'replace() argument 1');
  const to = asText(by, 'replace() argument 2');
  const most = asInt(count, -1);
  const pieces = from === '' ? ['', ...characters(text), ''] : text.split(from);
  const size = text.length + (pieces.length - 1) * to.length;
  checkSize(size);
  if (most < 0 || most >= pieces.length - 1) return pieces.join(to);
  return [...pieces.slice(0, most), pieces.slice(most).join(from)].join(to);
}

function splitText(text: string, sep: Value, most: number): string[] {
  if (sep === undefined || sep === null) return splitOnSpace(text, most);
  const mark = separator(sep);
  const pieces = text.split(mark);
  if (most < 0 || pieces.length <= most + 1) return pieces;
  return [...pieces.slice(0, most), pieces.slice(most).join(mark)];
}

function splitOnSpace(text: string, most: number): string[] {
  if (most < 0) return splitWords(text);
  const words: string[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (words.length === most) return [...words, text.slice(index)];
    words.push(word);
  }
  return words;
}

function splitFromRight(text: string, sep: Value, most: number): string[] {
  if (most < 0) return splitText(text, sep, -1);
  if (sep === undefined || sep === null) {
    const words = splitWords(text);
    if (words.length <= most) return words;
    const tail = words.slice(words.length - most);
    let head = trimEnd(text);
    for (const word of [...tail].reverse()) head = trimEnd(head.slice(0, -word.length));
    return [head, ...tail];
  }
  const mark = separator(sep);
  const pieces = text.split(mark);
  const cut = pieces.length - most;
  return cut <= 1 ? pieces : [pieces.slice(0, cut).join(mark), ...pieces.slice(cut)];
}

function separator(value: Value): string {
  const sep = asText(value);
  return sep === '' ? raise('ValueError', 'empty separator') : sep;
}

function splitLines(text: string, keepEnds: boolean): string[] {
  const lines = linesWithEnds(text);
  return keepEnds ? lines : lines.map((line) => linesOf(line)[0] ?? '');
}

function partition(text: string, at: number, sep: Value, fromRight: boolean): PyTuple {
  const mark = separator(sep);
  if (at < 0) return new PyTuple(fromRight ? ['', '', text] : [text, '', '']);
  return new PyTuple([text.slice(0, at), mark, text.slice(at + mark.length)]);
}

function affixes(value: Value, method: string): readonly string[] {
  if (value instanceof PyTuple) return value.items.map((item) => asText(item));
  if (typeof value === 'string') return [value];
  const type = typeName(value);
  return raise('TypeError', `${method} first arg must be str or a tuple of str, not ${type}`);
}

function part(text: string, from: Value, to: Value): string {
  return from === undefined && to === undefined ? text : String(sliceOf(text, from, to, undefined));
}

export function joinTexts(glue: string, items: Value): string {
  const texts = toArray(items).map((item, index) =>
    typeof item === 'string'
      ? item
      : raise(
          'TypeError',
          `sequence item ${index}: expected str instance, ${typeName(item)} found`,
        ),
  );
  const size = texts.reduce((sum, text) => sum + text.length + glue.length, 0);
  checkSize(size);
  return texts.join(glue);
}

function find(text: string, sub: Value, from: Value, to: Value, last: boolean): number {
  const wanted = asText(sub);
  const length = textLength(text);
  const start = asInt(from, 0);
  const offset = Math.max(0, start < 0 ? start + length : start);
  const window = part(text, from, to);
  const at = last ? window.lastIndexOf(wanted) : window.indexOf(wanted);
  return at < 0 || offset > length ? -1 : offset + textLength(window.slice(0, at));
}

function found(index: number): number {
  return index < 0 ? raise('ValueError', 'substring not found') : index;
}

function countIn(text: string, sub: string): number {
  return sub === '' ? textLength(text) + 1 : text.split(sub).length - 1;
}

function fillOf(fill: Value): string {
  const char = fill === undefined ? ' ' : asText(fill);
  if (textLength(char) === 1) return char;
  return raise('TypeError', 'The fill character must be exactly one character long');
}

/** Python puts the odd blank left when the width is odd. */
export function centerText(text: string, width: number, fill?: Value): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  checkSize(width);
  const left = Math.floor(missing / 2) + (missing & width & 1);
  const char = fillOf(fill);
  return char.repeat(left) + text + char.repeat(missing - left);
}

function zeroFill(text: string, width: number): string {
  return /^[+-]/.test(text) ? pad(text, width, '=', '0') : pad(text, width, '>', '0');
}

function expandTabs(text: string, size: number): string {
  let column = 0;
  return text.replace(/[\t\n\r]|[^\t\n\r]+/g, (piece) => {
    if (piece === '\n' || piece === '\r') column = 0;
    else if (piece !== '\t') column += textLength(piece);
    else {
      const width = size > 0 ? size - (column % size) : 0;
      checkSize(width);
      column += width;
      return ' '.repeat(width);
    }
    return piece;
  });
}
