import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { relationValue } from '../jinja/contexts/relation-value.ts';
import { toText, type Value } from '../jinja/value.ts';
import { incrementalStrategies } from '../materializations/incremental-strategies.ts';
import type { ModelConfig } from './config-schemas.ts';
import type { BuildContext, BuildOutcome } from './node-kind.ts';

/** Global macros that make a relation, and the strategies' own: a project's version of one decides how velo builds. */
const MAKES = {
  view: ['create_view_as', 'get_create_view_as_sql'],
  table: ['create_table_as', 'get_create_table_as_sql'],
} as const;

const STRATEGY_MACROS: Readonly<Record<string, string>> = {
  merge: 'get_merge_sql',
  'delete+insert': 'get_delete_insert_merge_sql',
  insert_overwrite: 'get_insert_overwrite_merge_sql',
};

/**
 * Publishes a model's SELECT with dbt's macros where the project has its own say in them, or where velo has no
 * statements itself: strategies such as merge, and changes of columns. Undefined when velo's own statements do.
 * @throws ProjectError, DatabaseError
 */
export async function publishByMacros(
  node: Node,
  sql: string,
  context: BuildContext,
): Promise<BuildOutcome | undefined> {
  const { existing, replace, macros } = context;
  if (!node.relation || node.asOf) return undefined;
  if (node.materialized === 'incremental' && !replace && existing === 'table') {
    return changesByMacros(node, context) ? changeTable(node, sql, context) : undefined;
  }
  if (node.materialized === 'materialized_view') return undefined;
  const type = node.materialized === 'view' ? 'view' : 'table';
  const isOwn = MAKES[type].some((name) => macros.isOverridden(name));
  return isOwn ? makeRelation(node, type, sql, context) : undefined;
}

function changesByMacros(node: Node, { macros }: BuildContext): boolean {
  const config = node.config as ModelConfig;
  const { incremental_strategy: strategy, on_schema_change } = config;
  if (on_schema_change !== 'ignore') return true;
  if ((config.incremental_predicates ?? config.predicates ?? []).length > 0) return true;
  if (strategy === null) return macros.isOverridden('get_incremental_default_sql');
  if (!incrementalStrategies.all().some(({ name }) => name === strategy)) return true;
  return [strategyMacro(strategy), STRATEGY_MACROS[strategy] ?? ''].some(macros.isOverridden);
}

const strategyMacro = (strategy: string): string =>
  `get_incremental_${strategy.replace('+', '_')}_sql`;

/** The new relation is made aside and renamed: whatever the macro does, the old one stands until then. */
async function makeRelation(
  node: Node,
  type: 'view' | 'table',
  sql: string,
  context: BuildContext,
): Promise<BuildOutcome> {
  const { connection, dialect, existing, macros } = context;
  const target = node.relation as Relation;
  const aside = { ...target, name: `${target.name}__dbt_tmp` };
  const names = { target: relationOf(aside, type, context), sql };
  const call =
    type === 'view' ? 'create_view_as(target, sql)' : 'create_table_as(False, target, sql)';
  const made = toText(await macros.evaluate(node, call, names));
  await connection.execute(dialect.dropRelation(aside, type));
  await connection.fetch(made);
  if (existing) await connection.execute(dialect.dropRelation(target, existing));
  await connection.execute(dialect.catalog.renameRelation(aside, target, type));
  const rows = type === 'table' ? await countRows(target, context) : undefined;
  const message = rows === undefined ? 'OK' : `INSERT ${rows}`;
  return { rows, message, compiledCode: sql };
}

async function countRows(relation: Relation, { connection, dialect }: BuildContext) {
  const [row] = await connection.query(`select count(*) as n from ${dialect.relation(relation)}`);
  return Number(row?.['n'] ?? 0);
}

/** As dbt does: the new rows in a temporary table, the columns settled, then the strategy's statements. */
async function changeTable(node: Node, sql: string, context: BuildContext): Promise<BuildOutcome> {
  const { connection, dialect, macros } = context;
  const strategy = (node.config as ModelConfig).incremental_strategy;
  const { relation: temporary, statements } = dialect.temporaryTable(`${node.name}__dbt_tmp`, sql);
  for (const statement of statements) await connection.execute(statement);
  const target = relationOf(node.relation as Relation, 'table', context);
  const temp = relationOf(temporary, 'table', context);
  const columns = await macros.evaluate(node, COLUMNS, { target, temp });
  const macro = strategyMacro(strategy ?? 'default');
  const changes = toText(
    await macros.evaluate(node, `${macro}(${ARGUMENTS})`, { target, temp, columns }),
  );
  const { rowsAffected } = await connection.fetch(changes);
  await connection.execute(`drop table if exists ${dialect.relation(temporary)}`);
  const message = rowsAffected === undefined ? 'OK' : `INSERT ${rowsAffected}`;
  return { rows: rowsAffected, message, compiledCode: sql };
}

const COLUMNS =
  "process_schema_changes(config.get('on_schema_change'), temp, target) or adapter.get_columns_in_relation(target)";

const ARGUMENTS = `{
  'strategy': config.get('incremental_strategy'), 'target_relation': target, 'temp_relation': temp,
  'unique_key': config.get('unique_key'), 'dest_columns': columns,
  'incremental_predicates': config.get('predicates') or config.get('incremental_predicates')
}`;

const relationOf = (relation: Relation, type: string, { dialect }: BuildContext): Value =>
  relationValue(relation, dialect.relation(relation), type);
