import { createHash } from 'node:crypto';
import { ProjectError } from '../../core/errors.ts';
import { pythonJson } from '../filters/json.ts';
import { addMember, isEqual, toArray } from '../python/compare.ts';
import { PythonError, raise } from '../python/error.ts';
import { floatValue, isFloat, isInt, isNumber, normalizeInt } from '../python/numbers.ts';
import { MAX_DIGITS } from '../python/text.ts';
import { isTruthy, PyIterator, PyTuple } from '../python/types.ts';
import { macroReturn } from '../signals.ts';
import { callFunction, toText, toValue, type Value } from '../value.ts';
import { recordValue, signedFunctions } from './record-value.ts';
import { dumpYaml } from './yaml-dump.ts';
import { parseYaml } from './yaml-load.ts';

/** Functions of every phase that need nothing but their arguments. */
export const UTILITIES: Readonly<Record<string, Value>> = {
  ...signedFunctions({
    return: ['data?', ({ data }) => macroReturn(data ?? null)],
    tojson: [
      'value default? sort_keys?',
      ({ value, default: fallback, sort_keys }) =>
        attempt(() => pythonJson(value, isTruthy(sort_keys ?? false)), fallback),
    ],
    fromjson: [
      'string default?',
      ({ string, default: fallback }) => attempt(() => parseJson(toText(string)), fallback),
    ],
    toyaml: [
      'value default? sort_keys?',
      ({ value, default: fallback, sort_keys }) =>
        attempt(() => dumpYaml(value, isTruthy(sort_keys ?? false)), fallback),
    ],
    fromyaml: [
      'value default?',
      ({ value, default: fallback }) => attempt(() => parseYaml(toText(value)), fallback),
    ],
    local_md5: ['value', ({ value }) => createHash('md5').update(toText(value)).digest('hex')],
    zip: ['*args', ({ args }) => attempt(() => zipped(args as Value[]), null)],
    zip_strict: ['*args', ({ args }) => zipped(args as Value[])],
    set: [
      'value default?',
      ({ value, default: fallback }) => attempt(() => setOf(value), fallback),
    ],
    set_strict: ['value', ({ value }) => setOf(value)],
    diff_of_two_dicts: ['dict_a dict_b', ({ dict_a, dict_b }) => difference(dict_a, dict_b)],
    try_or_compiler_error: [
      'message_if_exception func *args **kwargs',
      ({ message_if_exception, func, args, kwargs }, call) => {
        try {
          return callFunction(func, call, args as Value[], kwargs as Map<string, Value>);
        } catch (error) {
          if (!(error instanceof PythonError) && !(error instanceof ProjectError)) throw error;
          throw new ProjectError('macro-error', toText(message_if_exception), { span: call.span });
        }
      },
    ],
  }),
  validation: recordValue('validation', {
    any: recordValue('any', {}, { getItem: (types) => validator(types) }),
  }),
  basestring: 'str',
};

/** What dbt does for a value that cannot be read: the default, which is None. */
function attempt(work: () => Value, fallback: Value): Value {
  try {
    return work();
  } catch (error) {
    const isPlain = error instanceof PythonError && /^(?:Type|Value)Error$/.test(error.type);
    if (!isPlain && !(error instanceof SyntaxError)) throw error;
    return fallback ?? null;
  }
}

/** JSON whose numbers keep Python's types: `1.0` is a float, and long ints keep their digits. */
function parseJson(text: string): Value {
  const plain: unknown = JSON.parse(text);
  const hasFloats = /\d\.\d|\d[eE][-+\d]|\d{16}/.test(text);
  return hasFloats ? typedJson(text) : toValue(plain);
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const MARK = '\u0000velo number ';

/** The text is JSON: its numbers are carried through JSON.parse as marked texts. */
function typedJson(text: string): Value {
  const marked = text.replace(TOKEN, (token) =>
    token.startsWith('"') ? token : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value === 'string' && value.startsWith(MARK))
      return numberOf(value.slice(MARK.length));
    return Array.isArray(value) || value === null || typeof value !== 'object' || isNumber(value)
      ? value
      : new Map(Object.entries(value));
  });
}

const numberOf = (text: string): Value =>
  /[.eE]/.test(text) ? floatValue(Number(text)) : intOf(text);

function intOf(text: string): Value {
  if (text.length <= MAX_DIGITS) return normalizeInt(BigInt(text));
  return raise(
    'ValueError',
    `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`,
  );
}

function zipped(lists: readonly Value[]): Value {
  const all = lists.map(toArray);
  const length = Math.min(...all.map((list) => list.length));
  if (all.length === 0) return new PyIterator([], 'zip');
  return new PyIterator(
    Array.from({ length }, (_, index) => new PyTuple(all.map((list) => list[index]))),
    'zip',
  );
}

function setOf(value: Value): Value {
  const members = new Set<Value>();
  for (const item of toArray(value)) addMember(members, item);
  return members;
}

/** Keys of the first that the second lacks or has otherwise, compared as dbt compares grants: lists by their items. */
function difference(a: Value, b: Value): Value {
  if (!(a instanceof Map) || !(b instanceof Map))
    return raise('TypeError', 'diff_of_two_dicts() takes two dicts');
  const lower = (key: Value) => (typeof key === 'string' ? key.toLowerCase() : key);
  const second = new Map([...b].map(([key, value]) => [lower(key), value]));
  const result = new Map<Value, Value>();
  for (const [key, value] of a) {
    const other = second.get(lower(key));
    const left = toArray(value).filter(
      (item) => !toArray(other ?? []).some((one) => isEqual(lower(one), lower(item))),
    );
    if (left.length > 0 || other === undefined) result.set(key, left);
  }
  return result;
}

const TYPES: Readonly<Record<string, (value: Value) => boolean>> = {
  str: (value) => typeof value === 'string',
  list: (value) => Array.isArray(value),
  dict: (value) => value instanceof Map,
  int: (value) => isInt(value),
  float: (value) => isFloat(value),
  bool: (value) => typeof value === 'boolean',
};

/** `config.require('x', validator=validation.any[basestring])`: says what is wrong, or nothing. */
function validator(types: Value): Value {
  const list = types instanceof PyTuple ? types.items : [types];
  return signedFunctions({
    validator: [
      'value',
      ({ value }) => {
        const fits = list.some((type) => isOfType(value, type));
        if (fits) return null;
        const expected = list.map(toText).join(', ');
        return raise('TypeError', `Expected value "${toText(value)}" to be one of ${expected}`);
      },
    ],
  })['validator'];
}

function isOfType(value: Value, type: Value): boolean {
  const name = toText(type);
  if (Object.hasOwn(TYPES, name)) return TYPES[name]?.(value) ?? false;
  return isEqual(value, type);
}
