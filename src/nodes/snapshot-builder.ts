import { DatabaseError, ProjectError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { relationValue } from '../jinja/contexts/relation-value.ts';
import { toText, type Value } from '../jinja/value.ts';
import type { Compiled } from './ctes.ts';
import { columnNames } from './fitting-rows.ts';
import { locateError } from './locate-error.ts';
import type { BuildContext, Builder, BuildOutcome } from './node-kind.ts';

/** What dbt's strategy macros give; the project may have strategies of its own. */
const STRATEGY =
  "strategy_dispatch(config.require('strategy'))(dict(model, compiled_code=sql), 'snapshotted_data', 'source_data', config, exists)";

/** Columns of the staged changes that are no columns of the snapshot. */
const OF_CHANGES = /^(dbt_change_type|dbt_unique_key(_\d+)?)$/i;

/**
 * Takes the state of a SELECT: what changed gets a new version, what was there before stays. A full refresh does not
 * take that away either: as in dbt, only dropping the table does.
 */
export const snapshotBuilder: Builder = {
  claims: ({ kind }) => kind === 'snapshot',
  async build(node, context) {
    if (!node.relation) throw new Error(`${node.id} has no relation`);
    const compiled = await context.compile(node, { batch: undefined, isIncremental: false });
    const take = context.existing === 'table' ? addVersions : firstVersions;
    return take(node, node.relation, compiled, context).catch((error: unknown) => {
      throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
    });
  },
};

async function firstVersions(
  node: Node,
  relation: Relation,
  { sql }: Compiled,
  { connection, dialect, existing, macros }: BuildContext,
): Promise<BuildOutcome> {
  const call = `build_snapshot_table(${STRATEGY}, sql)`;
  const rows = toText(await macros.evaluate(node, call, { sql, exists: false }));
  let written: number | undefined;
  for (const statement of dialect.replaceTable(relation, rows, existing)) {
    written = (await connection.execute(statement)) ?? written;
  }
  return { rows: written, message: 'OK', compiledCode: sql };
}

/** The changes are found before the table is touched, and then brought into it. */
async function addVersions(
  node: Node,
  relation: Relation,
  { sql }: Compiled,
  context: BuildContext,
): Promise<BuildOutcome> {
  const { connection, dialect, macros } = context;
  await checkColumns(node, relation, context);
  const target = tableValue(relation, context);
  const staged = toText(
    await macros.evaluate(node, `snapshot_staging_table(${STRATEGY}, sql, target)`, {
      sql,
      target,
      exists: true,
    }),
  );
  const { relation: changes, statements } = dialect.temporaryTable(
    `${relation.name}__dbt_tmp`,
    staged,
  );
  for (const statement of statements) await connection.execute(statement);
  const names = (await columnNames(dialect.relation(changes), connection)).filter(
    (name) => !OF_CHANGES.test(name),
  );
  const staging = tableValue(changes, context);
  await macros.evaluate(node, COLUMNS, { target, staging, names: [...names] });
  const columns = names.map(dialect.quote);
  const merge = toText(
    await macros.evaluate(node, 'snapshot_merge_sql(target, staging, columns)', {
      target,
      staging,
      columns,
    }),
  );
  const { rowsAffected } = await connection.fetch(merge);
  await connection.execute(`drop table if exists ${dialect.relation(changes)}`);
  return { rows: rowsAffected, message: 'OK', compiledCode: sql };
}

/** New columns of the SELECT are added, and texts may be longer than before. */
const COLUMNS = `[
  adapter.expand_target_column_types(from_relation=staging, to_relation=target),
  create_columns(target, adapter.get_missing_columns(staging, target) | selectattr('name', 'in', names) | list)
]`;

const META = ['dbt_scd_id', 'dbt_valid_from', 'dbt_valid_to', 'dbt_updated_at'] as const;

/** A table that no snapshot made, or one with other settings, would get rows that mean nothing. @throws ProjectError */
async function checkColumns(node: Node, relation: Relation, context: BuildContext): Promise<void> {
  const { connection, dialect } = context;
  const renamed = (node.config['snapshot_meta_column_names'] ?? {}) as Record<
    string,
    string | null
  >;
  const needed = node.config['hard_deletes'] === 'new_record' ? [...META, 'dbt_is_deleted'] : META;
  const standing = await columnNames(dialect.relation(relation), connection);
  const known = new Set(standing.map((name) => name.toLowerCase()));
  const missing = needed
    .map((name) => renamed[name] ?? name)
    .filter((name) => !known.has(name.toLowerCase()));
  if (missing.length === 0) return;
  throw new ProjectError(
    'snapshot-columns',
    `the table ${dialect.relation(relation)} of snapshot '${node.name}' lacks ${missing.join(', ')}`,
    {
      span: node.span,
      hint: 'hard_deletes or snapshot_meta_column_names changed, or something else made the table: add the columns, or move it out of the way',
    },
  );
}

const tableValue = (relation: Relation, { dialect }: BuildContext): Value =>
  relationValue(relation, dialect.relation(relation), 'table');
