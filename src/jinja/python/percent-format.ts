import { findKey } from './compare.ts';
import { raise } from './error.ts';
import { characterOf, numberText, pad, withSign } from './format.ts';
import { asNumber, isFloat, isInt, isNumber, numeric } from './numbers.ts';
import { toRepr, toText, typeName } from './text.ts';
import { PyTuple, type Value } from './types.ts';
import { spendOn } from './work.ts';

const DIRECTIVE = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S])?/g;

interface Directive {
  readonly type: string;
  readonly flags: string;
  readonly width: number;
  readonly digits: number | undefined;
}

/** Python's `text % values`. */
export function percentFormat(template: string, values: Value): string {
  spendOn(template);
  // An open bracket without its end would be looked for again from each one.
  const lastKey = template.lastIndexOf('%(');
  if (lastKey >= 0 && template.indexOf(')', lastKey) < 0) failKey(template);
  const items = values instanceof PyTuple ? values.items : [values];
  let next = 0;
  const take = (): Value => {
    if (next >= items.length) raise('TypeError', 'not enough arguments for format string');
    return items[next++];
  };
  const count = (text?: string): number | undefined =>
    text === '*' ? starCount(take()) : text === undefined ? undefined : Number(text);
  const text = template.replace(
    DIRECTIVE,
    (_all, key?: string, flags = '', width?: string, precision?: string, type?: string) => {
      if (type === '%') return '%';
      if (type === undefined) return raise('ValueError', 'incomplete format');
      const directive = { type, flags, width: count(width) ?? 0, digits: count(precision) };
      return directiveText(key === undefined ? take() : mappingItem(values, key), directive);
    },
  );
  if (next < items.length && !(values instanceof Map) && !Array.isArray(values)) {
    raise('TypeError', 'not all arguments converted during string formatting');
  }
  return text;
}

/** `%%(` is no key. */
function failKey(template: string): void {
  const unpaired = template.replaceAll('%%', '');
  if (unpaired.lastIndexOf('%(') > unpaired.lastIndexOf(')')) {
    raise('ValueError', 'incomplete format key');
  }
}

function mappingItem(values: Value, key: string): Value {
  if (!(values instanceof Map)) raise('TypeError', 'format requires a mapping');
  const found = findKey(values, key);
  return found ? values.get(found.key) : raise('KeyError', `'${key}'`);
}

function starCount(value: Value): number {
  return isInt(value) ? asNumber(value) : raise('TypeError', '* wants int');
}

function directiveText(value: Value, directive: Directive): string {
  const { type, flags, width } = directive;
  const isText = 'srac'.includes(type);
  const text = isText ? plainText(value, directive) : signedText(value, directive);
  if (flags.includes('-')) return pad(text, width, '<');
  return flags.includes('0') && !isText ? pad(text, width, '=', '0') : pad(text, width, '>');
}

function plainText(value: Value, { type, digits }: Directive): string {
  if (type === 'c' && isInt(value)) return characterOf(numeric(value));
  const text = type === 'r' || type === 'a' ? toRepr(value) : toText(value);
  return digits === undefined ? text : [...text].slice(0, digits).join('');
}

function signedText(value: Value, { type, flags, digits }: Directive): string {
  const isDecimal = 'diu'.includes(type);
  if (!isDecimal && !'oxXeEfFgG'.includes(type)) {
    const code = type.charCodeAt(0).toString(16);
    raise('ValueError', `unsupported format character '${type}' (0x${code})`);
  }
  if (!isNumber(value)) return failNumber(type, value);
  const number = isDecimal && isFloat(value) ? Math.trunc(asNumber(value)) : value;
  const text = numberText(number, isDecimal ? 'd' : type, digits, flags.includes('#'));
  const sign = ['+', ' '].find((flag) => flags.includes(flag));
  return withSign(text, asNumber(value) < 0, sign);
}

function failNumber(type: string, value: Value): never {
  const wanted = {
    d: `%${type} format: a real number is required`,
    i: `%${type} format: a real number is required`,
    u: `%${type} format: a real number is required`,
    o: `%${type} format: an integer is required`,
    x: `%${type} format: an integer is required`,
    X: `%${type} format: an integer is required`,
  }[type];
  return raise('TypeError', `${wanted ?? 'must be real number'}, not ${typeName(value)}`);
}
