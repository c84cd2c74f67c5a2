import { ProjectError } from '../core/errors.ts';
import { groupRows, type RowGroups, rowsOf } from '../core/row-groups.ts';

/** Won or not, as 1 and 0; any number, such as a time or a margin; or one of some classes: 0, 1, 2 … */
export type Target = 'binary' | 'number' | 'classes';

/** The rows predictions are judged on: what came of each, its race and its day. Made by `judgedRows`. */
export interface JudgedRows {
  readonly target: Target;
  /** Numbers a prediction has for each row: of classes the probability of each, else 1. */
  readonly outputs: number;
  /** Of a binary target 1 for a winner, else 0; of classes the number of the class. */
  readonly y: Float64Array;
  readonly races: RowGroups;
  readonly days: RowGroups;
  /** The number of each race's day among `days`. */
  readonly dayOfRace: Int32Array;
}

export interface JudgedColumns {
  /** 0 or 1 of a binary target. */
  readonly y: ArrayLike<number>;
  /** How many classes there are, of such a target. */
  readonly classes?: number | undefined;
  readonly race: ArrayLike<number | bigint | string>;
  readonly day: ArrayLike<number | bigint | string>;
}

/**
 * Checks and groups the columns, of equal length. Raises ProjectError unusable-predictions for no rows, a
 * target that is NaN or infinite, of binary ones other than 0 or 1, of classes other than the number of one, and a race on
 * two days, whose rows could not be drawn together.
 */
export function judgedRows(
  { y, classes = 1, race, day }: JudgedColumns,
  target: Target = 'binary',
): JudgedRows {
  if (y.length === 0) throw unusable('there are no rows to judge predictions on');
  const races = groupRows(race);
  const days = groupRows(day);
  return {
    target,
    outputs: classes,
    y: checkedTarget(y, target, classes),
    races,
    days,
    dayOfRace: daysOfRaces(races, days, race),
  };
}

interface Demand {
  readonly words: string;
  fits(value: number, classes: number): boolean;
}

const DEMANDS: Readonly<Record<Target, Demand>> = {
  binary: { words: '0 or 1', fits: (value) => value === 0 || value === 1 },
  number: { words: 'a number', fits: Number.isFinite },
  classes: {
    words: 'the number of a class',
    fits: (value, classes) => Number.isInteger(value) && value >= 0 && value < classes,
  },
};

function checkedTarget(y: ArrayLike<number>, target: Target, classes: number): Float64Array {
  const { words, fits } = DEMANDS[target];
  const checked = Float64Array.from(y);
  const bad = checked.findIndex((value) => !fits(value, classes));
  if (bad < 0) return checked;
  throw unusable(`the target of row ${bad + 1} is ${y[bad]}`, `it must be ${words} in every row`);
}

function daysOfRaces(races: RowGroups, days: RowGroups, race: JudgedColumns['race']): Int32Array {
  const dayOfRace = new Int32Array(races.count);
  for (let r = 0; r < races.count; r += 1) {
    const [first = 0, ...others] = rowsOf(races, r);
    const day = days.of[first] as number;
    if (others.some((row) => days.of[row] !== day)) {
      throw unusable(`race ${race[first]} has rows on two days`, 'give all its rows one date');
    }
    dayOfRace[r] = day;
  }
  return dayOfRace;
}

/**
 * Raises ProjectError unusable-predictions for a prediction that is no number or infinite and, of probabilities,
 * below 0 or above 1; Error when there are not `outputs` of them for each row. `model`: whose they are, for the message.
 */
export function checkPredictions(
  p: Float64Array,
  rows: JudgedRows,
  takes: 'probability' | 'score',
  model: string,
): void {
  const { outputs } = rows;
  if (p.length !== rows.y.length * outputs) {
    throw new Error(`${p.length} predictions of ${model} for ${rows.y.length} rows of ${outputs}`);
  }
  const ends = takes === 'probability' ? [0, 1] : [-Number.MAX_VALUE, Number.MAX_VALUE];
  const [lowest, highest] = ends as [number, number];
  // Not `<` and `>`: NaN is neither.
  const bad = p.findIndex((value) => !(value >= lowest && value <= highest));
  if (bad >= 0) {
    throw unusable(
      `the ${takes} that ${model} gives row ${Math.floor(bad / outputs) + 1} is ${p[bad]}`,
      takes === 'probability' ? 'it must be between 0 and 1' : 'it must be a number',
    );
  }
}

const unusable = (message: string, hint?: string): ProjectError =>
  new ProjectError('unusable-predictions', message, { hint });
