import { type Relation, shortName } from '../../core/relation.ts';
import type { Patience, RelationType, Statement } from '../adapter.ts';
import { LONGEST_NAME_BYTES, literal, quote, relationText, schemaText } from './names.ts';

const SUFFIX = '__velo_new';

/** Where a relation is made before it is published. The name is reserved. */
export const stagedBeside = (relation: Relation): Relation => ({
  ...relation,
  name: `${shortName(relation.name, LONGEST_NAME_BYTES - SUFFIX.length)}${SUFFIX}`,
});

/**
 * The head of a statement that makes a relation. The option changes nothing: it marks velo's own views, which may be
 * dropped when they cannot stand on new columns, because their models are built after their inputs.
 */
export const createHead = (type: RelationType, relation: Relation, unlogged = false): string =>
  `create ${unlogged ? 'unlogged ' : ''}${type} ${relationText(relation)}${type === 'view' ? ` with (${MARK})` : ''}`;

const MARK = 'security_barrier=false';

/**
 * Puts what was made aside in the place of `relation`; for one transaction. Views on it, and views on those, follow:
 * a table whose columns stay keeps its identity and gets the new rows, which blocks no reader; else the views are made
 * again as they were, with owners, grants and comments. A view of somebody else's that cannot stand on the new columns
 * is an error.
 */
export function publishStaged(relation: Relation, staged: Relation): Statement {
  const values: Readonly<Record<string, string>> = {
    TARGET: literal(relationText(relation)),
    STAGED: literal(relationText(staged)),
    NAME: literal(quote(shortName(relation.name, LONGEST_NAME_BYTES))),
    MARK: literal(MARK),
  };
  return doBlock(PUBLISH.replaceAll(/:([A-Z]+):/g, (_, name: string) => values[name] ?? ''));
}

/**
 * Makes a schema that is not there. `create schema if not exists` needs the right to make schemas also where there is
 * nothing to make.
 */
export const createSchema = (place: Pick<Relation, 'schema'>): Statement =>
  doBlock(`begin
  if to_regnamespace(${literal(schemaText(place))}) is null then
    execute ${literal(`create schema if not exists ${schemaText(place)}`)};
  end if;
end`);

const PAUSE_SECONDS = 0.5;

/**
 * A statement that gives up soon when others hold what it needs, lets them through and tries again; for one
 * transaction, of which what was done before stays done.
 */
export function patiently(statement: Statement, { lockTimeoutMs, tries }: Patience): Statement {
  return doBlock(`begin
  perform set_config('lock_timeout', ${literal(String(lockTimeoutMs))}, true);
  for attempt in 1..${tries} loop
    begin
      execute ${literal(statement)};
      return;
    exception when lock_not_available or deadlock_detected then
      if attempt = ${tries} then raise; end if;
    end;
    perform pg_sleep(${PAUSE_SECONDS});
  end loop;
end`);
}
/**
 * Tells the planner what is in a table that was filled in this transaction, which autovacuum does minutes later: models
 * that read it in the same run would be planned as if it were all but empty. Not for every few rows: by its size. A
 * sample and the columns that rows are joined by do for that; looking at every measure of a wide table takes seconds.
 */
export const analyzeGrown = (relation: Relation): Statement =>
  doBlock(`declare
  filled constant oid := to_regclass(${literal(relationText(relation))});
  target constant text := current_setting('default_statistics_target');
begin
  if exists (select from pg_class where relkind = 'r'
      and (oid = filled or oid in (select inhrelid from pg_inherits where inhparent = filled))
      and pg_relation_size(oid) > relpages * 1.1 * current_setting('block_size')::int) then
    perform set_config('default_statistics_target', least(target::int, ${SAMPLE})::text, true);
    execute ${literal(`analyze ${relationText(relation)}`)} || coalesce((
      select ' (' || string_agg(quote_ident(attname), ', ') || ')' from pg_attribute
      where attrelid = filled and attnum > 0 and not attisdropped
        and atttypid <> all (array['float8', 'float4', 'numeric', 'bool']::regtype[])), '');
    perform set_config('default_statistics_target', target, true);
  end if;
end`);

/** Of three hundred rows each: enough for the numbers of distinct values. */
const SAMPLE = 20;

/** What stands between the dollars must not hold them: a name could else end the statement. */
export function doBlock(body: string): Statement {
  let tag = '$velo$';
  while (body.includes(tag)) tag = tag.replace(/\$$/, '_$');
  return `do ${tag}\n${body}\n${tag}`;
}

const KIND = (of: string) =>
  `(select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end from pg_class where oid = ${of})`;

const COLUMNS = (of: string) => `array(
    select row(attname, atttypid, atttypmod, attcollation, attnotnull)::text from pg_attribute
    where attrelid = ${of} and attnum > 0 and not attisdropped order by attnum)`;

/** What holds of a table's rows. */
const CONSTRAINTS = (of: string) =>
  `array(select pg_get_constraintdef(oid) from pg_constraint where conrelid = ${of} order by 1)`;

/** Statements about the foreign keys of other tables that point at the old one: they point at the new one, too. */
const FOREIGN_KEYS = (statement: string) =>
  `array(select format(${statement}) from pg_constraint where confrelid = old and contype = 'f' and conrelid <> old)`;

/** Statements that give a relation, whose text is `name`, the grants of the one numbered `of`. */
const GRANTS = (of: string, name: string) => `array(
    select format('grant %s on %s to %s%s', privilege_type, ${name},
      case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
      case when is_grantable then ' with grant option' else '' end)
    from pg_class, aclexplode(relacl) where pg_class.oid = ${of} and grantee <> relowner)`;

const PUBLISH = `declare
  target constant text := :TARGET:;
  staged constant text := :STAGED:;
  old constant oid := to_regclass(target);
  new constant oid := to_regclass(staged);
  old_kind constant text := ${KIND('old')};
  new_kind constant text := ${KIND('new')};
  old_columns constant text[] := ${COLUMNS('old')};
  new_columns constant text[] := ${COLUMNS('new')};
  grants constant text[] := ${GRANTS('old', 'target')};
  keys_off constant text[] := ${FOREIGN_KEYS("'alter table %s drop constraint %I', conrelid::regclass, conname")};
  keys_on constant text[] := ${FOREIGN_KEYS("'alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)")};
  one record;
  remade text[] := '{}';
  is_own boolean[] := '{}';
  names text[] := '{}';
  is_kept_alike constant boolean := ${CONSTRAINTS('old')} = ${CONSTRAINTS('new')}
    and (select count(distinct relpersistence) = 1 and bool_and(relkind = 'r') from pg_class where oid in (old, new));
  statement text;
begin
  if old is null then
    execute format('alter %s %s rename to %s', new_kind, staged, :NAME:);
    return;
  end if;
  if old_kind = 'view' and new_kind = 'view' and old_columns = new_columns[:cardinality(old_columns)] then
    execute format('create or replace view %s with (%s) as %s', target, :MARK:, pg_get_viewdef(new));
    execute format('drop view %s', staged);
    return;
  end if;
  for one in
    with recursive edges as (
      select d.refobjid as below, r.ev_class as above from pg_depend as d join pg_rewrite as r on r.oid = d.objid
      where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and r.ev_class <> d.refobjid
    ), found(oid, depth) as (
      select above, 1 from edges where below = old
      union
      select above, depth + 1 from edges join found on below = found.oid
    )
    select c.oid, c.relkind, format('%I.%I', nspname, relname) as name, pg_get_viewdef(c.oid) as query, c.reloptions,
      pg_get_userbyid(c.relowner) as owner, max(depth) as depth
    from found join pg_class as c on c.oid = found.oid join pg_namespace as n on n.oid = c.relnamespace
    group by c.oid, nspname order by max(depth), c.oid
  loop
    names := names || one.name;
    is_own := is_own || coalesce(one.reloptions && array[:MARK:], false);
    remade := remade || (format('create %s %s%s as %s',
      case one.relkind when 'm' then 'materialized view' else 'view' end, one.name,
      case when one.reloptions is null then '' else ' with (' || array_to_string(one.reloptions, ', ') || ')' end,
      one.query) || array_to_string(
        array(select ' ' || pg_get_indexdef(indexrelid) || ';' from pg_index where indrelid = one.oid)
        || array(select unnest(${GRANTS('one.oid', 'one.name')}) || ';')
        || array(select format('comment on %s %s is %L;', case one.relkind when 'm' then 'materialized view' else 'view' end,
            one.name, description)
          from pg_description where objoid = one.oid and classoid = 'pg_class'::regclass and objsubid = 0)
        || array(select format('comment on column %s.%I is %L;', one.name, attname, description)
          from pg_description join pg_attribute on attrelid = objoid and attnum = objsubid
          where objoid = one.oid and classoid = 'pg_class'::regclass and objsubid > 0)
        || case when one.owner = current_user then '{}'::text[] else array[format('alter %s %s owner to %I;',
            case one.relkind when 'm' then 'materialized view' else 'view' end, one.name, one.owner)] end, ''));
  end loop;
  foreach statement in array keys_off loop
    execute statement;
  end loop;
  if names <> '{}' and old_kind = 'table' and new_kind = 'table' and old_columns = new_columns and is_kept_alike then
    execute format('delete from %s', target);
    execute format('insert into %s select * from %s', target, staged);
    execute format('drop table %s', staged);
    foreach statement in array keys_on loop
      execute statement;
    end loop;
    return;
  end if;
  for i in reverse cardinality(names)..1 loop
    select relkind into one from pg_class where oid = to_regclass(names[i]);
    execute format('drop %s %s', case one.relkind when 'm' then 'materialized view' else 'view' end, names[i]);
  end loop;
  execute format('drop %s %s', old_kind, target);
  execute format('alter %s %s rename to %s', new_kind, staged, :NAME:);
  foreach statement in array grants || keys_on loop
    execute statement;
  end loop;
  for i in 1..cardinality(names) loop
    begin
      execute remade[i];
    exception when undefined_column or undefined_table or undefined_function or datatype_mismatch or invalid_table_definition then
      if not is_own[i] then
        raise exception using errcode = '2BP01',
          message = format('the view %s cannot stand on the new columns of %s: %s', names[i], target, sqlerrm),
          hint = format('change the view, or drop it: drop view %s', names[i]);
      end if;
    end;
  end loop;
end`;
