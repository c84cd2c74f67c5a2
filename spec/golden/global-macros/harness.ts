import { duckdbDialect } from '../../../src/adapters/duckdb/dialect.ts';
import type { Context } from '../../../src/jinja/context.ts';
import type { TemplateDialect } from '../../../src/jinja/contexts/adapter-value.ts';
import { agateTable } from '../../../src/jinja/contexts/agate-table.ts';
import { baseNames, type ContextScope } from '../../../src/jinja/contexts/base-context.ts';
import { columnValue } from '../../../src/jinja/contexts/column-value.ts';
import { compileNames } from '../../../src/jinja/contexts/compile-context.ts';
import type { MacroLibrary, MacroTable } from '../../../src/jinja/contexts/macro-library.ts';
import { nodeContext } from '../../../src/jinja/contexts/node-context.ts';
import {
  type RelationValue,
  relationClass,
  relationValue,
} from '../../../src/jinja/contexts/relation-value.ts';
import {
  type AskDatabase,
  type DatabaseAnswer,
  type Replay,
  renderAnswering,
} from '../../../src/jinja/contexts/replay.ts';
import { runNames } from '../../../src/jinja/contexts/run-names.ts';
import { render, renderNative } from '../../../src/jinja/render.ts';
import { parseTemplate } from '../../../src/jinja/template.ts';
import { type JinjaObject, toValue, type Value } from '../../../src/jinja/value.ts';
import { incrementalStrategies } from '../../../src/materializations/incremental-strategies.ts';
import { askConnection } from '../../../src/nodes/ask-connection.ts';
import { globalMacros } from '../../../src/project/global-macros.ts';
import type { Database } from './database.ts';

export type AdapterName = 'duckdb' | 'postgres';

export const ADAPTERS: readonly AdapterName[] = ['duckdb', 'postgres'];

/** Rows for every query that holds a text. */
export interface Answer {
  readonly to?: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What a case gives its macros, in the real context of a node that is built. */
export interface Scene {
  /** Values of names of the case's own: plain data, relations, columns. */
  readonly names?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly flags?: Readonly<Record<string, unknown>>;
  /** `flags:` of the project file. */
  readonly behavior?: Readonly<Record<string, unknown>>;
  readonly model?: unknown;
  readonly this?: RelationValue;
  readonly target?: Partial<NonNullable<ContextScope['target']>>;
  readonly graph?: Readonly<Record<string, unknown>>;
  readonly selected?: readonly string[];
  /** The session statements run in. */
  readonly database?: Database;
  /** What queries answer where there is no database: the first that fits. Without rows asked for, nothing. */
  readonly answers?: readonly Answer[];
}

export interface Macros {
  /** What `{{ expression }}` is; statements run as they come up. */
  evaluate(expression: string): Promise<Value>;
  render(template: string): Promise<string>;
  /** Every statement that was sent, in order. */
  readonly statements: string[];
  readonly warnings: string[];
}

export interface Ran {
  readonly text: string;
  readonly statements: readonly string[];
  readonly warnings: readonly string[];
}

export const duck = (scene: Scene = {}): Macros => macrosFor('duckdb', scene);

export const postgres = (scene: Scene = {}): Macros => macrosFor('postgres', scene);

/** Renders one template. */
export async function run(type: AdapterName, template: string, scene: Scene = {}): Promise<Ran> {
  const macros = macrosFor(type, scene);
  const text = await macros.render(template);
  return { text, statements: macros.statements, warnings: macros.warnings };
}

/** Macros of an adapter as a node of a project calls them. */
export function macrosFor(type: AdapterName, scene: Scene = {}): Macros {
  const statements: string[] = [];
  const warnings: string[] = [];
  const ask: AskDatabase = async (request) => {
    if (request.kind === 'query') statements.push(request.sql);
    return answering(scene)(request);
  };
  const within = <T>(work: (context: Context) => T): Promise<T> =>
    renderAnswering((replay) => work(contextOf(type, scene, replay, warnings)), ask);
  return {
    statements,
    warnings,
    evaluate: (expression) =>
      within((context) => renderNative({ file: 'case.sql', text: `{{ ${expression} }}` }, context)),
    render(text) {
      const template = parseTemplate({ file: 'case.sql', text });
      return within((context) => render(template, context).text);
    },
  };
}

const NOTHING: DatabaseAnswer = { message: 'OK', rowsAffected: undefined, table: undefined };

function answering({ database, answers = [] }: Scene): AskDatabase {
  if (database) return askConnection(database.connection);
  return async (request) => {
    if (request.kind !== 'query') return NOTHING;
    const found = answers.find(({ to = '' }) => request.sql.includes(to));
    if (!request.fetch) return NOTHING;
    if (!found) throw new Error(`no answer to: ${request.sql}`);
    return { ...NOTHING, table: resultTable(found) };
  };
}

/** Integers are ints, everything else is text. */
const resultTable = ({ names, rows }: Omit<Answer, 'to'>) => ({
  columns: names.map((name, index) => {
    const cells = rows.map((row) => row[index]);
    const isInteger = cells.length > 0 && cells.every((cell) => Number.isInteger(cell));
    const isBoolean = cells.length > 0 && cells.every((cell) => typeof cell === 'boolean');
    const kind = isInteger ? 'integer' : isBoolean ? 'boolean' : 'text';
    return { name, kind, type: kind } as const;
  }),
  rows,
});

/** A seed's table. */
export const tableOf = (names: readonly string[], rows: Answer['rows'] = []): JinjaObject =>
  agateTable(resultTable({ names, rows }), () => undefined);

/**
 * velo builds on DuckDB; for texts in PostgreSQL's words macros only need to be told its name. What they ask of the
 * catalog goes to the case's DuckDB, or to its answers.
 */
const DIALECTS: Readonly<Record<AdapterName, TemplateDialect>> = {
  duckdb: duckdbDialect,
  postgres: { ...duckdbDialect, name: 'postgres' },
};

const shipped = new Map<AdapterName, ReadonlyMap<string, MacroTable>>();

function libraryOf(type: AdapterName): MacroLibrary {
  const internal = shipped.get(type) ?? globalMacros(type);
  shipped.set(type, internal);
  return {
    packages: new Map(),
    rootPackage: 'shop',
    internal,
    adapterTypes: [type],
    dispatch: new Map(),
  };
}

const STARTED = '2024-01-10T12:00:00.000Z';

function scopeOf(type: AdapterName, { flags = {}, target, behavior }: Scene): ContextScope {
  return {
    projectName: 'shop',
    vars: {},
    readEnvironment: () => undefined,
    target: {
      name: 'duck',
      profileName: 'shop',
      type,
      schema: 'main',
      database: 'shop',
      threads: 1,
      ...target,
    },
    readRun: (key) => (key === 'invocationId' ? 'this-run' : STARTED),
    readFlags: () => ({ which: 'run', flags, args: {} }),
    warn: () => undefined,
    behavior,
  };
}

function contextOf(type: AdapterName, scene: Scene, replay: Replay, warnings: string[]): Context {
  const self = scene.this;
  const compiling = compileNames({
    config: scene.config ?? {},
    this: self && { relation: self.relation, text: String(self), type: self.relationType },
    isIncremental: false,
    asOf: undefined,
    resolve({ kind, path }) {
      const schema = kind === 'source' ? (path[0] ?? '') : 'main';
      const target = { database: 'db', schema, name: path.at(-1) ?? '' };
      return { relation: target, text: duckdbDialect.relation(target) };
    },
    model: () => scene.model ?? {},
    graph: () => toValue(scene.graph ?? {}),
    selected: () => scene.selected ?? [],
  });
  const running = runNames({
    dialect: DIALECTS[type],
    replay,
    voice: {
      log: () => undefined,
      print: () => undefined,
      warn: (message) => warnings.push(message),
    },
    strategies: incrementalStrategies.all().map(({ name }) => name),
    behavior: scene.behavior,
    now: () => Date.parse(STARTED),
  });
  const names: Record<string, Value> = {
    relation: relationClass.getAttribute('create'),
    ...Object.fromEntries(
      Object.entries(scene.names ?? {}).map(([name, value]) => [name, given(value)]),
    ),
  };
  const layers = [names, compiling, running, baseNames(scopeOf(type, scene))];
  return nodeContext(layers, libraryOf(type), 'shop');
}

/** Plain data as values; relations, columns and tables among it stay what they are. */
function given(value: unknown): Value {
  if (value === null || typeof value !== 'object' || 'jinjaType' in value) return value;
  if (Array.isArray(value)) return value.map(given);
  return new Map(Object.entries(value).map(([key, item]) => [key, given(item)]));
}

/** `database.schema.name`, or less of it. */
export function relation(path: string, type = 'table'): RelationValue {
  const [name = '', schema = '', database] = path.split('.').reverse();
  return relationValue({ database, schema, name }, undefined, type);
}

export type ColumnSpec = readonly [name: string, type: string];

/** Columns as `adapter.get_columns_in_relation` answers them. */
export const columns = (specs: readonly ColumnSpec[]): JinjaObject[] =>
  specs.map(([name, type]) =>
    columnValue(
      { name, type, charSize: undefined, precision: undefined, scale: undefined },
      duckdbDialect.catalog,
    ),
  );

/** SQL without comments and without whitespace that means nothing, to compare texts. */
export function squeeze(sql: string): string {
  return sql
    .replace(/--.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w ]) ?/g, '$1')
    .trim();
}
