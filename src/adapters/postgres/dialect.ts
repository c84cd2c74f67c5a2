import type { Grain } from '../../core/grain.ts';
import type { Relation } from '../../core/relation.ts';
import type { Dialect, RelationType, Statement } from '../adapter.ts';
import { insertByName } from './by-name.ts';
import { postgresCatalog } from './catalog.ts';
import { digestByDay, postgresComparing } from './comparing.ts';
import { LONGEST_NAME_BYTES, literal, quote, relationText } from './names.ts';
import { createHead, createSchema, patiently, publishStaged, stagedBeside } from './publish.ts';
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
  },
  quote,
  literal,
  instant,
  timestampOf: (expression) => `cast(${expression} as timestamp)`,
  relation: relationText,
  createSchema,
  replaceView: (relation, sql, existing) => replace(relation, 'view', sql, existing),
  replaceTable: (relation, sql, existing) => replace(relation, 'table', sql, existing),
  replaceRange({ relation, column, interval, grain, sql }) {
    const [start, end] = [interval.start, interval.end].map((ms) => instant(ms, grain));
    const [target, at] = [relationText(relation), quote(column)];
    return [
      `delete from ${target} where ${at} >= ${start} and ${at} < ${end}`,
      insertByName(target, sql),
    ];
  },
  append: (relation, sql) => [insertByName(relationText(relation), sql)],
  deleteInsert,
  dropRelation: drop,
  stagedBeside,
  publishStaged(relation, _, patience) {
    const statement = publishStaged(relation, stagedBeside(relation));
    return [patience ? patiently(statement, patience) : statement];
  },
  keepWritersOut: (relation, patience) => [
    patiently(`lock table ${relationText(relation)} in share row exclusive mode`, patience),
  ],
  emptyLike: (relation, like) =>
    `create table ${relationText(relation)} (like ${relationText(like)} including defaults including constraints including indexes including storage including comments)`,
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
): Statement[] {
  if (existing === undefined) return [`${createHead(type, relation)} (\n${sql}\n)`];
  const staged = stagedBeside(relation);
  return [
    `drop ${type} if exists ${relationText(staged)}`,
    `${createHead(type, staged)} (\n${sql}\n)`,
    publishStaged(relation, staged),
  ];
}

function drop(relation: Relation, type: RelationType): Statement {
  return `drop ${type} if exists ${relationText(relation)}`;
}

/**
 * The new rows are held in the target's own types. `is not distinct from` cannot be hashed: keys without NULLs are
 * joined by `=`, the few with one after them. The insert comes last, so that its row count is the list's.
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
  ];
}
