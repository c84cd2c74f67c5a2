import type { Course, Surface } from './courses.ts';
import type { Horse } from './horse.ts';
import type { Jockey } from './people.ts';
import type { RaceClass } from './race-classes.ts';

/** One declared horse. */
export interface Entry {
  readonly horse: Horse;
  readonly jockey: Jockey;
  readonly draw: number;
  readonly weightLbs: number;
  /** Minutes before the off at which the horse was taken out; null for a starter. */
  readonly withdrawnBeforeOff: number | null;
}

/** A race as declared the day before. */
export interface Card {
  readonly id: string;
  readonly day: number;
  /** Minutes after midnight UTC. */
  readonly offMinute: number;
  readonly course: Course;
  readonly raceNo: number;
  readonly distanceM: number;
  readonly surface: Surface;
  /** 0 firm … 1 heavy; 0.4 on the all-weather. */
  readonly wetness: number;
  readonly going: string;
  readonly name: string;
  readonly raceClass: RaceClass;
  readonly entries: readonly Entry[];
}

export function startersOf(card: Card): readonly Entry[] {
  return card.entries.filter((entry) => entry.withdrawnBeforeOff === null);
}
