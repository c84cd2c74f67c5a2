import type { Patience, RelationInfo, Statement } from '../adapters/adapter.ts';
import { type Relation, shortName } from '../core/relation.ts';
import type { End, TableEnd } from './table-end.ts';

const MARK = '__velo_backup_';
const STAMP_LENGTH = 'yyyymmddhhmmssmmm'.length;

/** A table as it was before it was replaced. */
export interface Backup {
  readonly relation: Relation;
  /** When: `2024-01-31 08:15:00`, UTC. */
  readonly madeAt: string;
}

/** Names beside the table; of a long one the beginning and a hash, so that the engine keeps them whole. */
function prefixOf({ dialect }: Pick<End, 'dialect'>, { name }: Relation): string {
  const { longestName } = dialect.capabilities;
  const room = longestName === undefined ? undefined : longestName - MARK.length - STAMP_LENGTH;
  return `${shortName(name, room)}${MARK}`;
}

/** The backups of a table, the newest first. */
export function backupsOf(
  { dialect, relation }: Pick<TableEnd, 'dialect' | 'relation'>,
  relations: readonly RelationInfo[],
): Backup[] {
  const prefix = prefixOf({ dialect }, relation);
  return relations
    .flatMap(({ relation: found }) => {
      const stamp = found.name.startsWith(prefix) ? found.name.slice(prefix.length) : '';
      const [, year, month, day, hour, minute, second] =
        /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d{3}$/.exec(stamp) ?? [];
      if (found.schema !== relation.schema || year === undefined) return [];
      return [{ relation: found, madeAt: `${year}-${month}-${day} ${hour}:${minute}:${second}` }];
    })
    .sort((a, b) => (a.relation.name < b.relation.name ? 1 : -1));
}

/**
 * Statements that keep the rows of a table beside it and drop the oldest backups: `keep` are left. For the transaction
 * that replaces the table; nobody else writes to it any more. None are made when none are kept.
 */
export function backUp(
  table: Pick<TableEnd, 'dialect' | 'relation'>,
  relations: readonly RelationInfo[],
  {
    keep,
    now,
    patience,
  }: { readonly keep: number; readonly now: number; readonly patience: Patience },
): Statement[] {
  const { dialect, relation } = table;
  const old = backupsOf(table, relations).slice(Math.max(keep - 1, 0));
  const dropped = old.map((backup) => dialect.dropRelation(backup.relation, 'table'));
  const locked = dialect.keepWritersOut(relation, patience);
  if (keep === 0) return [...locked, ...dropped];
  const stamp = new Date(now).toISOString().replaceAll(/\D/g, '');
  const backup = { ...relation, name: `${prefixOf(table, relation)}${stamp}` };
  return [...locked, ...dropped, ...copyTable(table, relation, backup)];
}

/** A copy of a table: rows, and what belongs to its columns. */
const copyTable = (
  { dialect }: Pick<End, 'dialect'>,
  from: Relation,
  to: Relation,
): Statement[] => [
  dialect.emptyLike(to, from),
  `insert into ${dialect.relation(to)} select * from ${dialect.relation(from)}`,
];

/** Statements that put a backup in the place of its table and drop it; for one transaction. */
export function restore(
  { dialect, relation }: Pick<TableEnd, 'dialect' | 'relation'>,
  backup: Relation,
  isThere: boolean,
  patience: Patience,
): Statement[] {
  const staged = dialect.stagedBeside(relation);
  return [
    `drop table if exists ${dialect.relation(staged)}`,
    ...copyTable({ dialect }, backup, staged),
    ...(isThere ? dialect.keepWritersOut(relation, patience) : []),
    ...dialect.publishStaged(relation, isThere ? 'table' : undefined, patience),
    dialect.dropRelation(backup, 'table'),
  ];
}
