import { ProjectError } from '../../../src/core/errors.ts';
import type { Context } from '../../../src/jinja/context.ts';
import { macroReturn } from '../../../src/jinja/signals.ts';
import { parseTemplate, type TemplateSource } from '../../../src/jinja/template.ts';
import {
  type Call,
  callFunction,
  type JinjaFunction,
  type JinjaObject,
  jinjaFunction,
  toPlain,
  toText,
  toValue,
  type Value,
} from '../../../src/jinja/value.ts';

/**
 * The context the templates were recorded in: a little dbt. It answers what the recorder's context
 * answered in Python, so it is written in terms of values, not of the evaluator.
 */
export function recordedContext(macroFiles: readonly TemplateSource[]): Context {
  const names = new Map<string, Value>(data());
  for (const [name, run] of Object.entries(functions())) names.set(name, jinjaFunction(name, run));
  const context: Context = { lookup: (name) => names.get(name), names: () => names.keys() };
  const macros = macroFiles.flatMap((file) => parseTemplate(file).macros);
  for (const macro of macros) names.set(macro.name, macro.bind(context));
  names.set('velo_utils', object('package', (name) => names.get(name)));
  names.set('context', object('context', (name) => names.get(name)));
  names.set('adapter', adapter(names));
  return context;
}

function data(): [string, Value][] {
  const rows = [
    { name: 'a', type: 'int', ok: true },
    { name: 'b', type: 'str', ok: false },
    { name: 'c', type: 'int', ok: true },
  ];
  const plain = {
    x: 'val',
    n: 7,
    none_v: null,
    lst: [1, 2, 3],
    names: ['alpha', 'beta', 'gamma'],
    d: { b: 1, a: 2 },
    empty: [],
    emptyd: {},
    rows,
    execute: true,
    target: { name: 'dev', schema: 'dbt' },
  };
  return [
    ...Object.entries(plain).map(([name, value]): [string, Value] => [name, toValue(value)]),
    ['this', relation('db', 'dbt', 'mymodel')],
    ['modules', modules()],
    ['exceptions', object('exceptions', (name) => (name === RAISE.name ? RAISE : undefined))],
  ];
}

function functions(): Record<string, (call: Call) => Value> {
  const statements = new Map<string, unknown[]>();
  return {
    config: () => '',
    ref: ({ args, kwargs }) => {
      const named = Array.from(kwargs, ([key, value]) => `${key}=${toText(value)}`);
      return `"dbt"."${[...args.map(toText), ...named].join('.')}"`;
    },
    source: ({ args }) => `"${toText(args[0])}"."${toText(args[1])}"`,
    var: ({ args }) => args[1] ?? null,
    env_var: ({ args }) => args[1] ?? null,
    is_incremental: () => true,
    log: () => '',
    show: ({ args, kwargs }) => canonical([args.map(toPlain), toPlain(new Map(kwargs))]),
    statement: (call) => {
      const { args, kwargs } = call;
      const sql = toText(callFunction(kwargs.get('caller'), call)).trim();
      statements.set(toText(args[0] ?? kwargs.get('name')), [sql, kwargs.get('fetch_result') ?? false]);
      return '';
    },
    load_result: ({ args }) => canonical(statements.get(toText(args[0]))),
    return: ({ args }) => macroReturn(args[0] ?? null),
    tojson: ({ args }) => pythonJson(toPlain(args[0])),
    fromjson: ({ args }) => toValue(JSON.parse(toText(args[0]))),
    zip: ({ args }) => zip(args as Value[][]),
    set: ({ args }) => new Set(args[0] as Value[]),
  };
}

function zip(lists: readonly Value[][]): Value[][] {
  return (lists[0] ?? []).map((_, index) => lists.map((list) => list[index]));
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function pythonJson(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/([[{]) /g, '$1')
    .replace(/ ([\]}])/g, '$1');
}

const RAISE = jinjaFunction('raise_compiler_error', ({ args }) => {
  throw new ProjectError('macro-error', toText(args[0]));
});

function object(jinjaType: string, attribute: (name: string) => Value): JinjaObject {
  return { jinjaType, getAttribute: attribute, toString: () => `<${jinjaType}>` };
}

function relation(database: string, schema: string, identifier: string): JinjaObject {
  const parts: Readonly<Record<string, Value>> = { database, schema, identifier, name: identifier };
  return {
    jinjaType: 'Relation',
    getAttribute: (name) => (Object.hasOwn(parts, name) ? parts[name] : undefined),
    toString: () => `"${schema}"."${identifier}"`,
  };
}

function modules(): JinjaObject {
  const date = jinjaFunction('date', ({ args }) =>
    args.map((part, index) => toText(part).padStart(index === 0 ? 4 : 2, '0')).join('-'),
  );
  const match = jinjaFunction('match', ({ args }) =>
    new RegExp(`^${toText(args[0])}`).test(toText(args[1])) ? object('Match', () => undefined) : null,
  );
  const datetime = object('datetime', (name) => (name === 'date' ? date : undefined));
  const re = object('re', (name) => (name === 'match' ? match : undefined));
  return object('modules', (name) => ({ datetime, re })[name]);
}

function adapter(names: ReadonlyMap<string, Value>): JinjaObject {
  const dispatch = jinjaFunction('dispatch', ({ args }) => {
    const name = toText(args[0]);
    const found = ['duckdb__', 'postgres__', 'default__'].find((prefix) => names.has(prefix + name));
    return names.get(found + name) as JinjaFunction;
  });
  return object('adapter', (name) => (name === 'dispatch' ? dispatch : undefined));
}
