import type { Card, Entry } from './card.ts';
import type { Random } from './random.ts';
import type { Result } from './run-race.ts';

const SECTION_M = 400;
/** Metres per second over 1000 m on good ground, and what each further metre costs. */
const SPRINT_SPEED = 16.75;
const SPEED_LOSS_PER_M = 0.00075;
/** Seconds a pound is worth over a mile. */
const SECONDS_PER_LB = 0.085;
/** Seconds between a natural leader and the middle of the field in mid race, over a mile. */
const STYLE_SECONDS = 0.9;

/** The clock of one finisher. Positions are among the finishers, 1 leads; times in seconds. */
export interface Clocked {
  readonly finishTimeS: number;
  readonly positions: { readonly early: number; readonly mid: number; readonly late: number };
  readonly sectionTimesS: { readonly early: number; readonly mid: number; readonly finish: number };
}

/** Sections of a race: 400 m each, what is over comes first. */
export function sectionCount(distanceM: number): number {
  return Math.ceil(distanceM / SECTION_M);
}

/** Calls as counted in Hong Kong: the first, the middle one, and 400 m from home. */
function calls(sections: number): { early: number; mid: number; late: number } {
  return { early: 1, mid: Math.floor((sections + 1) / 2), late: sections - 1 };
}

/** Finish times agree with the order of finish; calls agree with running style and with both. */
export function clockRace(random: Random, card: Card, result: Result): Map<Entry, Clocked> {
  const sections = sectionCount(card.distanceM);
  const at = calls(sections);
  const times = finishTimes(random, card, result);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const passing = result.finishers.map(({ entry }, index) =>
    passingTimes(random, card, entry, times[index] ?? mean, mean),
  );
  const ranks = [at.early, at.mid, at.late].map((call) =>
    rank(passing.map((one) => one[call] ?? 0)),
  );
  const clocked = new Map<Entry, Clocked>();
  for (const [index, { entry }] of result.finishers.entries()) {
    const section = (k: number) => (passing[index]?.[k] ?? 0) - (passing[index]?.[k - 1] ?? 0);
    const position = (call: number) => ranks[call]?.[index] ?? 0;
    clocked.set(entry, {
      finishTimeS: times[index] ?? mean,
      positions: { early: position(0), mid: position(1), late: position(2) },
      sectionTimesS: { early: section(at.early), mid: section(at.mid), finish: section(sections) },
    });
  }
  return clocked;
}

function finishTimes(random: Random, card: Card, result: Result): number[] {
  const perLb = (SECONDS_PER_LB * card.distanceM) / 1600;
  const best = result.finishers[0]?.performanceLbs ?? 0;
  // Good horses are only somewhat faster: they race tactically.
  const winner = parTime(card) * (1 + random.normal(0, 0.006)) - 0.4 * (best - 66) * perLb;
  return result.finishers.map((one) => winner + (best - one.performanceLbs) * perLb);
}

/** Seconds for the distance at this course on today's ground. */
function parTime(card: Card): number {
  const speed = SPRINT_SPEED - SPEED_LOSS_PER_M * (card.distanceM - 1000);
  const ground = card.surface === 'AWT' ? 0.004 : 0.07 * card.wetness * card.wetness - 0.008;
  return (card.distanceM / speed) * card.course.pace * (1 + ground);
}

/** Seconds from the off to the end of each section; index 0 is the off. */
function passingTimes(
  random: Random,
  card: Card,
  entry: Entry,
  finishS: number,
  meanS: number,
): number[] {
  const sections = sectionCount(card.distanceM);
  const first = card.distanceM - SECTION_M * (sections - 1);
  const times = [0];
  for (let k = 1; k <= sections; k++) {
    const share = (first + SECTION_M * (k - 1)) / card.distanceM;
    const behind = (finishS - meanS) * share * share;
    const style = entry.horse.style * STYLE_SECONDS * (card.distanceM / 1600) * styleShape(share);
    const noise = k === sections ? 0 : random.normal(0, 0.14);
    // The standing start costs a second.
    times.push(1 + (meanS - 1) * share + behind + style + noise);
  }
  times[sections] = finishS;
  return times;
}

/** Style shows from the gate to mid race and is spent at the post. */
function styleShape(share: number): number {
  return share < 0.35 ? 0.6 + share : 0.95 * (1 - share) * (1 / 0.65);
}

/** 1 for the smallest value; equal values are told apart by their order. */
function rank(values: readonly number[]): number[] {
  const order = values.map((_, index) => index);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const ranks: number[] = [];
  for (const [place, index] of order.entries()) ranks[index] = place + 1;
  return ranks;
}
