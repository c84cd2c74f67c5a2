import { dayNumber, yearOf, yearShare } from './calendar.ts';
import type { Surface } from './courses.ts';
import { horseName } from './names.ts';
import type { Jockey, Trainer } from './people.ts';
import { exp, log } from './portable-math.ts';
import type { Random } from './random.ts';

/** Share of the day-to-day condition kept from one run to the next. */
const CONDITION_MEMORY = 0.75;
const CONDITION_LBS = 3.4;

/** A horse; abilities in pounds on the scale of official ratings. */
export interface Horse {
  readonly id: string;
  readonly birthYear: number;
  readonly female: boolean;
  readonly gelded: boolean;
  /** Ability at its best age. */
  readonly talentLbs: number;
  readonly peakAge: number;
  readonly bestDistanceM: number;
  /** Pounds gained on heavy against firm ground. */
  readonly softLbs: number;
  /** Pounds gained on the all-weather against turf. */
  readonly allWeatherLbs: number;
  /** −1 always leads … 1 always comes from behind. */
  readonly style: number;
  trainer: Trainer;
  lastJockey: Jockey | null;
  conditionLbs: number;
  /** Official rating, null until the handicapper has seen enough. */
  rating: number | null;
  /** The handicapper's figures so far, until a rating is given. */
  readonly figures: number[];
  runs: number;
  wins: number;
  /** First day on which it may run again. */
  readyDay: number;
  retired: boolean;
}

/** An unraced horse, ready for its first race some time after April of its second year. */
export function createHorse(
  random: Random,
  index: number,
  birthYear: number,
  trainer: Trainer,
): Horse {
  const female = random.chance(0.45);
  return {
    id: horseName(index),
    birthYear,
    female,
    gelded: !female && random.chance(0.7),
    talentLbs: 66 + random.normal(0, 11) + random.wait(4) + 0.5 * trainer.skillLbs,
    peakAge: random.normal(4.5, 0.4),
    bestDistanceM: 1000 * exp(random.normal(0.4, 0.27)),
    softLbs: random.normal(0, 7),
    allWeatherLbs: random.normal(0, 3.5),
    style: random.uniform() + random.uniform() - 1,
    trainer,
    lastJockey: null,
    conditionLbs: random.normal(0, CONDITION_LBS),
    rating: null,
    figures: [],
    runs: 0,
    wins: 0,
    readyDay: dayNumber(birthYear + 2, 4, 5) + random.integer(0, 210),
    retired: false,
  };
}

/** Age in racing: every horse is a year older on 1 January. */
export function ageOn(horse: Horse, day: number): number {
  return yearOf(day) - horse.birthYear;
}

/** C and F to the age of four, then H and M; G for geldings. */
export function sexOn(horse: Horse, day: number): string {
  if (horse.gelded) return 'G';
  if (ageOn(horse, day) <= 4) return horse.female ? 'F' : 'C';
  return horse.female ? 'M' : 'H';
}

/** Latent ability before today's conditions: fast growth to the peak age, slow decline after. */
export function abilityLbs(horse: Horse, day: number): number {
  const fromPeak = ageOn(horse, day) + yearShare(day) - horse.peakAge;
  const lost = fromPeak < 0 ? 2.8 * fromPeak * fromPeak : 0.95 * fromPeak * fromPeak;
  return horse.talentLbs - lost;
}

/** Pounds gained or lost by today's distance, ground and surface. */
export function suitabilityLbs(
  horse: Horse,
  distanceM: number,
  surface: Surface,
  wetness: number,
): number {
  const off = log(distanceM / horse.bestDistanceM);
  const distance = -Math.min(18, 75 * off * off);
  if (surface === 'AWT') return distance + 0.5 * horse.allWeatherLbs;
  return distance - 0.5 * horse.allWeatherLbs + horse.softLbs * (wetness - 0.45);
}

/** Moves the condition from one run to the next. */
export function moveCondition(random: Random, horse: Horse): void {
  const step = Math.sqrt(1 - CONDITION_MEMORY * CONDITION_MEMORY);
  horse.conditionLbs =
    CONDITION_MEMORY * horse.conditionLbs + random.normal(0, CONDITION_LBS * step);
}
