/**
 * Elo rating of every horse on the card, before the day's racing (racing.md §2 and §7.24).
 *
 * A rating depends on every earlier race of every opponent, which SQL does badly: the model replays
 * all races from the first row of the data, whatever range is asked, so that a row is the same bits
 * however a backfill is cut. Order is fixed by race_date, race_no, race_id, horse_id.
 */

import type { AsOfScriptContext, ScriptResult } from 'velo';

/** Rated starters in replay order; `position` is 0 for a starter without one. */
export interface Starters {
  readonly raceId: ArrayLike<unknown>;
  readonly horseId: ArrayLike<unknown>;
  readonly day: ArrayLike<unknown>;
  readonly position: ArrayLike<unknown>;
}

/** Distinct (horse, day) pairs to report, ordered by day. */
export interface Card {
  readonly horseId: readonly string[];
  readonly day: Int32Array;
}

export interface Ratings {
  readonly elo: Float64Array;
  readonly eloRuns: Int32Array;
}

const START = 1500;
const K = 28;
const NATURAL_SCALE = Math.LN10 / 400;

export const config = {
  materialized: 'incremental',
  incremental_strategy: 'as_of',
  as_of: 'as_of_date',
  grain: 'day',
  begin: "{{ var('begin') }}",
  unique_key: ['horse_id', 'as_of_date'],
  separable: 'assume',
  refs: ['runs', 'spine'],
};

export default async function horseElo(context: AsOfScriptContext): Promise<ScriptResult> {
  const runs = await context.read('runs', {
    columns: ['race_id', 'horse_id', 'race_date', 'pos_num'],
    orderBy: ['race_date', 'race_no', 'race_id', 'horse_id'],
    where: 'is_starter and has_result',
  });
  const spine = await context.read('spine', {
    columns: ['horse_id', 'race_date'],
    orderBy: ['race_date', 'horse_id'],
    history: '0 days',
  });
  const card = distinctCard(spine.horse_id, spine.race_date);
  const { elo, eloRuns } = rate(
    {
      raceId: runs.race_id,
      horseId: runs.horse_id,
      day: runs.race_date,
      position: runs.pos_num,
    },
    card,
  );
  return {
    columns: {
      horse_id: { type: 'VARCHAR', values: card.horseId },
      as_of_date: { type: 'DATE', values: card.day },
      elo: { type: 'DOUBLE', values: elo },
      elo_runs: { type: 'BIGINT', values: eloRuns },
    },
  };
}

/**
 * Ratings before the day's racing for each row of the card.
 * @param starters starters of races with a result, ordered by day, then race, then horse
 * @param card rows to rate, ordered by day
 */
export function rate(starters: Starters, card: Card): Ratings {
  const horses = new Map<unknown, number>();
  const rowHorse = indexHorses(starters.horseId, horses);
  const ratings = new Float64Array(horses.size).fill(START);
  const ratedRuns = new Int32Array(horses.size);
  const day = newDay(rowHorse.length);
  const elo = new Float64Array(card.day.length);
  const eloRuns = new Int32Array(card.day.length);
  let next = 0;
  for (let row = 0; row < card.day.length; row++) {
    const today = Number(card.day[row]);
    while (next < rowHorse.length && Number(starters.day[next]) < today) {
      next = replayDay(starters, rowHorse, next, ratings, ratedRuns, day);
    }
    const horse = horses.get(card.horseId[row]);
    elo[row] = horse === undefined ? START : (ratings[horse] ?? START);
    eloRuns[row] = horse === undefined ? 0 : (ratedRuns[horse] ?? 0);
  }
  return { elo, eloRuns };
}

/** Scratch space of one day: the change of each of its rows, applied when the day is over. */
interface Day {
  readonly change: Float64Array;
  readonly rating: Float64Array;
}

function newDay(rows: number): Day {
  return { change: new Float64Array(rows), rating: new Float64Array(rows) };
}

/** Plays the races of the day that begins at `first`; returns the first row of the next day. */
function replayDay(
  starters: Starters,
  rowHorse: Int32Array,
  first: number,
  ratings: Float64Array,
  ratedRuns: Int32Array,
  day: Day,
): number {
  const today = starters.day[first];
  let end = first;
  while (end < rowHorse.length && starters.day[end] === today) {
    const from = end;
    while (end < rowHorse.length && starters.raceId[end] === starters.raceId[from]) end++;
    playRace(starters, rowHorse, from, end, ratings, day);
  }
  for (let row = first; row < end; row++) {
    const horse = rowHorse[row] ?? 0;
    ratings[horse] = (ratings[horse] ?? START) + (day.change[row] ?? 0);
    ratedRuns[horse] = (ratedRuns[horse] ?? 0) + (Number.isNaN(day.rating[row] ?? 0) ? 0 : 1);
  }
  return end;
}

/** One race against all opponents. A single starter changes nothing and counts nothing. */
function playRace(
  starters: Starters,
  rowHorse: Int32Array,
  from: number,
  end: number,
  ratings: Float64Array,
  day: Day,
): void {
  if (end - from < 2) {
    day.rating[from] = Number.NaN;
    return;
  }
  for (let row = from; row < end; row++) day.rating[row] = ratings[rowHorse[row] ?? 0] ?? START;
  for (let i = from; i < end; i++) {
    const place = rank(starters.position[i]);
    const rating = day.rating[i] ?? START;
    let surplus = 0;
    for (let j = from; j < end; j++) {
      if (j === i) continue;
      const expected = 1 / (1 + Math.exp(((day.rating[j] ?? START) - rating) * NATURAL_SCALE));
      surplus += score(place, rank(starters.position[j])) - expected;
    }
    day.change[i] = (K / (end - from - 1)) * surplus;
  }
}

/** Finishing rank; all starters without a position tie behind every finisher. */
function rank(position: unknown): number {
  const place = position === null ? Number.NaN : Number(position);
  return Number.isNaN(place) ? Number.POSITIVE_INFINITY : place;
}

function score(mine: number, theirs: number): number {
  if (mine === theirs) return 0.5;
  return mine < theirs ? 1 : 0;
}

/** Numbers the horses in order of appearance and returns each row's number. */
function indexHorses(ids: ArrayLike<unknown>, horses: Map<unknown, number>): Int32Array {
  const numbers = new Int32Array(ids.length);
  for (let row = 0; row < ids.length; row++) {
    let number = horses.get(ids[row]);
    if (number === undefined) {
      number = horses.size;
      horses.set(ids[row], number);
    }
    numbers[row] = number;
  }
  return numbers;
}

/** A horse declared in two races of a day has one row. Input ordered by day, then horse. */
function distinctCard(horseId: ArrayLike<unknown>, day: ArrayLike<unknown>): Card {
  const horses: string[] = [];
  const days: number[] = [];
  for (let row = 0; row < day.length; row++) {
    if (row > 0 && horseId[row] === horseId[row - 1] && day[row] === day[row - 1]) continue;
    horses.push(String(horseId[row]));
    days.push(Number(day[row]));
  }
  return { horseId: horses, day: Int32Array.from(days) };
}
