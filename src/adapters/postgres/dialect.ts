import type { Grain } from '../../core/grain.ts';
import type { Relation } from '../../core/relation.ts';
import type { Dialect, RelationType, Statement, TableStorage } from '../adapter.ts';
import { insertByName } from './by-name.ts';
import { postgresCatalog } from './catalog.ts';
import { digestByDay, postgresComparing } from './comparing.ts';
import { materializedView } from './materialized-view.ts';
import { LONGEST_NAME_BYTES, literal, quote, relationText } from './names.ts';
import { addPartitions, createPartitioned } from './partitions.ts';
import {
  analyzeGrown,
  createHead,
  createSchema,
  patiently,
  publishStaged,
  stagedBeside,
} from './publish.ts';
import { createIndexes, settleIndexes, stageIndexes } from './storage.ts';
import { typeName } from './wire-types.ts';

/** The SQL of Postgres 15 and newer. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  capabilities: {
    transactionalDdl: true,
    maxConnections: Number.POSITIVE_INFINITY,
    namesSubqueries: true,
    longestName: LONGEST_NAME_BYTES,
    sharesDatabase: true,
    appliesStorage: true,
  },
  quote,
  literal,
  instant,
  timestampOf: (expression) => `cast(${expression} as timestamp)`,
  doubleOf: (expression, kind) =>
    `cast(${kind === 'boolean' ? `cast(${expression} as integer)` : expression} as double precision)`,
  relation: relationText,
  createSchema,
  replaceView: (relation, sql, existing) => replace(relation, 'view', sql, existing),
  replaceTable: (relation, sql, existing, storage) =>
    replace(relation, 'table', sql, existing, storage),
  materializedView,
  replaceRange({ relation, column, interval, grain, sql, partitioning }) {
    const [start, end] = [interval.start, interval.end].map((ms) => instant(ms, grain));
    const [target, at] = [relationText(relation), quote(column)];
    return [
      ...(partitioning ? [addPartitions(relation, partitioning)] : []),
      `delete from ${target} where ${at} >= ${start} and ${at} < ${end}`,
      insertByName(target, sql),
      analyzeGrown(relation),
    ];
  },
  append: (relation, sql) => [insertByName(relationText(relation), sql), analyzeGrown(relation)],
  deleteInsert,
  dropRelation: drop,
  stagedBeside,
  publishStaged(relation, _, patience) {
    const staged = stagedBeside(relation);
    const statement = publishStaged(relation, staged);
    return [analyzeGrown(staged), patience ? patiently(statement, patience) : statement];
  },
  keepWritersOut: (relation, patience) => [
    patiently(`lock table ${relationText(relation)} in share row exclusive mode`, patience),
  ],
  emptyLike: (relation, like) =>
    `create table ${relationText(relation)} (like ${relationText(like)} including defaults including constraints including indexes including storage including comments)`,
  // A condition on the dates would reach the CTEs below, of which there are no statistics: the planner takes them to leave
  // one row in two hundred, and joins by loops.
  unmerged: (sql) => `select * from (\n${sql}\n) as velo_model offset 0`,
  temporaryTable(name, sql) {
    const relation = { schema: 'pg_temp', name };
    const place = relationText(relation);
    const make = `create temporary table ${relationText({ schema: '', name })} as (\n${sql}\n)`;
    return { relation, statements: [`drop table if exists ${place}`, make] };
  },
  passingDatabase: undefined,
  digestByDay,
  catalog: postgresCatalog,
  comparing: postgresComparing,
  wireTypeName: typeName,
  readFiles: () => undefined,
};

function instant(instantMs: number, grain: Grain): string {
  const iso = new Date(instantMs).toISOString();
  if (grain === 'hour') return `timestamp '${iso.slice(0, 10)} ${iso.slice(11, 19)}'`;
  return `date '${iso.slice(0, 10)}'`;
}

/** Made aside and put in the place of what stands there, so that readers see the old rows until the new ones are whole. */
function replace(
  relation: Relation,
  type: RelationType,
  sql: string,
  existing: RelationType | undefined,
  storage: TableStorage = {},
): Statement[] {
  const analyze = type === 'table' ? [analyzeGrown(relation)] : [];
  if (existing === undefined) {
    return [
      ...create(relation, type, sql, storage),
      ...createIndexes(relation, storage),
      ...analyze,
    ];
  }
  const staged = stagedBeside(relation);
  return [
    `drop ${type} if exists ${relationText(staged)}`,
    ...create(staged, type, sql, storage),
    ...stageIndexes(relation, staged, storage),
    publishStaged(relation, staged),
    ...settleIndexes(relation, storage),
    ...analyze,
  ];
}

/** The table of a contract is made empty and then filled: constraints stand in its list of columns. */
function create(
  relation: Relation,
  type: RelationType,
  sql: string,
  storage: TableStorage,
): Statement[] {
  const { unlogged, definition, partitioning } = storage;
  if (partitioning) return createPartitioned(relation, partitioning, sql, storage);
  if (!definition) return [`${createHead(type, relation, unlogged)} as (\n${sql}\n)`];
  return [
    `${createHead(type, relation, unlogged)} ${definition.text}`,
    insertByName(relationText(relation), sql),
  ];
}

function drop(relation: Relation, type: RelationType): Statement {
  return `drop ${type} if exists ${relationText(relation)}`;
}

/**
 * The new rows are held in the target's own types. `is not distinct from` cannot be hashed: keys without NULLs are
 * joined by `=`, the few with one after them. The insert is the last to write, so that its row count is
 * the list's.
 */
function deleteInsert(relation: Relation, key: readonly string[], sql: string): Statement[] {
  const target = relationText(relation);
  const incoming = '"pg_temp"."velo_incoming"';
  const pairs = key.map((column) => [`existing.${quote(column)}`, `incoming.${quote(column)}`]);
  const equal = pairs.map(([a, b]) => `${a} = ${b}`).join(' and ');
  const same = pairs.map(([a, b]) => `${a} is not distinct from ${b}`).join(' and ');
  const hasNull = pairs.map(([, b]) => `${b} is null`).join(' or ');
  const deleting = `delete from ${target} as existing using ${incoming} as incoming where`;
  return [
    `drop table if exists ${incoming}`,
    `create temporary table "velo_incoming" (like ${target})`,
    insertByName(incoming, sql),
    `${deleting} ${equal}`,
    `${deleting} (${hasNull}) and ${same}`,
    `insert into ${target} select * from ${incoming}`,
    analyzeGrown(relation),
  ];
}
