import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Context, layeredContext } from '../../src/jinja/context.ts';
import { renderNative } from '../../src/jinja/render.ts';
import { macroReturn, Suspend } from '../../src/jinja/signals.ts';
import { type MacroDefinition, parseTemplate } from '../../src/jinja/template.ts';
import {
  bindArguments,
  type Call,
  callFunction,
  type JinjaObject,
  jinjaFunction,
  PyTuple,
  toText,
  toValue,
  type Value,
} from '../../src/jinja/value.ts';

export const MACROS_FOLDER = fileURLToPath(new URL('../../global_macros/', import.meta.url));

/** A macro and the file it stands in, relative to the folder of its package. */
export interface FoundMacro {
  readonly macro: MacroDefinition;
  readonly file: string;
}

const parsedPackages = new Map<string, ReadonlyMap<string, FoundMacro>>();

/** All macros of a package in global_macros, by name; parsed once. */
export function packageMacros(packageName: string): ReadonlyMap<string, FoundMacro> {
  const macros = parsedPackages.get(packageName) ?? parsePackage(packageName);
  parsedPackages.set(packageName, macros);
  return macros;
}

function parsePackage(packageName: string): ReadonlyMap<string, FoundMacro> {
  const folder = join(MACROS_FOLDER, packageName);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const found = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return parseTemplate({ file, text }).macros.map((macro) => ({ macro, file }));
  });
  return new Map(found.map((entry) => [entry.macro.name, entry]));
}

export interface HarnessSettings {
  readonly adapter: 'duckdb' | 'postgres';
  readonly config?: Readonly<Record<string, unknown>>;
  readonly model?: Readonly<Record<string, unknown>>;
  readonly target?: Readonly<Record<string, unknown>>;
  /** The database that statements run on; without it and `answer` a statement is an error. */
  readonly connection?: DuckDBConnection;
  /** What every statement answers where there is no database to ask. */
  readonly answer?: { readonly names: readonly string[]; readonly rows: readonly unknown[][] };
}

export interface Harness {
  /** What `{{ expression }}` is; statements run as they are asked for. */
  evaluate(expression: string): Promise<Value>;
  /** Every statement that ran, in order. */
  readonly statements: string[];
  /** What `statement('main')` wrote. */
  readonly written: string[];
  readonly warnings: string[];
}

/** dbt's records; where they are absent, tests that need them are skipped. */
export const DBT = new URL('../../../shared/reference/dbt/', import.meta.url);

export const SKIPPED = '(skipped without ../shared)';

export const readRecord = (path: string): string => readFileSync(new URL(path, DBT), 'utf8');

export const readJson = (path: string): unknown => JSON.parse(readRecord(path));

export type MacroSettings = Omit<HarnessSettings, 'adapter'>;

export const duck = (settings: MacroSettings = {}): Harness =>
  macroHarness({ adapter: 'duckdb', ...settings });

export const postgres = (settings: MacroSettings = {}): Harness =>
  macroHarness({ adapter: 'postgres', ...settings });

/** A new in-memory DuckDB whose database is called shop. */
export async function shopDatabase(): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`attach ':memory:' as shop`);
  await connection.run('use shop');
  return connection;
}

/** The first column of a query's rows, as JSON values. */
export async function values(connection: DuckDBConnection, sql: string): Promise<unknown[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowsJson().map((row) => row[0]);
}

interface Answer {
  readonly sql: string;
  readonly table: JinjaObject;
}

/** The global macros over just as much of a context as they need. */
export function macroHarness(settings: HarnessSettings): Harness {
  const statements: string[] = [];
  const session = { written: [] as string[], warnings: [] as string[] };
  return {
    statements,
    get written() {
      return session.written;
    },
    get warnings() {
      return session.warnings;
    },
    async evaluate(expression) {
      const answers: Answer[] = [];
      for (;;) {
        session.written = [];
        session.warnings = [];
        const context = harnessContext(settings, answers, session);
        try {
          return renderNative({ file: 'test.sql', text: `{{ ${expression} }}` }, context);
        } catch (error) {
          if (!(error instanceof Suspend)) throw error;
          const sql = error.request as string;
          statements.push(sql);
          answers.push({ sql, table: await ask(settings, sql) });
        }
      }
    },
  };
}

async function ask({ connection, answer }: HarnessSettings, sql: string): Promise<JinjaObject> {
  if (answer) return tableValue(answer.names, answer.rows);
  if (!connection) throw new Error(`no database for: ${sql}`);
  const reader = await connection.runAndReadAll(sql);
  return tableValue(reader.columnNames(), reader.getRowsJson());
}

interface Session {
  written: string[];
  warnings: string[];
}

function harnessContext(
  settings: HarnessSettings,
  answers: readonly Answer[],
  session: Session,
): Context {
  let asked = 0;
  const execute = (sql: string): JinjaObject => {
    const answer = answers[asked];
    if (!answer) throw new Suspend(sql);
    if (answer.sql !== sql) throw new Error(`asked another query than before: ${sql}`);
    asked += 1;
    return answer.table;
  };
  const macros = new Map([...packageMacros('dbt'), ...packageMacros(`dbt_${settings.adapter}`)]);
  const bound = new Map<string, Value>();
  const macro = (name: string): Value => {
    if (!bound.has(name)) bound.set(name, macros.get(name)?.macro.bind(context));
    return bound.get(name);
  };
  const results = new Map<string, JinjaObject>();
  const base = layeredContext([
    {
      ...OWN_NAMES,
      adapter: adapterValue(settings, macro, execute),
      config: configValue(settings.config ?? {}),
      model: toValue(settings.model ?? {}),
      target: toValue(settings.target ?? { name: 'duck', schema: 'main', database: 'shop' }),
      dbt: object('dbt', {}, macro),
      exceptions: exceptionsValue(session),
      write: fn('write', ['text'], ({ text }) => {
        session.written.push(toText(text));
        return '';
      }),
      store_result: fn('store_result', ['name', 'response', 'agate_table?'], (given) => {
        const table = given['agate_table'];
        results.set(
          toText(given['name']),
          object('result', { table, response: given['response'] }),
        );
        return '';
      }),
      load_result: fn('load_result', ['name'], ({ name }) => results.get(toText(name)) ?? null),
    },
  ]);
  const context: Context = { lookup: (name) => base.lookup(name) ?? macro(name) };
  return context;
}

const object = (
  jinjaType: string,
  attributes: Readonly<Record<string, Value>>,
  other: (name: string) => Value = () => undefined,
  text = `<${jinjaType}>`,
): JinjaObject => ({
  jinjaType,
  getAttribute: (name) => (Object.hasOwn(attributes, name) ? attributes[name] : other(name)),
  toString: () => text,
});

const fn = (
  name: string,
  signature: readonly string[],
  run: (given: Record<string, Value>, call: Call) => Value,
) => jinjaFunction(name, (call) => run(bindArguments(call, signature, name), call));

function adapterValue(
  { adapter }: HarnessSettings,
  macro: (name: string) => Value,
  execute: (sql: string) => JinjaObject,
): JinjaObject {
  const dispatched = (name: string) => {
    const found = macro(`${adapter}__${name}`) ?? macro(`default__${name}`);
    if (!found) throw new Error(`no macro ${name} for ${adapter}`);
    return found;
  };
  const byMacro = (name: string) =>
    jinjaFunction(name, (call) => callFunction(macro(name), call, call.args));
  return object('adapter', {
    dispatch: fn('dispatch', ['name', 'namespace?'], ({ name }) => dispatched(toText(name))),
    type: fn('type', [], () => adapter),
    quote: fn('quote', ['name'], ({ name }) => `"${toText(name)}"`),
    quote_as_configured: fn(
      'quote_as_configured',
      ['name', 'key'],
      ({ name }) => `"${toText(name)}"`,
    ),
    execute: fn('execute', ['sql', 'auto_begin?', 'fetch?', 'limit?'], ({ sql }) => {
      return new PyTuple(['OK', execute(toText(sql))]);
    }),
    get_column_schema_from_query: fn('get_column_schema_from_query', ['sql'], ({ sql }) =>
      tableRows(execute(`DESCRIBE (${toText(sql)})`)).map(([name, type]) =>
        columnValue(name, type),
      ),
    ),
    get_columns_in_relation: byMacro('get_columns_in_relation'),
    drop_relation: byMacro('drop_relation'),
    rename_relation: byMacro('rename_relation'),
    create_schema: byMacro('create_schema'),
    drop_schema: byMacro('drop_schema'),
  });
}

const configValue = (config: Readonly<Record<string, unknown>>): JinjaObject =>
  object('config', {
    get: fn('get', ['name', 'default?'], ({ name, default: fallback }) =>
      Object.hasOwn(config, toText(name)) ? toValue(config[toText(name)]) : (fallback ?? null),
    ),
    persist_relation_docs: fn('persist_relation_docs', [], () => config['persist_docs'] === true),
    persist_column_docs: fn('persist_column_docs', [], () => config['persist_docs'] === true),
  });

const exceptionsValue = (session: Session): JinjaObject => {
  const raising = (name: string) =>
    fn(name, ['message?', 'more?', 'column_names?'], (given) => {
      const { message, more, column_names: names } = given;
      throw new Error([name, message, more, names].filter(Boolean).map(toText).join(': '));
    });
  const names = [
    'raise_compiler_error',
    'raise_not_implemented',
    'column_type_missing',
    'raise_contract_error',
  ];
  return object('exceptions', {
    ...Object.fromEntries(names.map((name) => [name, raising(name)])),
    warn: fn('warn', ['message'], ({ message }) => {
      session.warnings.push(toText(message));
      return '';
    }),
  });
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'TEXT',
  timestamp: 'TIMESTAMP',
  float: 'FLOAT',
  integer: 'INTEGER',
  boolean: 'BOOLEAN',
};

const OWN_NAMES: Readonly<Record<string, Value>> = {
  execute: true,
  invocation_id: 'this-run',
  run_started_at: object('datetime', {
    strftime: fn('strftime', ['format'], ({ format }) =>
      toText(format) === '%H%M%S%f' ? '120000000000' : '20240110120000000000',
    ),
  }),
  diff_of_two_dicts: fn('diff_of_two_dicts', ['a', 'b'], ({ a, b }) => difference(a, b)),
  log: fn('log', ['message', 'info?'], () => ''),
  local_md5: fn('local_md5', ['text'], () => 'd605a56ed7f263f09e3d98dc7a3deb4b'),
  return: fn('return', ['data?'], ({ data }) => macroReturn(data ?? null)),
  api: object('api', {
    Column: {
      ...object('Column', {
        translate_type: fn('translate_type', ['type'], ({ type }) => TYPES[toText(type)] ?? type),
        numeric_type: fn(
          'numeric_type',
          ['type', 'precision', 'scale'],
          (given) =>
            `${toText(given['type'])}(${toText(given['precision'])},${toText(given['scale'])})`,
        ),
      }),
      call: ({ args: [name, type] }: Call) => columnValue(name, type),
    },
    Relation: object('Relation', {
      create: fn('create', ['database?', 'schema?', 'identifier?', 'type?'], (given) =>
        relation(given),
      ),
    }),
  }),
  relation: fn('relation', ['database?', 'schema?', 'identifier?', 'type?'], (given) =>
    relation(given),
  ),
};

/** Of each list of one dict what the other has not under the same key, keys in lower case. */
function difference(one: Value, other: Value): Map<Value, Value> {
  const dict = (value: Value) => value as ReadonlyMap<string, readonly Value[]>;
  const known = new Map(Array.from(dict(other), ([key, list]) => [key.toLowerCase(), list]));
  const left = Array.from(dict(one), ([key, list]): [Value, Value] => [
    key,
    list.filter((item) => !known.get(key.toLowerCase())?.includes(item)),
  ]);
  return new Map(left.filter(([, list]) => (list as readonly Value[]).length > 0));
}

const columnValue = (name: Value, type: Value): JinjaObject =>
  object(
    'Column',
    { name, column: name, dtype: type, data_type: type, quoted: `"${toText(name)}"` },
    undefined,
    `<Column ${toText(name)} (${toText(type)})>`,
  );

const PARTS = ['database', 'schema', 'identifier'] as const;

function relation(parts: Readonly<Record<string, Value>>): JinjaObject {
  const path = PARTS.map((part) => parts[part] ?? null);
  const text = path
    .filter((part) => part !== null)
    .map((part) => `"${toText(part)}"`)
    .join('.');
  const keep = (given: Readonly<Record<string, Value>>) => {
    const kept = PARTS.filter((part) => given[part] !== false);
    return relation({
      type: parts['type'],
      ...Object.fromEntries(kept.map((part) => [part, parts[part]])),
    });
  };
  return object(
    'Relation',
    {
      ...Object.fromEntries(PARTS.map((part, index) => [part, path[index]])),
      type: parts['type'] ?? null,
      is_view: parts['type'] === 'view',
      render: fn('render', [], () => text),
      without_identifier: fn('without_identifier', [], () => keep({ identifier: false })),
      include: fn('include', ['database?', 'schema?', 'identifier?'], keep),
      incorporate: fn('incorporate', ['path?', 'type?'], ({ path: given, type }) =>
        relation({
          ...parts,
          ...(type ? { type } : {}),
          ...Object.fromEntries((given as Map<string, Value>) ?? []),
        }),
      ),
    },
    undefined,
    text,
  );
}

const rowsOf = new WeakMap<JinjaObject, readonly (readonly Value[])[]>();

const tableRows = (table: JinjaObject) => rowsOf.get(table) ?? [];

function tableValue(names: readonly string[], rows: readonly (readonly Value[])[]): JinjaObject {
  const column = (name: string, index: number) =>
    object('Column', { name, values: fn('values', [], () => rows.map((row) => row[index])) });
  const row = (cells: readonly Value[]): JinjaObject => ({
    ...object('Row', {}),
    getItem: (key) => cells[typeof key === 'string' ? names.indexOf(key) : Number(key)],
  });
  const table = object('Table', {
    column_names: [...names],
    columns: names.map(column),
    rows: rows.map(row),
  });
  rowsOf.set(table, rows);
  return table;
}
