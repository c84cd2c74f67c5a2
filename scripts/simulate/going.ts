import { winterness } from './calendar.ts';
import type { Course, Surface } from './courses.ts';
import type { Random } from './random.ts';

/** Share of yesterday's deviation from the season's usual ground that is left today. */
const MEMORY = 0.93;

const TURF_WORDS: readonly (readonly [limit: number, word: string])[] = [
  [0.16, 'FIRM'],
  [0.31, 'GOOD TO FIRM'],
  [0.5, 'GOOD'],
  [0.66, 'GOOD TO SOFT'],
  [0.85, 'SOFT'],
];

/** Wetness of a course's ground, 0 firm … 1 heavy, apart from the season. */
export interface Ground {
  readonly course: Course;
  /** Deviation from the usual wetness of the day. */
  deviation: number;
}

/** Rain and sun of one day. */
export function weather(random: Random, ground: Ground): void {
  ground.deviation = MEMORY * ground.deviation + random.normal(0, 0.055);
}

/** 0 firm … 1 heavy. */
export function wetness(ground: Ground, day: number): number {
  const usual = ground.course.wetness + 0.36 * (winterness(day) - 0.4);
  return Math.min(1, Math.max(0, usual + ground.deviation));
}

/** The official word for the ground, as the course would say it. */
export function goingWord(course: Course, surface: Surface, wet: number): string {
  if (surface === 'AWT') return wet > 0.72 ? 'SLOW' : 'STANDARD';
  const word = TURF_WORDS.find(([limit]) => wet < limit)?.[1] ?? 'HEAVY';
  return word === 'GOOD TO SOFT' && course.saysYielding ? 'YIELDING' : word;
}
