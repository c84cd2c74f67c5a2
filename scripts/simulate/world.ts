import { dayNumber } from './calendar.ts';
import { COURSES } from './courses.ts';
import type { Ground } from './going.ts';
import { abilityLbs, createHorse, type Horse } from './horse.ts';
import { createJockey, createTrainer, type Jockey, type Trainer } from './people.ts';
import { createRandom, pickWeighted, type Random } from './random.ts';

/** Declared runs a horse has in a full year. */
const RUNS_PER_YEAR = 6.2;
/** Declared runs of a year for one meeting a day. */
const RUNS_OF_DAILY_MEETING = 62 * 362;

export interface WorldSettings {
  /** Any 32-bit integer. */
  readonly seed: number;
  readonly firstSeason: number;
  /** Calendar years simulated. */
  readonly seasons: number;
  /** Declared runners over all seasons, met to within a meeting. */
  readonly runs: number;
}

/** Everybody in racing at one moment; changed only by the day that is being simulated. */
export interface World {
  readonly settings: WorldSettings;
  readonly grounds: readonly Ground[];
  readonly jockeys: Jockey[];
  readonly trainers: Trainer[];
  /** Horses in training; retired ones are dropped at the end of their season. */
  horses: Horse[];
  /** Size the population is kept at. */
  readonly stableCount: number;
  horsesBorn: number;
  jockeysLicensed: number;
  /** Runs declared so far. */
  declared: number;
}

export function runsPerSeason(settings: WorldSettings): number {
  return settings.runs / settings.seasons;
}

/** The population on the eve of the first season; ages, records and ratings are mixed. */
export function createWorld(settings: WorldSettings): World {
  const random = createRandom(settings.seed, 1);
  const perSeason = runsPerSeason(settings);
  const meetings = perSeason / RUNS_OF_DAILY_MEETING;
  const stableCount = Math.max(120, Math.round(perSeason / RUNS_PER_YEAR));
  const jockeys = many(Math.max(36, Math.round(meetings * 32)), (i) => createJockey(random, i));
  const trainerCount = Math.min(600, Math.max(26, Math.round(stableCount / 30)));
  const trainers = many(trainerCount, (i) => createTrainer(random, i, jockeys));
  const courseCount = Math.min(COURSES.length, Math.max(5, Math.round(meetings * 2.6)));
  const world: World = {
    settings,
    grounds: COURSES.slice(0, courseCount).map((course) => ({ course, deviation: 0 })),
    jockeys,
    trainers,
    horses: [],
    stableCount,
    horsesBorn: 0,
    jockeysLicensed: jockeys.length,
    declared: 0,
  };
  for (let i = 0; i < stableCount; i++) world.horses.push(establishedHorse(random, world));
  return world;
}

/** A horse that was in training before the simulation began. */
function establishedHorse(random: Random, world: World): Horse {
  const { firstSeason } = world.settings;
  const age = pickWeighted(
    random,
    [2, 3, 4, 5, 6, 7, 8],
    (years) => [9, 9, 7, 5, 3, 2, 1][years - 2] ?? 0,
  );
  const horse = foal(random, world, firstSeason - age);
  if (age > 2) horse.readyDay = dayNumber(firstSeason, 1, 1) + random.integer(0, 60);
  if (age > 3 || (age === 3 && random.chance(0.6))) {
    horse.runs = 4 + random.integer(0, 4 * (age - 2));
    horse.wins = random.chance(0.75) ? 1 : 0;
    const known = abilityLbs(horse, dayNumber(firstSeason, 1, 1)) + random.normal(0, 5);
    horse.rating = Math.round(Math.min(125, Math.max(35, known)));
  }
  return horse;
}

/** The next unraced horse, sent to a stable. */
function foal(random: Random, world: World, birthYear: number): Horse {
  const trainer = pickWeighted(random, world.trainers, (one) => one.size);
  return createHorse(random, world.horsesBorn++, birthYear, trainer);
}

/** The turn of the year: retirements, the new two-year-olds, new riders and stable moves. */
export function turnYear(random: Random, world: World, year: number): void {
  world.horses = world.horses.filter((horse) => !horse.retired && !leaves(random, horse, year));
  for (const horse of world.horses) {
    if (random.chance(0.04)) {
      horse.trainer = pickWeighted(random, world.trainers, (trainer) => trainer.size);
    }
  }
  while (world.horses.length < world.stableCount) {
    // A few come late to racing and start at three.
    const age = random.chance(0.12) ? 3 : 2;
    const horse = foal(random, world, year - age);
    if (age === 3) horse.readyDay = dayNumber(year, 1, 10) + random.integer(0, 200);
    world.horses.push(horse);
  }
  replaceJockeys(random, world);
}

function leaves(random: Random, horse: Horse, year: number): boolean {
  const age = year - horse.birthYear;
  const byAge = [0, 0, 0, 0.06, 0.14, 0.22, 0.3, 0.42, 0.6, 0.8][age] ?? 1;
  const slow = (horse.rating ?? 60) < 46 ? 0.4 : 0;
  const maiden = age >= 5 && horse.wins === 0 ? 0.4 : 0;
  return random.chance(byAge + slow + maiden);
}

function replaceJockeys(random: Random, world: World): void {
  for (const [index, leaving] of world.jockeys.entries()) {
    if (!random.chance(0.04)) continue;
    const arriving = createJockey(random, world.jockeysLicensed++);
    world.jockeys[index] = arriving;
    for (const trainer of world.trainers) {
      if (trainer.retained === leaving) trainer.retained = arriving;
    }
  }
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
