import { type Call, jinjaFunction } from './call.ts';
import { addEntries } from './python/collection-methods.ts';
import { raise } from './python/error.ts';
import { asInt } from './python/method.ts';
import { bind, signatureOf } from './python/signature.ts';
import { type JinjaObject, Namespace, PyRange, type Value } from './python/types.ts';

const MAX_RANGE = 1_000_000;

/** Jinja2's global functions; a context may hide them. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', jinjaFunction('range', range)],
  ['dict', jinjaFunction('dict', dict)],
  ['namespace', jinjaFunction('namespace', (call) => new Namespace(namespaceEntries(call)))],
  ['cycler', jinjaFunction('cycler', cycler)],
  ['joiner', jinjaFunction('joiner', joiner)],
]);

const RANGE = signatureOf(['start', 'stop?', 'step?']);
const DICT = signatureOf(['mapping?', '**kwargs']);
const JOINER = signatureOf(['sep?']);

function range(call: Call): PyRange {
  const [first, stop, step] = bind(RANGE, call.args, call.kwargs, 'range');
  const stride = asInt(step, 1);
  if (stride === 0) raise('ValueError', 'range() arg 3 must not be zero');
  const made =
    stop === undefined
      ? new PyRange(0, asInt(first, 0), 1)
      : new PyRange(asInt(first, 0), asInt(stop, 0), stride);
  if (made.length > MAX_RANGE) raise('Limit', `a range of more than ${MAX_RANGE} numbers`);
  return made;
}

function dict(call: Call): Map<Value, Value> {
  const [mapping, kwargs] = bind(DICT, call.args, call.kwargs, 'dict');
  const made = new Map<Value, Value>();
  if (mapping !== undefined) addEntries(made, mapping);
  addEntries(made, kwargs);
  return made;
}

function namespaceEntries(call: Call): [string, Value][] {
  return Array.from(dict(call), ([key, value]) => [String(key), value]);
}

/** Not a tuple of the values: the object remembers where it is. */
function cycler(call: Call): JinjaObject {
  const items = call.args;
  if (items.length === 0) raise('TypeError', 'at least one item has to be provided');
  let position = 0;
  const next = jinjaFunction('next', () => {
    const item = items[position];
    position = (position + 1) % items.length;
    return item;
  });
  const reset = jinjaFunction('reset', () => {
    position = 0;
    return null;
  });
  return {
    jinjaType: 'Cycler',
    getAttribute(name) {
      if (name === 'next') return next;
      if (name === 'reset') return reset;
      return name === 'current' ? items[position] : undefined;
    },
    toString: () => '<Cycler>',
  };
}

/** Nothing the first time, then the separator. */
function joiner(call: Call): JinjaObject {
  const [separator = ', '] = bind(JOINER, call.args, call.kwargs, 'joiner');
  let used = false;
  return {
    jinjaType: 'Joiner',
    getAttribute: () => undefined,
    toString: () => '<Joiner>',
    call() {
      if (used) return separator;
      used = true;
      return '';
    },
  };
}
