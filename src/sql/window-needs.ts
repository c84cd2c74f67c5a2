import { lengthOf } from './instants.ts';
import { carryOver, type Known, type Need, type Reason, unique, type Variable } from './needs.ts';
import type { At, FrameEnd, Window } from './tree.ts';

/** A window's call, with what its parts are and need. */
export interface WindowParts {
  readonly window: Window;
  readonly at: At;
  /** Columns it is partitioned by, as far as they are columns. */
  readonly partition: readonly Variable[];
  /** The column of its first ordering, if it is one. */
  readonly order: Variable | undefined;
  /** The first argument is that column. */
  readonly givesOrder: boolean;
  /** What its rows and their values need. */
  readonly needs: readonly Need[];
  readonly known: Known;
}

/** How far before and after a row's own time the rows lie that its value is made from, in milliseconds. */
interface Reach {
  readonly before: number;
  readonly after: number;
}

const ALL = Number.POSITIVE_INFINITY;
const EVERYTHING: Reach = { before: ALL, after: ALL };
const RANKS: ReadonlySet<string> = new Set([
  'row_number',
  'rank',
  'dense_rank',
  'rank_dense',
  'lag',
]);
const OF_ALL: ReadonlySet<string> = new Set(['ntile', 'percent_rank', 'cume_dist', 'lead']);

/** What the value of a window's call needs, said of its own row. */
export function windowNeeds(parts: WindowParts): readonly Need[] {
  const reach = reachOf(parts);
  return unique(toOrder(parts).flatMap((need): readonly Need[] => shifted(need, reach, parts)));
}

/**
 * What `lead(t) over (… order by t)` needs when the rows beyond what a date sees do not count, and up to where it sees
 * them; undefined for other windows.
 */
export function leadNeeds(
  parts: WindowParts,
): { readonly needs: readonly Need[]; readonly to: number } | undefined {
  const { window, order, givesOrder } = parts;
  if (window.name !== 'lead' || window.args.length !== 1 || window.descends || !givesOrder) {
    return undefined;
  }
  const carried = toOrder(parts);
  const ends = carried.flatMap((need) =>
    need.kind === 'time' && need.of === order ? [need.to] : [],
  );
  const needs = carried.flatMap((need) => shifted(need, { before: 0, after: 0 }, parts));
  return { needs: unique(needs), to: Math.min(ALL, ...ends) };
}

/** The needs of the rows of a frame, said of the partition and of the time that orders it. */
const toOrder = (parts: WindowParts): readonly Need[] =>
  carryOver(
    parts.needs,
    parts.known,
    (of) => of === parts.order || parts.partition.includes(of),
    mixes(parts),
  );

/** What holds for all rows of a frame, said of the row whose frame it is. */
function shifted(need: Need, { before, after }: Reach, parts: WindowParts): readonly Need[] {
  if (need.kind !== 'time' || parts.partition.includes(need.of)) return [need];
  const isOpen = (need.from > -ALL && before === ALL) || (need.to < ALL && after === ALL);
  if (isOpen) return [{ kind: 'never', why: mixes(parts) }];
  const from = need.from === -ALL ? -ALL : need.from + before;
  const to = need.to === ALL ? ALL : need.to - after;
  return [{ ...need, from, to, why: { message: need.why.message, at: parts.at ?? need.why.at } }];
}

function reachOf({ window, order }: WindowParts): Reach {
  if (order === undefined || OF_ALL.has(window.name)) return EVERYTHING;
  const reach = RANKS.has(window.name) ? { before: ALL, after: 0 } : frameReach(window);
  return window.descends ? { before: reach.after, after: reach.before } : reach;
}

function frameReach({ frame }: Window): Reach {
  const distance = ({ side, distance: by }: FrameEnd): number => {
    if (side === 'current') return 0;
    if (!by || frame.unit !== 'range') return ALL;
    return lengthOf(by)?.ms ?? ALL;
  };
  const start = distance(frame.start);
  const end = distance(frame.end);
  return {
    before: frame.start.side === 'preceding' ? start : 0,
    // Rows before the row itself are at its time at the latest.
    after: frame.end.side === 'following' ? end : end === ALL ? 0 : 0 - end,
  };
}

function mixes({ window, at }: WindowParts): Reason {
  return {
    message: `${window.name}() over rows of several as_of dates: partition it by the as_of date, or end its frame there`,
    at,
  };
}
