import { type BuiltIn, builtIns } from '../built-in.ts';
import { toArray } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { bind } from '../python/signature.ts';
import { toText } from '../python/text.ts';
import { isTruthy, PyIterator, type Value } from '../python/types.ts';
import { attributeGetter } from './attribute-getter.ts';

type Named = (name: string) => BuiltIn | undefined;

/** Filters that apply other filters or tests, which are found by name when they are used. */
export function selectionFilters(filterNamed: Named, testNamed: Named): [string, BuiltIn][] {
  return builtIns({
    map: [
      'seq *args **kwargs',
      (seq, args, kwargs) => {
        const apply = mapping(args as Value[], kwargs as Map<string, Value>, filterNamed);
        return new PyIterator(itemsOf(seq).map(apply));
      },
    ],
    select: [
      'value *args **kwargs',
      (seq, args, kwargs) => pick(seq, args, kwargs, { byAttribute: false, keep: true, testNamed }),
    ],
    reject: [
      'value *args **kwargs',
      (seq, args, kwargs) =>
        pick(seq, args, kwargs, { byAttribute: false, keep: false, testNamed }),
    ],
    selectattr: [
      'value *args **kwargs',
      (seq, args, kwargs) => pick(seq, args, kwargs, { byAttribute: true, keep: true, testNamed }),
    ],
    rejectattr: [
      'value *args **kwargs',
      (seq, args, kwargs) => pick(seq, args, kwargs, { byAttribute: true, keep: false, testNamed }),
    ],
  });
}

/** Jinja2 takes whatever is false, None too, as nothing to select from. */
function itemsOf(seq: Value): Value[] {
  return isTruthy(seq) ? toArray(seq) : [];
}

function mapping(
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
  filterNamed: Named,
): (item: Value) => Value {
  if (args.length === 0 && kwargs.has('attribute')) {
    const [extra] = [...kwargs.keys()].filter((key) => key !== 'attribute' && key !== 'default');
    if (extra !== undefined) {
      raise('FilterArgumentError', `Unexpected keyword argument '${extra}'`);
    }
    return attributeGetter(kwargs.get('attribute'), kwargs.get('default'));
  }
  if (args.length === 0) raise('FilterArgumentError', 'map requires a filter argument');
  const [name, ...rest] = args;
  const filter = filterNamed(toText(name));
  if (!filter) raise('TemplateAssertionError', `No filter named '${toText(name)}'.`);
  return (item) => filter.run(bind(filter.signature, [item, ...rest], kwargs, filter.name));
}

interface Choice {
  readonly byAttribute: boolean;
  readonly keep: boolean;
  readonly testNamed: Named;
}

/** The items whose value, or attribute, passes the test (or is truthy, without a test). */
function pick(seq: Value, args: Value, kwargs: Value, choice: Choice): PyIterator {
  const { byAttribute, keep, testNamed } = choice;
  const given = args as readonly Value[];
  if (byAttribute && given.length === 0) {
    raise('FilterArgumentError', 'Missing parameter for attribute name');
  }
  const get = byAttribute ? attributeGetter(given[0]) : (item: Value) => item;
  const rest = given.slice(byAttribute ? 1 : 0);
  const holds = testing(rest, kwargs as Map<string, Value>, testNamed);
  return new PyIterator(itemsOf(seq).filter((item) => holds(get(item)) === keep));
}

function testing(
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
  testNamed: Named,
): (value: Value) => boolean {
  if (args.length === 0) return isTruthy;
  const [name, ...rest] = args;
  const test = testNamed(toText(name));
  if (!test) raise('TemplateAssertionError', `No test named '${toText(name)}'.`);
  return (value) => isTruthy(test.run(bind(test.signature, [value, ...rest], kwargs, test.name)));
}
