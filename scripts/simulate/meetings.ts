import { isoDate, weekday, winterness } from './calendar.ts';
import type { Course, Surface } from './courses.ts';
import { goingWord, wetness } from './going.ts';
import type { Jockey } from './people.ts';
import { pickWeighted, type Random } from './random.ts';
import { runsPerSeason, type World } from './world.ts';

/** Declared runners of an average meeting. */
const RUNS_PER_MEETING = 62;
/** Riders needed at a meeting: one for each stall. */
const RIDERS = 16;

/** A day's racing at one course. */
export interface Meeting {
  readonly course: Course;
  readonly jockeys: readonly Jockey[];
  readonly races: readonly Slot[];
}

/** A place in the programme that still lacks a class and a field. */
export interface Slot {
  readonly id: string;
  readonly raceNo: number;
  readonly offMinute: number;
  readonly surface: Surface;
  readonly wetness: number;
  readonly going: string;
}

/** Racing is busiest on Saturdays and quiet on Sundays. */
const WEEKDAY_SHARE = [0.6, 0.9, 0.9, 1.05, 1, 1.05, 1.5];

/**
 * How many meetings the day has. The plan of runs grows with the calendar and the number follows
 * what is still owed, so that the total asked for is met to within a meeting; `least` forces a day.
 */
export function meetingCount(random: Random, world: World, owed: number, least: number): number {
  const most = Math.min(world.grounds.length, Math.floor(world.jockeys.length / (RIDERS + 1)));
  const due = Math.round(owed / RUNS_PER_MEETING);
  // Waiting now and then lets small worlds have days with two meetings.
  const skipped = due <= 1 && random.chance(0.6);
  return Math.max(least, Math.min(most, skipped ? 0 : due));
}

/** Runs that one day adds to the plan. */
export function plannedRuns(world: World, day: number): number {
  const share = WEEKDAY_SHARE[weekday(day)] ?? 1;
  return (runsPerSeason(world.settings) / 365) * share;
}

/** The day's meetings, never two at a course. */
export function planMeetings(random: Random, world: World, day: number, count: number): Meeting[] {
  const riders = [...world.jockeys]
    .map((jockey) => ({ jockey, order: random.wait(1) / jockey.demand }))
    .sort((a, b) => a.order - b.order || (a.jockey.id < b.jockey.id ? -1 : 1))
    .map(({ jockey }) => jockey);
  const turfCloses = winterness(day) > 0.62;
  let open = world.grounds.filter(({ course }) => !turfCloses || course.surfaces.includes('AWT'));
  const meetings: Meeting[] = [];
  for (let i = 0; i < count && open.length > 0; i++) {
    const ground = pickWeighted(random, open, (one) => (one === world.grounds[0] ? 2 : 1));
    open = open.filter((one) => one !== ground);
    const jockeys = riders.filter((_, index) => index % count === i);
    const wet = wetness(ground, day);
    const races = planRaces(random, ground.course, day, wet, turfCloses, i);
    meetings.push({ course: ground.course, jockeys, races });
  }
  return meetings;
}

function planRaces(
  random: Random,
  course: Course,
  day: number,
  wet: number,
  turfCloses: boolean,
  staggered: number,
): Slot[] {
  const surfaces = turfCloses ? course.surfaces.filter((one) => one === 'AWT') : course.surfaces;
  const evening = surfaces[0] === 'AWT' && !turfCloses;
  let offMinute = (evening ? 17 * 60 : 12 * 60 + 20) + 5 * (staggered % 6);
  const stamp = isoDate(day).replaceAll('-', '').slice(2);
  const slots: Slot[] = [];
  let wetNow = wet;
  const raceCount = random.integer(6, 8);
  for (let raceNo = 1; raceNo <= raceCount; raceNo++) {
    // A shower during racing: the word for the ground changes between two races.
    if (random.chance(0.02)) wetNow = Math.min(1, wetNow + 0.15);
    const surface = surfaceOf(random, surfaces);
    slots.push({
      id: `${course.code}-${stamp}-${raceNo}`,
      raceNo,
      offMinute,
      surface,
      wetness: surface === 'AWT' ? 0.4 : wetNow,
      going: goingWord(course, surface, wetNow),
    });
    offMinute += random.integer(30, 35);
  }
  return slots;
}

/** Mixed courses race on grass while they can. */
function surfaceOf(random: Random, surfaces: readonly Surface[]): Surface {
  const [only, other] = surfaces;
  if (only !== undefined && other === undefined) return only;
  return random.chance(0.2) ? 'AWT' : 'TURF';
}
