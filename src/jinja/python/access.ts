import { dictMethods, listMethods, setMethods, tupleMethods } from './collection-methods.ts';
import { failUndefined, findKey } from './compare.ts';
import { raise } from './error.ts';
import { formatText } from './format.ts';
import { type Method, type MethodTable, methodTable } from './method.ts';
import { asNumber, isFloat, isInt } from './numbers.ts';
import { bind } from './signature.ts';
import { characterAt, sliceOf } from './slice.ts';
import { toRepr, typeName } from './text.ts';
import { textMethods } from './text-methods.ts';
import {
  isJinjaObject,
  JinjaFunction,
  Namespace,
  PyRange,
  PyTuple,
  Undefined,
  type Value,
} from './types.ts';

// A template reaches what this file hands out and nothing else: items of collections, methods of
// the tables, and what a host object answers. No property of a JavaScript object is ever read.

const formatMethods = methodTable<string>({
  format: ['*args **kwargs', (self, args, kwargs) => format(self, args, kwargs)],
  format_map: ['mapping', (self, mapping) => format(self, [], mapping)],
});

const floatMethods = methodTable<Value>({
  is_integer: ['', (self) => Number.isInteger(asNumber(self as number))],
});

const intMethods = methodTable<Value>({
  bit_length: [
    '',
    (self) =>
      BigInt(self as number)
        .toString(2)
        .replace(/^-?0?/, '').length,
  ],
});

function format(text: string, args: Value, kwargs: Value): string {
  const access = { attribute: getAttribute, item: getItem };
  return formatText(text, args as Value[], kwargs as Map<string, Value>, access);
}

/** `target.name`, as Jinja2: an attribute, else an item, else undefined. */
export function getAttribute(target: Value, name: string): Value {
  failUndefined(target);
  const attribute = ownAttribute(target, name);
  if (attribute !== undefined) return attribute;
  const item = itemOf(target, name);
  if (item !== undefined) return item;
  return missing(target, name);
}

/** `target[key]`, as Jinja2: an item, else an attribute of that name, else undefined. */
export function getItem(target: Value, key: Value): Value {
  failUndefined(target);
  const item = itemOf(target, key);
  if (item !== undefined) return item;
  const attribute = typeof key === 'string' ? ownAttribute(target, key) : undefined;
  return attribute === undefined ? missing(target, key) : attribute;
}

/** `target[start:stop:step]`. */
export function getSlice(target: Value, start: Value, stop: Value, step: Value): Value {
  failUndefined(target);
  const part = sliceOf(target, start, stop, step);
  if (part !== undefined) return part;
  if (target instanceof Map) return raise('TypeError', "unhashable type: 'slice'");
  return raise('TypeError', `'${typeName(target)}' object is not subscriptable`);
}

function ownAttribute(target: Value, name: string): Value {
  if (target instanceof Namespace) return target.attributes.get(name);
  if (isJinjaObject(target)) return target.getAttribute(name);
  if (target instanceof PyTuple && target.names.includes(name)) {
    return target.items[target.names.indexOf(name)];
  }
  const method = findMethod(target, name);
  return (
    method &&
    new JinjaFunction(name, (call) =>
      method.run(target, bind(method.signature, call.args, call.kwargs, name)),
    )
  );
}

function findMethod(target: Value, name: string): Method<Value> | undefined {
  if (typeof target === 'string') return findIn(textMethods, name) ?? findIn(formatMethods, name);
  if (Array.isArray(target)) return findIn(listMethods, name);
  if (target instanceof Map) return findIn(dictMethods, name);
  if (target instanceof PyTuple) return findIn(tupleMethods, name);
  if (target instanceof Set) return findIn(setMethods, name);
  if (isFloat(target)) return floatMethods.get(name);
  return isInt(target) ? intMethods.get(name) : undefined;
}

/** The caller has checked that the target is of the table's type. */
function findIn<Self>(table: MethodTable<Self>, name: string): Method<Value> | undefined {
  return table.get(name) as Method<Value> | undefined;
}

function itemOf(target: Value, key: Value): Value {
  if (target instanceof Map) {
    const found = findKey(target, key);
    return found && (target.get(found.key) as Value);
  }
  if (isJinjaObject(target)) return target.getItem?.(key);
  return isInt(key) ? indexed(target, asNumber(key)) : undefined;
}

function indexed(target: Value, index: number): Value {
  if (typeof target === 'string') return characterAt(target, index);
  if (Array.isArray(target)) return target.at(index);
  if (target instanceof PyTuple) return target.items.at(index);
  if (!(target instanceof PyRange)) return undefined;
  const at = index < 0 ? index + target.length : index;
  return at >= 0 && at < target.length ? target.at(at) : undefined;
}

function missing(target: Value, key: Value): Undefined {
  if (typeof key !== 'string') {
    return new Undefined(`${typeShown(target)} has no element ${toRepr(key)}`);
  }
  const unsafe = /^__\w+__$/.test(key) && !isJinjaObject(target);
  return new Undefined(
    unsafe
      ? `access to attribute '${key}' of '${typeName(target)}' object is unsafe.`
      : `'${typeShown(target)}' has no attribute '${key}'`,
  );
}

function typeShown(value: Value): string {
  return value === null ? 'None' : `${typeName(value)} object`;
}
