import { raise } from './error.ts';
import { fixedText, generalText, scientificText } from './float-format.ts';
import { asNumber, type Int, isFloat, isNumber, numeric } from './numbers.ts';
import { textLength } from './slice.ts';
import { toRepr, toText, typeName } from './text.ts';
import type { Value } from './types.ts';
import { checkSize } from './work.ts';

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

/** Python's `format(value, spec)`. */
function formatValue(value: Value, spec: string): string {
  if (spec === '') return toText(value);
  const found = SPEC.exec(spec);
  if (!found) raise('ValueError', 'Invalid format specifier');
  const [, fill, alignment, sign, alternate, zero, width, group, precision, type] = found;
  const isNumeric = isNumber(value) && typeof value !== 'boolean' && type !== 's';
  const digits = precision === undefined ? undefined : Number(precision);
  let text: string;
  if (isNumeric) {
    const unsigned = numberText(value, type, digits, alternate !== undefined);
    text = withSign(grouped(unsigned, group), asNumber(value) < 0, sign);
  } else text = plainText(value, type, digits);
  const align = alignment ?? (zero && isNumeric ? '=' : isNumeric ? '>' : '<');
  return pad(text, Number(width ?? 0), align, fill ?? (zero ? '0' : ' '));
}

function plainText(value: Value, type: string | undefined, digits: number | undefined): string {
  if (type !== undefined && type !== 's') {
    raise('ValueError', `Unknown format code '${type}' for object of type '${typeName(value)}'`);
  }
  const text = toText(value);
  return digits === undefined ? text : [...text].slice(0, digits).join('');
}

/** A number without its sign, of a type letter of Python's formats. */
export function numberText(
  value: Parameters<typeof asNumber>[0],
  type: string | undefined,
  digits: number | undefined,
  alternate: boolean,
): string {
  const size = Math.abs(asNumber(value));
  switch (type) {
    case 'f':
    case 'F':
      return fixedText(size, digits ?? 6);
    case 'e':
    case 'E':
      return withCase(scientificText(size, digits ?? 6), type === 'E');
    case 'g':
    case 'G':
      return withCase(generalText(size, digits ?? 6), type === 'G');
    case '%':
      return `${fixedText(size * 100, digits ?? 6)}%`;
    default:
      return isFloat(value)
        ? floatWithoutType(size, digits)
        : intText(numeric(value), type, alternate);
  }
}

function floatWithoutType(size: number, digits: number | undefined): string {
  const text = digits === undefined ? toText(size) : generalText(size, digits);
  return Number.isInteger(size) && !/[.e]/.test(text) ? `${text}.0` : text;
}

const RADIX: Readonly<Record<string, readonly [number, string]>> = {
  b: [2, '0b'],
  o: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
};

function intText(value: Int, type: string | undefined, alternate: boolean): string {
  const text = (radix: number) => (value < 0 ? -value : value).toString(radix);
  const radix = type === undefined ? undefined : RADIX[type];
  if (!radix) return type === 'c' ? characterOf(value) : text(10);
  return (alternate ? radix[1] : '') + withCase(text(radix[0]), type === 'X');
}

/** The character of a code point. Raises OverflowError when there is none. */
export function characterOf(code: Int): string {
  if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(Number(code));
  return raise('OverflowError', '%c arg not in range(0x110000)');
}

function withCase(text: string, upper: boolean): string {
  return upper ? text.toUpperCase() : text;
}

function grouped(text: string, separator: string | undefined): string {
  if (separator === undefined) return text;
  return text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+(?!\d))/g, separator));
}

export function withSign(text: string, negative: boolean, sign: string | undefined): string {
  if (negative) return `-${text}`;
  return sign === '+' || sign === ' ' ? sign + text : text;
}

/** Fills `text` to `width`; `=` puts the filling after the sign. */
export function pad(text: string, width: number, align: string, fill = ' '): string {
  const missing = width <= 0 ? 0 : width - textLength(text);
  if (missing <= 0) return text;
  checkSize(width);
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  if (align === '=') {
    const [, sign = '', rest = ''] = /^([-+ ]?)(.*)$/s.exec(text) ?? [];
    return sign + fill.repeat(missing) + rest;
  }
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g;

/** How a format field such as `{0.name[1]}` reaches into its value. */
interface Access {
  readonly attribute: (target: Value, name: string) => Value;
  readonly item: (target: Value, key: Value) => Value;
}

/** Python's `str.format`. */
export function formatText(
  template: string,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
  access: Access,
): string {
  let next = 0;
  const fieldValue = (path: string): Value => {
    const [head = ''] = /^[^.[]*/.exec(path) ?? [];
    const key = head === '' ? String(next++) : head;
    return followPath(argument(key, args, kwargs), path.slice(head.length), access);
  };
  return template.replace(
    FIELD,
    (all: string, path?: string, conversion?: string, spec?: string) => {
      if (all === '{{') return '{';
      if (all === '}}') return '}';
      if (path === undefined) {
        return raise('ValueError', `Single '${all}' encountered in format string`);
      }
      const value = fieldValue(path);
      const shown = conversion === undefined ? value : converted(value, conversion);
      const filled = (spec ?? '').replace(/\{([^{}]*)\}/g, (_: string, inner: string) =>
        toText(fieldValue(inner)),
      );
      return formatValue(shown, filled);
    },
  );
}

function converted(value: Value, conversion: string): string {
  return conversion === 's' ? toText(value) : toRepr(value);
}

function argument(key: string, args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value {
  if (!/^\d+$/.test(key)) return kwargs.has(key) ? kwargs.get(key) : raise('KeyError', `'${key}'`);
  if (Number(key) < args.length) return args[Number(key)];
  return raise(
    'IndexError',
    `Replacement index ${Number(key)} out of range for positional args tuple`,
  );
}

function followPath(start: Value, path: string, access: Access): Value {
  let value = start;
  for (const [, attribute, item] of path.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    if (attribute !== undefined) value = access.attribute(value, attribute);
    else value = access.item(value, /^\d+$/.test(item ?? '') ? Number(item) : item);
  }
  return value;
}
