import { compareRows } from '../compare/compare-rows.ts';
import { datesWithRows } from '../compare/dated-rows.ts';
import type { AsOf } from '../core/as-of.ts';
import { addGrains, countGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { NotCompared, Verification, WayComparison } from '../core/verification.ts';
import type { Scratch } from '../execute/scratch.ts';
import { type AskedDates, chooseDates } from '../plan/choose-dates.ts';
import type { PublishedRows } from './published-rows.ts';

/** One model to verify. */
export interface VerifyTask {
  readonly node: Node;
  readonly asOf: AsOf;
  /** The dates it has, from `begin` on; at least one. */
  readonly span: Interval;
  /** The statements in which a rebuild makes them. */
  readonly batches: readonly Interval[];
  /** Columns that tell its rows apart. */
  readonly key: readonly string[];
  /** What stands, or why that is not compared. */
  readonly published: PublishedRows | string;
  readonly asked: AskedDates;
  readonly seed: number;
}

/** Told as a model goes on: dates built day by day, of all that will be. */
export type TellProgress = (done: number, total: number) => void;

export type VerifiedRows = Pick<Verification, 'dates' | 'rows' | 'comparisons' | 'notCompared'>;

/** Rows built in another way than day by day, and for which dates. */
interface OtherWay extends Pick<WayComparison, 'way'> {
  readonly relation: Relation;
  readonly dates: readonly number[];
}

/**
 * Builds dates of a model day by day and in the other ways, and compares their rows. Set-based is what a rebuild does:
 * one statement from the first date to the last or, for a model with a batch_size, the batches that hold the dates.
 * @throws ProjectError, DatabaseError
 */
export async function verifyModel(
  task: VerifyTask,
  scratch: Scratch,
  tell: TellProgress,
): Promise<VerifiedRows> {
  const { node, batches } = task;
  const whole = batches.length === 1 ? await scratch.build(node, { ranges: batches }) : undefined;
  const dates = await datesOf(task, whole, scratch);
  if (dates.length === 0) return { dates, rows: 0, comparisons: [], notCompared: [] };
  const ways = [await setBasedWay(task, dates, whole, scratch), publishedWay(task, dates)];
  const daily = await buildDaily(task, dates, scratch, tell);
  const comparisons: WayComparison[] = [];
  for (const way of ways) {
    if ('relation' in way) comparisons.push(await compare(daily, way, task, scratch));
  }
  const notCompared = ways.filter((way): way is NotCompared => 'reason' in way);
  return { dates, rows: await countRows(daily, scratch), comparisons, notCompared };
}

/** A model that reads its own past needs every date before the last one. */
async function datesOf(
  task: VerifyTask,
  whole: Relation | undefined,
  { connection, dialect }: Scratch,
): Promise<number[]> {
  const { asOf, span, published, asked, seed } = task;
  const { column, grain } = asOf;
  if (asOf.dependsOnPast) return chooseDates({ span, grain, asked: 'all', seed });
  const standing = typeof published === 'string' ? undefined : published.relation;
  const withRows = new Set<number>();
  for (const relation of [whole, standing]) {
    if (!relation) continue;
    const found = await datesWithRows(connection, dialect, relation, { column, grain }, span);
    for (const date of found) withRows.add(date);
  }
  const isKnown = whole !== undefined || standing !== undefined;
  return chooseDates({ span, grain, withRows: isKnown ? withRows : undefined, asked, seed });
}

async function setBasedWay(
  { node, asOf, batches }: VerifyTask,
  dates: readonly number[],
  whole: Relation | undefined,
  scratch: Scratch,
): Promise<OtherWay | NotCompared> {
  const way = 'set-based';
  if (whole) return { way, relation: whole, dates };
  if (asOf.dependsOnPast) return { way, reason: 'it reads its own past' };
  const holding = batches.filter(({ start, end }) =>
    dates.some((date) => start <= date && date < end),
  );
  if (holding.every((batch) => countGrains(batch, asOf.grain) === 1)) {
    return { way, reason: `it is built one ${asOf.grain} at a time` };
  }
  return { way, relation: await scratch.build(node, { ranges: holding }), dates };
}

function publishedWay({ published }: VerifyTask, dates: readonly number[]): OtherWay | NotCompared {
  const way = 'published';
  if (typeof published === 'string') return { way, reason: published };
  const { relation, ranges } = published;
  const finished = dates.filter((date) =>
    ranges.some(({ start, end }) => start <= date && date < end),
  );
  if (finished.length === 0) return { way, reason: 'none of these dates is finished' };
  return { way, relation, dates: finished };
}

/** As the runs of so many days would: each adds its date to a table that stands. */
async function buildDaily(
  { node, asOf, span }: VerifyTask,
  dates: readonly number[],
  scratch: Scratch,
  tell: TellProgress,
): Promise<Relation> {
  const empty = { start: span.start, end: span.start };
  const days = dates.map((start) => ({ start, end: addGrains(start, 1, asOf.grain) }));
  const onRange = (done: number) => tell(done - 1, days.length);
  return scratch.build(node, { ranges: [empty, ...days], onRange });
}

async function compare(
  daily: Relation,
  { way, relation, dates }: OtherWay,
  { asOf: { column, grain }, key }: VerifyTask,
  { connection, dialect, place }: Scratch,
): Promise<WayComparison> {
  const differences = await compareRows(connection, dialect, {
    left: daily,
    right: relation,
    dated: { column, grain, dates },
    key,
    place: () => place('differences'),
  });
  return { way, dates: dates.length, differences };
}

async function countRows(relation: Relation, { connection, dialect }: Scratch): Promise<number> {
  const [row] = await connection.query(`select count(*) as n from ${dialect.relation(relation)}`);
  return Number(row?.['n'] ?? 0);
}
