import type { TableDefinition, TableStorage } from '../adapters/adapter.ts';
import { DatabaseError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { materializations } from '../materializations/index.ts';
import { type ModelConfig, partitionByOf, partitionUnitOf, uniqueKeyOf } from './config-schemas.ts';
import { checkContract, contractedTable } from './contract.ts';
import type { Compiled } from './ctes.ts';
import { fittingRows } from './fitting-rows.ts';
import { locateError } from './locate-error.ts';
import type { BuildContext, BuildOutcome } from './node-kind.ts';
import { publishByMacros } from './publish-by-macros.ts';

function storageOf(
  { indexes, unlogged, ...config }: ModelConfig,
  definition: TableDefinition | undefined,
  { asOf, batch }: { readonly asOf: Node['asOf']; readonly batch: Interval | undefined },
): TableStorage {
  const unit = partitionUnitOf(config);
  return {
    indexes: indexes ?? [],
    unlogged: unlogged ?? false,
    definition,
    partitioning: asOf && batch && unit && { column: asOf.column, unit, interval: batch },
  };
}

/** Publishes a model's SELECT with its materialization. @throws ProjectError, DatabaseError at the line of the model's file */
export async function materialize(
  node: Node,
  compiled: Compiled,
  context: BuildContext,
): Promise<BuildOutcome> {
  if (!node.relation) throw new Error(`${node.id} has no relation`);
  try {
    const { sql_header: header } = node.config as ModelConfig;
    if (header) await context.connection.fetch(header);
    await checkContract(node, compiled.sql, context);
    const byMacros = await publishByMacros(node, compiled.sql, context);
    return byMacros ?? (await publish(node, node.relation, compiled, context));
  } catch (error) {
    throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
  }
}

async function publish(
  node: Node,
  relation: Relation,
  compiled: Compiled,
  context: BuildContext,
): Promise<BuildOutcome> {
  const { connection, dialect, existing, replace, batch } = context;
  const config = node.config as ModelConfig;
  const statements = materializations.get(node.materialized).statements({
    dialect,
    relation,
    sql: await rowsToWrite(node, compiled, context),
    existing,
    replace,
    asOf: node.asOf,
    batch,
    uniqueKey: uniqueKeyOf(config),
    partitionBy: partitionByOf(config),
    strategy: config.incremental_strategy ?? undefined,
    onChange: config.on_configuration_change,
    storage: storageOf(config, await contractedTable(node, context), { asOf: node.asOf, batch }),
  });
  let rows: number | undefined;
  let removed = 0;
  for (const statement of statements) {
    const touched = await connection.execute(statement);
    if (touched === undefined) continue;
    removed += rows ?? 0;
    rows = touched;
  }
  const written = node.storesRows ? rows : undefined;
  const message = written === undefined ? 'OK' : `INSERT ${written}`;
  return { rows: written, removed, message, compiledCode: compiled.sql };
}

/** Rows that come to those of an incremental table fit its columns; those of a range are matched by name. */
async function rowsToWrite(node: Node, { sql }: Compiled, context: BuildContext): Promise<string> {
  const { relation, materialized, asOf } = node;
  const adds = materialized === 'incremental' && !context.replace && context.existing === 'table';
  return adds && relation && !asOf ? fittingRows(sql, relation, context) : sql;
}
