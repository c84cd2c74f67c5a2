import { type Relation, shortName } from '../../core/relation.ts';
import type { Partitioning, Statement, TableStorage } from '../adapter.ts';
import { insertByName } from './by-name.ts';
import { LONGEST_NAME_BYTES, literal, quote, relationText, schemaText } from './names.ts';
import { doBlock } from './publish.ts';

const COLUMNS = '"pg_temp"."velo_columns"';

/** A table in parts, filled. Its columns are those of the rows, of which none is read for that, or of a contract. */
export function createPartitioned(
  relation: Relation,
  partitioning: Partitioning,
  sql: string,
  { definition }: TableStorage,
): Statement[] {
  const make = (columns: string) =>
    `create table ${relationText(relation)} ${columns} partition by range (${quote(partitioning.column)})`;
  const made = definition
    ? [make(definition.text)]
    : [
        `create temporary table "velo_columns" as (\n${sql}\n) with no data`,
        make(`(like ${COLUMNS})`),
        `drop table ${COLUMNS}`,
      ];
  const filled = insertByName(relationText(relation), sql);
  return [...made, addPartitions(relation, partitioning), filled];
}

/** Longest of what is put after the name of a partition: its date and the transaction that made it. */
const TAIL_BYTES = 32;

/**
 * The parts that rows of the interval go to, those that are missing; nothing for a table that is not in parts. Their
 * names are of no meaning: the transaction is in them, because a table is made beside one that has the same parts.
 */
export function addPartitions(
  relation: Relation,
  { column, unit, interval }: Partitioning,
): Statement {
  const table = literal(relationText(relation));
  const [start, end] = [interval.start, interval.end].map((ms) =>
    literal(new Date(ms).toISOString().slice(0, 19).replace('T', ' ')),
  );
  const name = literal(shortName(relation.name, LONGEST_NAME_BYTES - TAIL_BYTES));
  return doBlock(`declare
  parent constant oid := to_regclass(${table});
  type constant text := (select format_type(atttypid, null) from pg_attribute
    where attrelid = parent and attname = ${literal(column)});
  low timestamp := date_trunc(${literal(unit)}, timestamp ${start});
  high timestamp;
  bound text;
begin
  if not exists (select from pg_class where oid = parent and relkind = 'p') then
    return;
  end if;
  while low < timestamp ${end} loop
    high := low + interval '1 ${unit}';
    execute format('select format(''FOR VALUES FROM (%%L) TO (%%L)'', %L::%s::text, %L::%s::text)', low, type, high, type)
      into bound;
    if not exists (select from pg_inherits join pg_class as part on part.oid = inhrelid
        where inhparent = parent and pg_get_expr(relpartbound, part.oid) = bound) then
      execute format('create table %s.%I partition of %s %s', ${literal(schemaText(relation))},
        ${name} || to_char(low, '"_p"YYYYMMDD_') || pg_current_xact_id()::text, ${table}, bound);
    end if;
    low := high;
  end loop;
end`);
}
