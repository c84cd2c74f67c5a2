import type { Relation } from '../../core/relation.ts';
import type { ResultTable } from '../../core/result-table.ts';
import { raise } from '../python/error.ts';
import { asInt } from '../python/method.ts';
import { toText, typeName } from '../python/text.ts';
import { isTruthy, PyTuple, type Value } from '../python/types.ts';
import { type Call, callFunction, type JinjaObject } from '../value.ts';
import { agateTable, columnKind } from './agate-table.ts';
import { type Behavior, behaviorValue } from './behavior-value.ts';
import { boundSql } from './bound-sql.ts';
import { type ColumnFacts, canExpand, columnValue, type TypeNames } from './column-value.ts';
import { dispatchFunction, macrosOf } from './node-context.ts';
import { recordValue, signedFunction } from './record-value.ts';
import { asRelation, quoted, type RelationValue, relationValue } from './relation-value.ts';
import type { DatabaseAnswer, Replay } from './replay.ts';
import { seedType } from './seed-type.ts';

type Place = Pick<Relation, 'database' | 'schema'>;

/** What the `adapter` of templates needs of a dialect. */
export interface TemplateDialect {
  readonly name: string;
  quote(identifier: string): string;
  literal(value: string | number | boolean | null): string;
  createSchema(place: Place): string;
  readonly catalog: TypeNames & {
    listSchemas(database: string | undefined): string;
    listRelations(place: Place): string;
    listColumns(relation: Relation): string;
    dropSchema(place: Place): string;
    dropRelation(relation: Relation, type: string): string;
    renameRelation(from: Relation, to: Relation, type: string): string;
    truncateRelation(relation: Relation): string;
    comparedType(type: string): string;
    alterColumnType(relation: Relation, column: string, type: string): string;
  };
}

/** What one render's adapter works with. */
export interface AdapterScope {
  readonly dialect: TemplateDialect;
  readonly replay: Replay;
  readonly strategies: readonly string[];
  readonly behavior?: Behavior;
  print(text: string): void;
}

type Given = Readonly<Record<string, Value>>;

interface Asked extends AdapterScope {
  readonly call: Call;
}

type Method = readonly [
  signature: string,
  run: (given: Given, asked: Asked) => Value,
  /** What it answers while a project is parsed. */
  parsing?: (given: Given) => Value,
];

function ask({ replay, call }: Asked, sql: string, fetch: boolean): DatabaseAnswer {
  return replay.ask({ kind: 'query', sql, fetch, span: call.span });
}

const askCatalog = ({ replay, call }: Asked, sql: string): DatabaseAnswer =>
  replay.ask({ kind: 'query', sql, fetch: true, asksCatalog: true, span: call.span });

/** The rows of a catalog query, by the names of its columns. */
function catalogRows(asked: Asked, sql: string): Readonly<Record<string, unknown>>[] {
  const { table } = askCatalog(asked, sql);
  const names = table?.columns.map(({ name }) => name) ?? [];
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index]])),
  );
}

function run(asked: Asked, sql: string): null {
  ask(asked, sql, false);
  return null;
}

function relationOf(value: Value, method: string): RelationValue {
  const relation = asRelation(value);
  if (relation) return relation;
  return raise('TypeError', `adapter.${method}() takes a relation, not ${typeName(value)}`);
}

const optionalText = (value: Value): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : toText(value);

const textOf = (value: unknown): string => (value === null ? '' : String(value));

function relationsIn(place: Place, asked: Asked): RelationValue[] {
  const rows = catalogRows(asked, asked.dialect.catalog.listRelations(place));
  return rows.map((row) =>
    relationValue(
      {
        database: textOf(row['database']),
        schema: textOf(row['schema']),
        name: textOf(row['name']),
      },
      undefined,
      textOf(row['type']),
    ),
  );
}

const sameName = (a: string | undefined, b: string | undefined): boolean =>
  (a ?? '').toLowerCase() === (b ?? '').toLowerCase();

function findRelation(given: Given, asked: Asked): RelationValue | undefined {
  const schema = toText(given['schema']);
  const identifier = toText(given['identifier']);
  const place = { database: optionalText(given['database']), schema };
  return relationsIn(place, asked).find(({ relation }) => sameName(relation.name, identifier));
}

const numberOf = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

/** Columns of a table; of what is no table, such as a subquery, from the types of its result. */
function columnsOf(value: RelationValue, asked: Asked): ColumnFacts[] {
  const { relation } = value;
  if (String(value) !== String(relationValue(relation))) {
    return columnsOfQuery(`select * from ${String(value)}`, asked);
  }
  return catalogRows(asked, asked.dialect.catalog.listColumns(relation)).map((row) => ({
    name: textOf(row['name']),
    type: textOf(row['type']),
    charSize: numberOf(row['char_size']),
    precision: numberOf(row['numeric_precision']),
    scale: numberOf(row['numeric_scale']),
  }));
}

function columnsOfQuery(sql: string, asked: Asked): ColumnFacts[] {
  const { table } = askCatalog(asked, `select * from (\n${sql}\n) as velo_columns limit 0`);
  return (table?.columns ?? []).map(({ name, type }) => ({
    name,
    type,
    charSize: undefined,
    precision: undefined,
    scale: undefined,
  }));
}

/** Columns with the types that contracts compare. */
const comparedIn =
  ({ dialect }: Asked) =>
  (column: ColumnFacts): ColumnFacts => ({
    ...column,
    type: dialect.catalog.comparedType(column.type),
  });

const columnValues = (columns: readonly ColumnFacts[], { dialect }: Asked): Value[] =>
  columns.map((column) => columnValue(column, dialect.catalog));

function missingColumns(given: Given, asked: Asked): ColumnFacts[] {
  const from = columnsOf(relationOf(given['from_relation'], 'get_missing_columns'), asked);
  const to = columnsOf(relationOf(given['to_relation'], 'get_missing_columns'), asked);
  return from.filter(({ name }) => !to.some((column) => sameName(column.name, name)));
}

/** Text columns of the target grow to what the new rows bring. */
function expandColumns(given: Given, asked: Asked): null {
  const target = relationOf(given['to_relation'], 'expand_target_column_types');
  const from = columnsOf(relationOf(given['from_relation'], 'expand_target_column_types'), asked);
  for (const column of columnsOf(target, asked)) {
    const wanted = from.find(({ name }) => sameName(name, column.name));
    if (!wanted || !canExpand(column, wanted)) continue;
    const { catalog } = asked.dialect;
    const type = catalog.textType(wanted.charSize);
    run(asked, catalog.alterColumnType(target.relation, column.name, type));
  }
  return null;
}

function commit({ replay, call }: Asked): null {
  replay.ask({ kind: 'commit', span: call.span });
  return null;
}

const EMPTY: ResultTable = { columns: [], rows: [] };

/** What dbt's AdapterResponse says. */
export function responseValue(
  answer: Pick<DatabaseAnswer, 'message' | 'rowsAffected'>,
): JinjaObject {
  const { message, rowsAffected } = answer;
  const code = message.split(' ')[0] ?? message;
  return recordValue(
    'AdapterResponse',
    { _message: message, code, rows_affected: rowsAffected ?? null },
    { toString: () => message },
  );
}

function execute(given: Given, asked: Asked): Value {
  const fetch = isTruthy(given['fetch'] ?? false);
  const answer = ask(asked, toText(given['sql']), fetch);
  const table = agateTable(answer.table ?? EMPTY, asked.print);
  return new PyTuple([responseValue(answer), table]);
}

function dropRelation(given: Given, asked: Asked): null {
  const { relation, relationType } = relationOf(given['relation'], 'drop_relation');
  if (relationType === undefined) {
    raise('TypeError', 'Tried to drop relation, but its type is null.');
  }
  return run(asked, asked.dialect.catalog.dropRelation(relation, sqlType(relationType)));
}

const sqlType = (type: string): string => type.replaceAll('_', ' ');

function renameRelation(given: Given, asked: Asked): null {
  const from = relationOf(given['from_relation'], 'rename_relation');
  const to = relationOf(given['to_relation'], 'rename_relation');
  const type = from.relationType ?? to.relationType ?? 'table';
  const { catalog } = asked.dialect;
  return run(asked, catalog.renameRelation(from.relation, to.relation, sqlType(type)));
}

/** Two selects that tell how many rows differ, and how many there are more of in one. */
function rowsDifferentSql(given: Given): string {
  const [a, b] = [relationOf(given['relation_a'], 'x'), relationOf(given['relation_b'], 'x')];
  const names = Array.isArray(given['column_names']) ? given['column_names'].map(toText) : ['*'];
  const columns = names
    .map((name) => (name === '*' ? name : quoted(name)))
    .sort()
    .join(', ');
  const except = optionalText(given['except_operator']) ?? 'EXCEPT';
  const only = (x: RelationValue, y: RelationValue) =>
    `select ${columns} from ${String(x)} ${except} select ${columns} from ${String(y)}`;
  return `with diff_count as (
  select 1 as id, count(*) as num_missing
  from ((${only(a, b)}) union all (${only(b, a)})) as only_in_one
), row_counts as (
  select 1 as id, (select count(*) from ${String(a)}) - (select count(*) from ${String(b)}) as difference
)
select row_counts.difference as row_count_difference, diff_count.num_missing as num_mismatched
from row_counts inner join diff_count using (id)`;
}

const placeOf = (value: Value, method: string): Place => relationOf(value, method).relation;

const METHODS: Readonly<Record<string, Method>> = {
  type: ['', (_, { dialect }) => dialect.name],
  quote: ['identifier', ({ identifier }) => quoted(toText(identifier))],
  quote_as_configured: ['identifier quote_key', ({ identifier }) => quoted(toText(identifier))],
  quote_seed_column: [
    'column quote_config',
    ({ column, quote_config }) =>
      quote_config === false ? toText(column) : quoted(toText(column)),
  ],
  execute: ['sql auto_begin? fetch? limit?', execute, () => null],
  add_query: [
    'sql auto_begin? bindings? abridge_sql_log?',
    (given, asked) => run(asked, boundSql(toText(given['sql']), given['bindings'], asked.dialect)),
  ],
  convert_type: [
    'agate_table col_idx',
    ({ agate_table, col_idx }) => seedType(columnKind(agate_table, asInt(col_idx, 0))),
  ],
  commit: ['', (_, asked) => commit(asked)],
  commit_if_has_connection: ['', (_, asked) => commit(asked)],
  get_relation: [
    'database schema identifier',
    (given, asked) => findRelation(given, asked) ?? null,
  ],
  list_relations: [
    'database schema',
    (given, asked) =>
      relationsIn(
        { database: optionalText(given['database']), schema: toText(given['schema']) },
        asked,
      ),
    () => [],
  ],
  list_relations_without_caching: [
    'schema_relation',
    ({ schema_relation }, asked) =>
      relationsIn(placeOf(schema_relation, 'list_relations_without_caching'), asked),
    () => [],
  ],
  list_schemas: ['database?', (given, asked) => schemasOf(given['database'], asked), () => []],
  check_schema_exists: [
    'database schema',
    (given, asked) =>
      schemasOf(given['database'], asked).some((name) => sameName(name, toText(given['schema']))),
    () => false,
  ],
  already_exists: [
    'schema name',
    ({ schema, name }, asked) => findRelation({ schema, identifier: name }, asked) !== undefined,
    () => false,
  ],
  create_schema: [
    'relation',
    ({ relation }, asked) =>
      run(asked, asked.dialect.createSchema(placeOf(relation, 'create_schema'))),
  ],
  drop_schema: [
    'relation',
    ({ relation }, asked) =>
      run(asked, asked.dialect.catalog.dropSchema(placeOf(relation, 'drop_schema'))),
  ],
  drop_relation: ['relation', dropRelation],
  rename_relation: ['from_relation to_relation', renameRelation],
  truncate_relation: [
    'relation',
    ({ relation }, asked) =>
      run(
        asked,
        asked.dialect.catalog.truncateRelation(relationOf(relation, 'truncate_relation').relation),
      ),
  ],
  get_columns_in_relation: [
    'relation',
    ({ relation }, asked) =>
      columnValues(columnsOf(relationOf(relation, 'get_columns_in_relation'), asked), asked),
    () => [],
  ],
  get_column_schema_from_query: [
    'sql',
    ({ sql }, asked) =>
      columnValues(columnsOfQuery(toText(sql), asked).map(comparedIn(asked)), asked),
    () => [],
  ],
  get_missing_columns: [
    'from_relation to_relation',
    (given, asked) => columnValues(missingColumns(given, asked), asked),
    () => [],
  ],
  expand_target_column_types: ['from_relation to_relation', expandColumns],
  get_rows_different_sql: [
    'relation_a relation_b column_names? except_operator?',
    rowsDifferentSql,
    () => '',
  ],
  valid_incremental_strategies: ['', (_, { strategies }) => [...strategies], () => []],
  // Nothing is remembered of the catalog, so nothing need be told of changes.
  cache_added: ['relation?', () => ''],
  cache_dropped: ['relation?', () => ''],
  cache_renamed: ['from_relation? to_relation?', () => ''],
};

const schemasOf = (database: Value, asked: Asked): string[] =>
  catalogRows(asked, asked.dialect.catalog.listSchemas(optionalText(database))).map((row) =>
    textOf(row['schema']),
  );

/** Methods whose work a project may do in its own way, by a macro of the same name. */
const OVERRIDABLE: ReadonlySet<string> = new Set([
  'list_schemas',
  'list_relations_without_caching',
  'create_schema',
  'drop_schema',
  'drop_relation',
  'rename_relation',
  'truncate_relation',
  'get_columns_in_relation',
]);

/** `adapter` once a project is read: asks the database. */
export function adapterValue(scope: AdapterScope): JinjaObject {
  return adapterObject(scope.behavior, (name, [signature, method]) =>
    signedFunction(name, signature, (given, call) => {
      const own = OVERRIDABLE.has(name) ? macrosOf(call.context)?.macros.override(name) : undefined;
      if (own !== undefined) return callFunction(own, call, call.args, call.kwargs);
      return method(given, { ...scope, call });
    }),
  );
}

/** `adapter` while a project is parsed: answers without a database, as dbt does. */
export function parseAdapter(dialectName: string, behavior?: Behavior): JinjaObject {
  const pure = new Set(['quote', 'quote_as_configured', 'quote_seed_column']);
  return adapterObject(behavior, (name, [signature, method, parsing]) =>
    signedFunction(name, signature, (given) => {
      if (name === 'type') return dialectName;
      if (name === 'execute') return new PyTuple(['', agateTable(EMPTY, () => undefined)]);
      if (pure.has(name)) return method(given, undefined as never);
      return parsing?.(given) ?? null;
    }),
  );
}

function adapterObject(
  behavior: Behavior,
  make: (name: string, method: Method) => Value,
): JinjaObject {
  const made = new Map<string, Value>([
    ['dispatch', dispatchFunction],
    ['behavior', behaviorValue(behavior)],
  ]);
  return {
    jinjaType: 'Adapter',
    getAttribute(name) {
      const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
      if (method && !made.has(name)) made.set(name, make(name, method));
      return made.get(name);
    },
    toString: () => '<Adapter>',
  };
}
