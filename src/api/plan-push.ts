import type { RelationInfo } from '../adapters/adapter.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import {
  type Days,
  daysOf,
  differingDays,
  pushedDays,
  rowsByDay,
} from '../transfer/pushed-days.ts';
import { matchTables } from '../transfer/replace-table.ts';
import { sampleChanges } from '../transfer/sample-changes.ts';
import { countRows, existingType, rowsOf, type TableEnd } from '../transfer/table-end.ts';
import type { TransferPreview } from './transfer-result.ts';

/** The tables of one model in both targets. */
export interface Ends {
  readonly here: TableEnd;
  readonly there: TableEnd;
}

export interface PlannedPush {
  readonly preview: TransferPreview;
  /** The days that are sent; undefined: all rows are. */
  readonly sentDays: readonly string[] | undefined;
  /** Of an as_of model: its days as they are here. */
  readonly days: Days | undefined;
}

export interface KnownPlaces {
  /** What stands here, and there. */
  readonly here: readonly RelationInfo[];
  readonly there: readonly RelationInfo[];
  /** Days as they were pushed, noted there. */
  readonly record: Relation;
  readonly wholeTables: boolean;
  /** Name of the target the rows come from. */
  readonly targetName: string;
}

/** What a push of one model does. Changes nothing. @throws ConfigError 'input-missing' for a model that is not built here */
export async function planPush(
  node: Node,
  { here, there }: Ends,
  known: KnownPlaces,
): Promise<PlannedPush> {
  if (existingType(here.relation, known.here) === undefined) throw notBuilt(node, known.targetName);
  const existing = existingType(there.relation, known.there);
  const columns = await matchTables(here, there, existing);
  const column = node.asOf?.column;
  const days = column === undefined ? undefined : await daysOf(here, column);
  const rowsHere = await countRows(here, rowsOf(here));
  const mayBePart = existing === 'table' && !known.wholeTables;
  const sentDays =
    days && column !== undefined && mayBePart
      ? await daysToSend(there, { column, days }, known)
      : undefined;
  const preview: TransferPreview = {
    node,
    relation: there.relation,
    rowsHere,
    rowsThere: existing && (await countRows(there, rowsOf(there))),
    columns,
    part: sentDays && `${sentDays.length} of ${days?.size ?? 0} days`,
    rowsToSend: sentDays?.reduce((sum, day) => sum + (days?.get(day)?.rows ?? 0), 0) ?? rowsHere,
    sample: existing && (await sampleChanges(here, there, columns, keyOf(node))),
  };
  return { preview, sentDays, days };
}

const notBuilt = ({ name, span }: Node, targetName: string): ConfigError =>
  new ConfigError('input-missing', `'${name}' is not built in target '${targetName}'`, {
    span,
    hint: `velo build --select ${name} --target ${targetName}`,
  });

/** Undefined where nothing is known of what was pushed, or the whole table is as quick. */
async function daysToSend(
  there: TableEnd,
  { column, days }: { readonly column: string; readonly days: Days },
  { there: relations, record }: KnownPlaces,
): Promise<readonly string[] | undefined> {
  if (existingType(record, relations) === undefined) return undefined;
  const pushed = await pushedDays(there, record, there.relation);
  if (pushed.size === 0) return undefined;
  const differing = differingDays(days, pushed, await rowsByDay(there, column));
  return differing.length * 2 > days.size ? undefined : differing;
}

function keyOf({ config }: Node): readonly string[] {
  const key = config['unique_key'];
  if (typeof key === 'string') return [key];
  return Array.isArray(key) ? key.map(String) : [];
}
