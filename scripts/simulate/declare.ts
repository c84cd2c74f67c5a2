import type { Card, Entry } from './card.ts';
import { DISTANCES_M } from './courses.ts';
import { ageOn, type Horse, suitabilityLbs } from './horse.ts';
import type { Meeting, Slot } from './meetings.ts';
import { raceName } from './names.ts';
import type { Jockey } from './people.ts';
import { RACE_CLASSES, type RaceClass } from './race-classes.ts';
import { pickWeighted, type Random, shuffled } from './random.ts';
import type { World } from './world.ts';

/** Horses wanting a race of each class today, those waiting longest first. */
type Queues = Map<RaceClass, Horse[]>;

/** Below this a race is not run, save for the odd one that is. */
const SMALLEST_FIELD = 4;
const LARGEST_FIELD = 16;
const TOP_WEIGHT_LBS = 133;
const BOTTOM_WEIGHT_LBS = 108;
const WITHDRAWN_SHARE = 0.045;

/** Sorts the horses that are ready to run into the class they belong to today. */
export function queueHorses(random: Random, world: World, day: number): Queues {
  const ready = world.horses
    .filter((horse) => horse.readyDay <= day && !horse.retired)
    .map((horse) => ({ horse, order: horse.readyDay + random.uniform() * 20 }))
    .sort((a, b) => a.order - b.order);
  const queues: Queues = new Map(RACE_CLASSES.map((raceClass) => [raceClass, []]));
  for (const { horse } of ready) queues.get(classFor(random, horse, day))?.push(horse);
  return queues;
}

function classFor(random: Random, horse: Horse, day: number): RaceClass {
  const { rating } = horse;
  const maiden = horse.wins === 0 && (rating === null || random.chance(0.25));
  if (maiden || rating === null) {
    const entry = ageOn(horse, day) === 2 ? 'two-year-old-maidens' : 'older-maidens';
    return known(RACE_CLASSES.find((one) => one.entry === entry));
  }
  // Trainers look a little above and below the horse's mark.
  const aimed = rating + random.normal(0, 2);
  return known(RACE_CLASSES.findLast((one) => typeof one.entry === 'number' && one.entry <= aimed));
}

/** Fills one slot of a meeting, or returns null when no class has enough horses left. */
export function declareRace(
  random: Random,
  queues: Queues,
  meeting: Meeting,
  slot: Slot,
  day: number,
): Card | null {
  const field = gatherField(random, queues, slot);
  if (field === null) return null;
  const { raceClass, distanceM, horses } = field;
  const stalls = shuffled(
    random,
    horses.map((_, index) => index + 1),
  );
  const jockeys = bookJockeys(random, meeting.jockeys, horses);
  const entries = horses.map(
    (horse, index): Entry => ({
      horse,
      jockey: known(jockeys.get(horse)),
      draw: known(stalls[index]),
      weightLbs: weightFor(raceClass, horse, horses, day),
      // The horse the race was made for runs, so that there is always a starter.
      withdrawnBeforeOff:
        index > 0 && random.chance(WITHDRAWN_SHARE) ? withdrawalMinute(random) : null,
    }),
  );
  const name = raceName(random.integer(0, 11), raceClass.kind);
  return { ...slot, day, course: meeting.course, distanceM, raceClass, name, entries };
}

interface Field {
  readonly raceClass: RaceClass;
  readonly distanceM: number;
  readonly horses: readonly Horse[];
}

function gatherField(random: Random, queues: Queues, slot: Slot): Field | null {
  for (let attempt = 0; attempt < 5; attempt++) {
    const open = [...queues.keys()].filter((one) => (queues.get(one) ?? []).length >= 5);
    if (open.length === 0) return null;
    const raceClass = pickWeighted(random, open, (one) => (queues.get(one) ?? []).length);
    const queue = queues.get(raceClass) ?? [];
    const distanceM = distanceFor(random, known(queue[0]));
    const size = fieldSize(random);
    const { taken, left } = take(random, queue, slot, distanceM, size);
    if (taken.length < Math.min(size, SMALLEST_FIELD)) continue;
    queues.set(raceClass, left);
    return { raceClass, distanceM, horses: taken };
  }
  return null;
}

/** 4 to 16 horses, about ten; rarely one to three. */
function fieldSize(random: Random): number {
  if (random.chance(0.007)) return random.integer(1, 3);
  const wanted = Math.round(random.normal(9.9, 3));
  return Math.min(LARGEST_FIELD, Math.max(SMALLEST_FIELD, wanted));
}

function distanceFor(random: Random, horse: Horse): number {
  const wish = horse.bestDistanceM * (1 + random.normal(0, 0.08));
  return DISTANCES_M.reduce((best, one) =>
    Math.abs(one - wish) < Math.abs(best - wish) ? one : best,
  );
}

/** The first horses of the queue that the race would suit. */
function take(
  random: Random,
  queue: readonly Horse[],
  slot: Slot,
  distanceM: number,
  size: number,
): { readonly taken: Horse[]; readonly left: Horse[] } {
  const taken: Horse[] = [];
  const left: Horse[] = [];
  let seen = 0;
  for (const horse of queue) {
    if (taken.length === size) break;
    seen++;
    const suits = suitabilityLbs(horse, distanceM, slot.surface, slot.wetness) > -4;
    const sent = taken.length === 0 || suits || random.chance(0.12);
    (sent ? taken : left).push(horse);
  }
  return { taken, left: left.concat(queue.slice(seen)) };
}

/** Minutes before the off: some the day before, most on the day. */
function withdrawalMinute(random: Random): number {
  return 20 + Math.floor(random.wait(240));
}

function weightFor(
  raceClass: RaceClass,
  horse: Horse,
  field: readonly Horse[],
  day: number,
): number {
  if (raceClass.handicap) {
    const top = Math.max(...field.map((one) => one.rating ?? 0));
    return Math.max(BOTTOM_WEIGHT_LBS, TOP_WEIGHT_LBS - (top - (horse.rating ?? 0)));
  }
  return (ageOn(horse, day) === 2 ? 128 : 131) - (horse.female ? 5 : 0);
}

/** The best-regarded horses choose first; a stable's own rider, then the last rider, then demand. */
function bookJockeys(
  random: Random,
  available: readonly Jockey[],
  horses: readonly Horse[],
): Map<Horse, Jockey> {
  const free = new Set(available);
  const booked = new Map<Horse, Jockey>();
  for (const horse of [...horses].sort((a, b) => (b.rating ?? 0) - (a.rating ?? 0))) {
    const jockey = chooseJockey(random, free, horse);
    free.delete(jockey);
    booked.set(horse, jockey);
  }
  return booked;
}

function chooseJockey(random: Random, free: ReadonlySet<Jockey>, horse: Horse): Jockey {
  const { retained } = horse.trainer;
  if (free.has(retained) && random.chance(0.8)) return retained;
  if (horse.lastJockey !== null && free.has(horse.lastJockey) && random.chance(0.6)) {
    return horse.lastJockey;
  }
  return pickWeighted(random, [...free], (jockey) => jockey.demand);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a declared field is incomplete');
  return value;
}
