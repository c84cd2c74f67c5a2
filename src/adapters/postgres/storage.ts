import { type Relation, shortName } from '../../core/relation.ts';
import type { Index, Statement, TableStorage } from '../adapter.ts';
import { LONGEST_NAME_BYTES, literal, quote, relationText } from './names.ts';
import { doBlock } from './publish.ts';

const SUFFIX = '__velo_new';

/** An index's name says what it is of, so that it is the same after every build. */
function nameOf({ name }: Relation, { columns, unique, type }: Index, suffix = ''): string {
  const parts = [name, ...columns, ...(unique ? ['unique'] : []), ...(type ? [type] : []), 'idx'];
  return `${shortName(parts.join('_'), LONGEST_NAME_BYTES - suffix.length)}${suffix}`;
}

const create = (name: string, on: Relation, { columns, unique, type }: Index): Statement =>
  `create ${unique ? 'unique ' : ''}index ${quote(name)} on ${relationText(on)}${
    type ? ` using ${quote(type)}` : ''
  } (${columns.map(quote).join(', ')})`;

/** Names of the indexes a table is to have. */
export const indexNames = (relation: Relation, { indexes = [] }: TableStorage): string[] =>
  indexes.map((index) => nameOf(relation, index));

/** The indexes of a table that nobody reads yet. */
export const createIndexes = (relation: Relation, { indexes = [] }: TableStorage): Statement[] =>
  indexes.map((index) => create(nameOf(relation, index), relation, index));

/** The indexes of a table that is made aside: built before it is published, while readers have the old one. */
export const stageIndexes = (
  relation: Relation,
  staged: Relation,
  { indexes = [] }: TableStorage,
): Statement[] => indexes.map((index) => create(nameOf(relation, index, SUFFIX), staged, index));

/** After publication they take their names; a table that kept its identity keeps its own and gets those it lacks. */
export const settleIndexes = (relation: Relation, { indexes = [] }: TableStorage): Statement[] =>
  indexes.map((index) => {
    const inSchema = (name: string) => relationText({ ...relation, name });
    const [name, staged] = [nameOf(relation, index), nameOf(relation, index, SUFFIX)];
    return doBlock(`begin
  if to_regclass(${literal(inSchema(staged))}) is not null then
    execute ${literal(`alter index ${inSchema(staged)} rename to ${quote(name)}`)};
  elsif to_regclass(${literal(inSchema(name))}) is null then
    execute ${literal(create(name, relation, index))};
  end if;
end`);
  });
