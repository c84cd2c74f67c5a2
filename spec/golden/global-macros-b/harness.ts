import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../../../src/core/errors.ts';
import type { Context } from '../../../src/jinja/context.ts';
import { render } from '../../../src/jinja/render.ts';
import { macroReturn } from '../../../src/jinja/signals.ts';
import { type MacroDefinition, parseTemplate } from '../../../src/jinja/template.ts';
import {
  bindArguments,
  type Call,
  type JinjaFunction,
  type JinjaObject,
  jinjaFunction,
  PyTuple,
  toPlain,
  toText,
  toValue,
  type Value,
} from '../../../src/jinja/value.ts';

const FOLDER = join(import.meta.dirname, '../../../global_macros');
const OUTSIDE = join(import.meta.dirname, 'outside.sql');
const ANSWERS = join(import.meta.dirname, 'answers.sql');

export interface MacroFile {
  /** Relative to the package's folder. */
  readonly file: string;
  readonly macros: readonly MacroDefinition[];
}

/** The files of a package in global_macros. */
export function readPackage(name: string): readonly MacroFile[] {
  const folder = join(FOLDER, name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .map((file) => ({ file, macros: parseFile(join(folder, file)) }));
}

function parseFile(file: string): readonly MacroDefinition[] {
  return parseTemplate({ file, text: readFileSync(file, 'utf8') }).macros;
}

/** What a case gives its macros: values of names, and the configs and answers of the database. */
export interface Scene {
  readonly names?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Columns by the text of the relation, or of the query. */
  readonly columns?: Readonly<Record<string, readonly ColumnSpec[]>>;
  /** Relations that exist, by text. */
  readonly relations?: Readonly<Record<string, JinjaObject>>;
}

export type ColumnSpec = readonly [name: string, type: string];

export interface Ran {
  readonly text: string;
  /** What `statement` and `add_query` sent. */
  readonly statements: readonly string[];
  readonly bindings: readonly unknown[];
  readonly warnings: readonly string[];
  readonly dropped: readonly string[];
}

const tables = new Map<string, ReadonlyMap<string, MacroDefinition>>();

/** Macros as a node of `type` finds them: the adapter's before dbt's; the answers of the scene win. */
function macroTable(type: string): ReadonlyMap<string, MacroDefinition> {
  let table = tables.get(type);
  if (!table) {
    const inside = ['dbt', `dbt_${type}`].flatMap((name) =>
      readPackage(name).flatMap(({ macros }) => macros),
    );
    const macros = [...parseFile(OUTSIDE), ...inside, ...parseFile(ANSWERS)];
    table = new Map(macros.map((macro) => [macro.name, macro]));
    tables.set(type, table);
  }
  return table;
}

/** Renders `template` where the macros of `type` are known. */
export function run(type: 'duckdb' | 'postgres', template: string, scene: Scene = {}): Ran {
  const ran = { statements: [], bindings: [], warnings: [], dropped: [] } as Record<
    string,
    Value[]
  >;
  const table = macroTable(type);
  const bound = new Map<string, JinjaFunction>();
  const find = (name: string): Value => {
    const macro = table.get(name);
    if (macro && !bound.has(name)) bound.set(name, macro.bind(context));
    return bound.get(name);
  };
  const names: Record<string, Value> = {
    ...baseNames(scene, ran),
    adapter: adapterValue(type, scene, ran, find),
    dbt: attributes('dbt', find),
    context: attributes('context', find),
    ...Object.fromEntries(
      Object.entries(scene.names ?? {}).map(([name, value]) => [name, given(value)]),
    ),
  };
  const context: Context = {
    lookup: (name) => (Object.hasOwn(names, name) ? names[name] : find(name)),
  };
  const { text } = render(parseTemplate({ file: 'case.sql', text: template }), context);
  return { text, ...ran } as unknown as Ran;
}

/** Plain data as values; relations and columns among it stay what they are. */
function given(value: unknown): Value {
  if (value === null || typeof value !== 'object' || 'jinjaType' in value) return value;
  if (Array.isArray(value)) return value.map(given);
  return new Map(Object.entries(value).map(([key, item]) => [key, given(item)]));
}

function baseNames(scene: Scene, ran: Record<string, Value[]>): Record<string, Value> {
  return {
    execute: true,
    return: fn('return', ['value?'], ({ value }) => macroReturn(value ?? null)),
    config: configValue(scene.config ?? {}),
    flags: record('flags', { FULL_REFRESH: false, STORE_FAILURES: false, ...scene.flags }),
    tojson: fn('tojson', ['value'], ({ value }) => JSON.stringify(toPlain(value))),
    log: fn('log', ['text', 'info?'], () => ''),
    render: fn('render', ['text'], ({ text }) => text),
    write: fn('write', ['text'], () => ''),
    store_result: fn('store_result', ['name', 'response', 'agate_table?'], () => ''),
    load_result: fn('load_result', ['name'], () => record('result', { table: null, data: null })),
    store_raw_result: fn('store_raw_result', ['name', '**rest'], () => ''),
    load_relation: fn(
      'load_relation',
      ['relation'],
      ({ relation }) => scene.relations?.[toText(relation)] ?? null,
    ),
    ref: fn('ref', ['name'], ({ name }) => relation(`db.main.${toText(name)}`)),
    source: fn('source', ['source', 'name'], ({ source, name }) =>
      relation(`db.${toText(source)}.${toText(name)}`),
    ),
    columns_of_query: fn('columns_of_query', ['sql'], ({ sql }) =>
      (scene.columns?.[squeeze(toText(sql))] ?? []).map(([name]) => name),
    ),
    exceptions: record('exceptions', {
      raise_compiler_error: fn('raise_compiler_error', ['message'], fail),
      raise_not_implemented: fn('raise_not_implemented', ['message'], fail),
      raise_fail_fast_error: fn('raise_fail_fast_error', ['message'], fail),
      warn: fn('warn', ['message'], ({ message }) => {
        ran['warnings']?.push(message);
        return '';
      }),
    }),
  };
}

function fail({ message }: Record<string, Value>, { span }: Call): never {
  throw new ProjectError('macro-error', toText(message), { span });
}

function adapterValue(
  type: string,
  scene: Scene,
  ran: Record<string, Value[]>,
  find: (name: string) => Value,
): JinjaObject {
  const quote = (name: Value) => `"${toText(name)}"`;
  return record('adapter', {
    type: fn('type', [], () => type),
    quote: fn('quote', ['name'], ({ name }) => quote(name)),
    quote_seed_column: fn('quote_seed_column', ['name', 'asked'], ({ name, asked }) =>
      asked === false ? name : quote(name),
    ),
    convert_type: fn('convert_type', ['table', 'index'], () => 'text'),
    dispatch: fn('dispatch', ['name', 'namespace'], ({ name, namespace }, call) => {
      const base = toText(name);
      const found = find(`${type}__${base}`) ?? find(`default__${base}`);
      return found ?? fail({ message: `no macro ${base} in ${toText(namespace)}` }, call);
    }),
    get_columns_in_relation: fn('get_columns_in_relation', ['relation'], ({ relation }) =>
      columns(scene.columns?.[toText(relation)] ?? []),
    ),
    execute: fn('execute', ['sql', 'auto_begin?', 'fetch?'], ({ sql }) => {
      ran['statements']?.push(toText(sql));
      return new PyTuple(['OK', null]);
    }),
    add_query: fn('add_query', ['sql', 'bindings', 'abridge_sql_log'], ({ sql, bindings }) => {
      ran['statements']?.push(toText(sql));
      ran['bindings']?.push(...(toPlain(bindings) as unknown[]));
      return null;
    }),
    drop_relation: fn('drop_relation', ['relation'], ({ relation }) => {
      ran['dropped']?.push(toText(relation));
      return null;
    }),
    truncate_relation: fn('truncate_relation', ['relation'], () => null),
    commit: fn('commit', [], () => ''),
  });
}

function configValue(values: Readonly<Record<string, unknown>>): JinjaObject {
  const read = (name: Value) => toValue(values[toText(name)] ?? null);
  return record('config', {
    get: fn(
      'get',
      ['name', 'default?'],
      ({ name, default: fallback }) => read(name) ?? fallback ?? null,
    ),
    set: fn('set', ['name', 'value'], ({ name, value }) => `${toText(name)}=${toText(value)}`),
  });
}

/** A relation: prints as `text`, or as its quoted parts. */
export function relation(path: string, type = 'table', text?: string): JinjaObject {
  const [database, schema, identifier] = path.split('.');
  const printed =
    text ??
    path
      .split('.')
      .map((part) => `"${part}"`)
      .join('.');
  return {
    ...record('Relation', {
      database,
      schema,
      identifier,
      name: identifier,
      type,
      is_materialized_view: type === 'materialized_view',
      render: fn('render', [], () => printed),
    }),
    toString: () => printed,
  };
}

/** Columns as `adapter.get_columns_in_relation` answers them. */
export function columns(specs: readonly ColumnSpec[]): JinjaObject[] {
  return specs.map(([name, type]) => ({
    ...record('Column', {
      name,
      column: name,
      quoted: `"${name}"`,
      dtype: type,
      data_type: type,
      can_expand_to: fn('can_expand_to', ['other_column'], () => false),
    }),
    toString: () => `<Column ${name} (${type})>`,
  }));
}

function record(jinjaType: string, values: Readonly<Record<string, Value>>): JinjaObject {
  return attributes(jinjaType, (name) => (Object.hasOwn(values, name) ? values[name] : undefined));
}

function attributes(jinjaType: string, get: (name: string) => Value): JinjaObject {
  return {
    jinjaType,
    getAttribute: get,
    getItem: (key) => (typeof key === 'string' ? get(key) : undefined),
    toString: () => `<${jinjaType}>`,
  };
}

function fn(
  name: string,
  signature: readonly string[],
  body: (args: Record<string, Value>, call: Call) => Value,
): JinjaFunction {
  return jinjaFunction(name, (call) => body(bindArguments(call, signature, name), call));
}

/** SQL without comments and without whitespace that means nothing, to compare texts. */
export function squeeze(sql: string): string {
  return sql
    .replace(/--.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w ]) ?/g, '$1')
    .trim();
}
