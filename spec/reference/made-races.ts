import { canonicalRuns } from './canonical-runs.ts';
import type { Day, Entry, Run } from './run.ts';

/** A made race for hand-computed cases: runner i has every i-th value, defaults elsewhere. */
export interface MadeRace {
  /** Digits, a non-finisher's code, `WD`, or NULL while the race has no result. */
  readonly positions: readonly (string | null)[];
  readonly date?: string;
  readonly raceNo?: number;
  readonly horses?: readonly string[];
  readonly trainers?: readonly (string | null)[];
  readonly jockeys?: readonly (string | null)[];
  readonly draws?: readonly (number | null)[];
  readonly odds?: readonly (number | null)[];
  readonly times?: readonly (number | null)[];
  readonly weights?: readonly (number | null)[];
  readonly earlyPositions?: readonly (number | null)[];
  readonly latePositions?: readonly (number | null)[];
  readonly earlyTimes?: readonly (number | null)[];
  readonly isHandicap?: boolean;
  readonly distance?: number | null;
  readonly course?: string;
  readonly classRating?: number;
}

/** Days since 1970-01-01 of an ISO date. */
export function day(iso: string): Day {
  return Date.parse(iso) / 86_400_000;
}

/**
 * The canonical runs of one made race. Without other words: course A on 2024-01-01, race 1,
 * horses h1, h2 …, trainers t1 …, jockeys j1 …, stalls 1, 2 …, all at odds 10.
 */
export function race(made: MadeRace): readonly Run[] {
  return canonicalRuns(made.positions.map((_, index) => entry(made, index)));
}

function entry(made: MadeRace, index: number): Entry {
  return { ...unraced, ...raceOf(made), ...runnerOf(made, index), ...outcomeOf(made, index) };
}

function raceOf(made: MadeRace) {
  const { date = '2024-01-01', raceNo = 1, course = 'A', distance = 1200 } = made;
  return {
    race_id: `${date}_${raceNo}`,
    race_date: day(date),
    course,
    race_no: raceNo,
    distance_m: distance,
    class_rating: made.classRating ?? 40,
    is_handicap: made.isHandicap ?? false,
  };
}

function runnerOf(made: MadeRace, index: number) {
  return {
    horse_id: made.horses?.[index] ?? `h${index + 1}`,
    jockey_id: at(made.jockeys, index, `j${index + 1}`),
    trainer_id: at(made.trainers, index, `t${index + 1}`),
    draw: at(made.draws, index, index + 1),
    weight_lbs: at(made.weights, index, null),
  };
}

function outcomeOf(made: MadeRace, index: number) {
  const position = made.positions[index] ?? null;
  return {
    pos_raw: position,
    status: statusOf(position),
    pos_num: isPosition(position) ? Number(position) : null,
    odds: at(made.odds, index, 10),
    finish_time_s: at(made.times, index, null),
    early_pos: at(made.earlyPositions, index, null),
    late_pos: at(made.latePositions, index, null),
    early_time_s: at(made.earlyTimes, index, null),
  };
}

/** A given list counts with its NULLs; without one every runner has the usual value. */
function at<T>(list: readonly (T | null)[] | undefined, index: number, usual: T | null): T | null {
  return list ? (list[index] ?? null) : usual;
}

const unraced = {
  surface: 'TURF',
  going: 'GOOD',
  going_group: 'good',
  race_name: null,
  class_raw: null,
  rating: null,
  n_sections: null,
  mid_pos: null,
  mid_time_s: null,
  finish_section_time_s: null,
} as const;

function isPosition(position: string | null): boolean {
  return position !== null && /^\d+$/.test(position);
}

function statusOf(position: string | null): string | null {
  if (position === null) return null;
  if (isPosition(position)) return 'finished';
  return position === 'WD' ? 'withdrawn' : position;
}
