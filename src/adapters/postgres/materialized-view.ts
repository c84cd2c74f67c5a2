import type { MaterializedView, Statement } from '../adapter.ts';
import { literal, relationText } from './names.ts';
import { doBlock, publishStaged, stagedBeside } from './publish.ts';
import { createIndexes, indexNames, settleIndexes, stageIndexes } from './storage.ts';

/**
 * A view whose rows are kept. One that stands is only filled anew as long as the engine reads its SELECT as the same;
 * else another is made aside and takes its place, and what stands on it follows. Indexes are those of the settings, unless
 * `onChange` says otherwise.
 */
export function materializedView(view: MaterializedView): Statement[] {
  const { relation, existing, replace, storage } = view;
  const make = (at: typeof relation) =>
    `create materialized view ${relationText(at)} as (\n${view.sql}\n)`;
  if (existing === undefined) return [make(relation), ...createIndexes(relation, storage)];
  const staged = stagedBeside(relation);
  const remake = [
    `drop materialized view if exists ${relationText(staged)}`,
    make(staged),
    ...stageIndexes(relation, staged, storage),
    publishStaged(relation, staged),
    ...settleIndexes(relation, storage),
  ];
  return replace ? remake : [refreshOrRemake(view, remake)];
}

const run = (statements: readonly Statement[]): string =>
  statements.map((statement) => `    execute ${literal(statement)};`).join('\n');

function refreshOrRemake(
  { relation, sql, storage, onChange }: MaterializedView,
  remake: readonly Statement[],
): Statement {
  const target = relationText(relation);
  const wanted = indexNames(relation, storage).map(literal).join(', ');
  const told = literal(
    `configuration changes were identified and on_configuration_change was set to ${onChange} for ${target}`,
  );
  return doBlock(`declare
  old constant oid := to_regclass(${literal(target)});
  wanted constant text[] := array[${wanted}]::text[];
  is_same boolean;
  unwanted text;
begin
  execute ${literal(`create or replace temporary view velo_definition as (\n${sql}\n)`)};
  select relkind = 'm' and pg_get_viewdef(old) = pg_get_viewdef('pg_temp.velo_definition'::regclass) into is_same
    from pg_class where oid = old;
  drop view pg_temp.velo_definition;
  if not is_same then
${run(remake)}
    return;
  end if;
  if (select coalesce(array_agg(relname::text order by relname collate "C"), '{}') from pg_index join pg_class on pg_class.oid = indexrelid
      where indrelid = old) <> (select coalesce(array_agg(name order by name collate "C"), '{}') from unnest(wanted) as name) then
${onChange === 'apply' ? applyIndexes(relation, storage) : `    raise ${onChange === 'fail' ? 'exception' : 'warning'} '%', ${told};`}
  end if;
  execute ${literal(`refresh materialized view ${target}`)};
end`);
}

const applyIndexes = (
  relation: MaterializedView['relation'],
  storage: MaterializedView['storage'],
): string => `    for unwanted in select indexrelid::regclass::text from pg_index join pg_class on pg_class.oid = indexrelid
      where indrelid = old and relname <> all (wanted) loop
      execute format('drop index %s', unwanted);
    end loop;
${run(settleIndexes(relation, storage))}`;
