import type { Grain } from '../../core/grain.ts';
import type { Relation } from '../../core/relation.ts';
import type { Dialect, FileFormat, RelationType, Statement } from '../adapter.ts';
import { duckdbCatalog } from './catalog.ts';
import { duckdbComparing } from './comparing.ts';
import { typeName } from './copy/wire-types.ts';
import { externalFile } from './external-file.ts';
import { literal, quote, relationText } from './names.ts';

const READERS: Readonly<Record<FileFormat, string>> = {
  parquet: 'read_parquet',
  csv: 'read_csv',
  json: 'read_json_auto',
};

/** The SQL of DuckDB 1.5. */
export const duckdbDialect: Dialect = {
  name: 'duckdb',
  capabilities: { transactionalDdl: true, maxConnections: Number.POSITIVE_INFINITY },
  quote,
  literal,
  instant,
  timestampOf: (expression) => `try_cast(${expression} as timestamp)`,
  doubleOf: (expression) => `cast(${expression} as double precision)`,
  relation: relationText,
  createSchema({ database, schema }) {
    const place = [database, schema].filter((part) => part !== undefined).map(quote);
    return `create schema if not exists ${place.join('.')}`;
  },
  replaceView: (relation, sql, existing) => [
    ...(existing === 'table' ? [drop(relation, 'table')] : []),
    `create or replace view ${relationText(relation)} as (\n${sql}\n)`,
  ],
  replaceTable: (relation, sql, existing, { definition } = {}) => [
    ...(existing === 'view' ? [drop(relation, 'view')] : []),
    ...(definition
      ? [
          `create or replace table ${relationText(relation)} ${definition.text}`,
          insert(relationText(relation), sql),
        ]
      : [`create or replace table ${relationText(relation)} as (\n${sql}\n)`]),
  ],
  externalFile,
  replaceRange({ relation, column, interval, grain, sql }) {
    const [start, end] = [interval.start, interval.end].map((ms) => instant(ms, grain));
    const [target, at] = [relationText(relation), quote(column)];
    return [
      `delete from ${target} where ${at} >= ${start} and ${at} < ${end}`,
      insert(target, sql),
    ];
  },
  append: (relation, sql) => [insert(relationText(relation), sql)],
  deleteInsert,
  dropRelation: drop,
  stagedBeside,
  keepWritersOut: () => [], // nobody else has the file open
  emptyLike: (relation, like) =>
    `create table ${relationText(relation)} as (select * from ${relationText(like)} limit 0)`,
  publishStaged: (relation, existing) => [
    ...(existing ? [drop(relation, existing)] : []),
    `alter table ${relationText(stagedBeside(relation))} rename to ${quote(relation.name)}`,
  ],
  unmerged: (sql) => sql,
  temporaryTable(name, sql) {
    const relation = { database: 'temp', schema: 'main', name };
    const place = relationText(relation);
    return { relation, statements: [`create or replace temporary table ${place} as (\n${sql}\n)`] };
  },
  lookOnly: 'pragma disable_optimizer',
  passingDatabase: {
    attach: (name) => `attach ':memory:' as ${quote(name)}`,
    detach: (name) => `detach ${quote(name)}`,
  },
  // A sum does not mind the order, and unlike xor tells two equal rows from none.
  digestByDay: (rows, column) => `select
  cast(${quote(column)} as date) as at_day,
  count(*) as row_count,
  concat(sum(hash(velo_row)), ' ', hash(any_value(typeof(velo_row)))) as digest
from (
${rows}
) as velo_row
where ${quote(column)} is not null
group by 1`,
  catalog: duckdbCatalog,
  comparing: duckdbComparing,
  wireTypeName: typeName,
  readFiles(location, format, types = {}) {
    // Types come from every row: a file that turns from integer to text late would else fail, or not, by its length.
    const options = format === 'parquet' ? '' : ', sample_size = -1';
    const given = Object.entries(types).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
    // JSON has no such option beside what is told from the values: the columns are given, or none is.
    const option = format === 'json' ? 'columns' : 'types';
    const typed = given.length === 0 ? '' : `, ${option} = {${given.join(', ')}}`;
    return `${READERS[format]}(${literal(location)}, union_by_name = true${options}${typed})`;
  },
};

function instant(instantMs: number, grain: Grain): string {
  const iso = new Date(instantMs).toISOString();
  if (grain === 'hour') return `timestamp '${iso.slice(0, 10)} ${iso.slice(11, 19)}'`;
  return `date '${iso.slice(0, 10)}'`;
}

function stagedBeside(relation: Relation): Relation {
  return { ...relation, name: `${relation.name}__velo_new` };
}

/** The SELECT stands on its own lines in brackets, so that a closing `--` comment or a leading WITH is harmless. */
function insert(target: string, sql: string): Statement {
  return `insert into ${target} by name (\n${sql}\n)`;
}

function drop(relation: Relation, type: RelationType): Statement {
  return `drop ${type} if exists ${relationText(relation)}`;
}

/**
 * The new rows are held in the target's own types: a key that is NULL throughout would else compare as INTEGER.
 * The insert comes last, so that its row count is the list's; the temporary table goes with the session.
 */
function deleteInsert(relation: Relation, key: readonly string[], sql: string): Statement[] {
  const target = relationText(relation);
  const incoming = '"temp"."main"."velo_incoming"';
  const same = key.map(
    (column) => `existing.${quote(column)} is not distinct from incoming.${quote(column)}`,
  );
  return [
    `create or replace temporary table "velo_incoming" as (select * from ${target} limit 0)`,
    insert(incoming, sql),
    `delete from ${target} as existing using ${incoming} as incoming where ${same.join(' and ')}`,
    insert(target, `select * from ${incoming}`),
  ];
}
