import { type BuiltInEntries, builtIns } from '../built-in.ts';
import { raise } from '../python/error.ts';
import { asInt, asLines, asText } from '../python/method.ts';
import { percentFormat } from '../python/percent-format.ts';
import { sliceOf, textLength } from '../python/slice.ts';
import { toText } from '../python/text.ts';
import { capitalize, centerText, replaceText, textMethods } from '../python/text-methods.ts';
import { isTruthy, PyTuple, type Value } from '../python/types.ts';
import { linesOf } from '../python/whitespace.ts';
import { checkSize } from '../python/work.ts';

const entries: BuiltInEntries = {
  upper: ['s', (s) => toText(s).toUpperCase()],
  lower: ['s', (s) => toText(s).toLowerCase()],
  capitalize: ['s', (s) => capitalize(toText(s))],
  title: ['s', (s) => titleWords(toText(s))],
  trim: ['value chars?', (value, chars) => textMethods.get('strip')?.run(toText(value), [chars])],
  replace: [
    's old new count?',
    (s, old, by, count) => replaceText(toText(s), toText(old), toText(by), count),
  ],
  format: ['value *args **kwargs', formatFilter],
  center: ['value width?', (value, width) => centerText(toText(value), asInt(width, 80))],
  indent: ['s width? first? blank?', indent],
  truncate: ['s length? killwords? end? leeway?', truncate],
  wordcount: ['s', (s) => (toText(s).match(/[\p{L}\p{N}_]+/gu) ?? []).length],
  string: ['value', (value) => toText(value)],
  // In SQL nothing is typed by its text: dbt keeps the text too, outside of native rendering.
  as_text: ['value', (value) => value],
  as_bool: ['value', (value) => value],
  as_native: ['value', (value) => value],
  as_number: ['value', (value) => value],
};

export const textFilters = builtIns(entries);

/** Jinja2's own title case: words begin after blanks, dashes and opening brackets only. */
function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map(capitalize)
    .join('');
}

function formatFilter(value: Value, args: Value, kwargs: Value): string {
  const positional = args as readonly Value[];
  const named = kwargs as Map<Value, Value>;
  if (positional.length > 0 && named.size > 0) {
    raise('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
  }
  return percentFormat(toText(value), named.size > 0 ? named : new PyTuple(positional));
}

function indent(s: Value, width: Value, first: Value, blank: Value): string {
  const shift = typeof width === 'string' ? width : ' '.repeat(checked(asInt(width, 4)));
  const lines = linesOf(asLines(s));
  checkSize(lines.length * shift.length);
  const [head = '', ...rest] = lines;
  const shifted = rest.map((line) => (line === '' && !isTruthy(blank) ? line : shift + line));
  return [isTruthy(first) ? shift + head : head, ...shifted].join('\n');
}

function checked(width: number): number {
  checkSize(width);
  return Math.max(0, width);
}

function truncate(s: Value, length: Value, killWords: Value, end: Value, leeway: Value): string {
  const text = asText(s);
  const most = asInt(length, 255);
  const suffix = end === undefined ? '...' : asText(end);
  if (textLength(text) <= most + asInt(leeway, 5)) return text;
  const head = String(sliceOf(text, 0, most - textLength(suffix), undefined));
  if (isTruthy(killWords)) return head + suffix;
  const blank = head.lastIndexOf(' ');
  return (blank < 0 ? head : head.slice(0, blank)) + suffix;
}
