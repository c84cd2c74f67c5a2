import { jinjaFunction } from '../call.ts';
import type { JinjaObject, Value } from '../python/types.ts';
import { bindArguments, type Call } from '../value.ts';

/** An object of fixed attributes, such as `target` or `as_of`; getters are read when they are asked for. */
export function recordValue(
  jinjaType: string,
  attributes: Readonly<Record<string, Value>>,
  more: Partial<JinjaObject> = {},
): JinjaObject {
  const get = (name: unknown): Value =>
    typeof name === 'string' && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return {
    jinjaType,
    getAttribute: get,
    getItem: get,
    toString: () => `<${jinjaType}>`,
    ...more,
  };
}

/** A function by its Python signature, `'name other? *args **kwargs'`; `run` gets arguments by name. */
export function signedFunction(
  name: string,
  signature: string,
  run: (given: Readonly<Record<string, Value>>, call: Call) => Value,
): Value {
  const names = signature.split(' ').filter((part) => part !== '');
  return jinjaFunction(name, (call) => run(bindArguments(call, names, name), call));
}

/** Functions from `name: [signature, run]` entries. */
export function signedFunctions(
  entries: Readonly<
    Record<string, readonly [string, (given: Readonly<Record<string, Value>>, call: Call) => Value]>
  >,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, [signature, run]]) => [
      name,
      signedFunction(name, signature, run),
    ]),
  );
}
