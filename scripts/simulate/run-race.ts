import { type Card, type Entry, startersOf } from './card.ts';
import type { Random } from './random.ts';
import { LUCK_LBS, strengthLbs } from './strength.ts';

/** A starter that came home. Ties share position and performance. */
interface Finisher {
  readonly entry: Entry;
  readonly position: number;
  /** What it did on the day, in pounds at the weight carried. */
  readonly performanceLbs: number;
}

/** The official result of a race that was run. */
export interface Result {
  /** In order of finish. */
  readonly finishers: readonly Finisher[];
  /** Code of each starter that has no position. */
  readonly failures: ReadonlyMap<Entry, string>;
}

/** How often a starter ends with each code. */
const FAILURE_RATES: readonly (readonly [code: string, rate: number])[] = [
  ['PU', 0.003],
  ['UR', 0.001],
  ['F', 0.0006],
  ['BD', 0.0003],
  ['RO', 0.0004],
  ['RR', 0.0004],
  ['SU', 0.0004],
  ['CO', 0.0003],
  ['DSQ', 0.0006],
  ['REF', 0.0003],
  ['LFT', 0.0004],
  ['DNF', 0.0005],
  ['TNP', 0.0003],
  ['FE', 0.0004],
];

const VOID_SHARE = 0.0025;
/** Closer than this the judge cannot part them; he looks harder at the winner. */
const DEAD_HEAT_LBS = { first: 0.02, other: 0.008 };

/** Runs the race, or returns null when it is declared void. */
export function runRace(random: Random, card: Card): Result | null {
  if (random.chance(VOID_SHARE)) return null;
  const failures = new Map<Entry, string>();
  const home: { readonly entry: Entry; readonly lbs: number }[] = [];
  for (const entry of startersOf(card)) {
    const lbs = strengthLbs(card, entry) + random.gumbel(LUCK_LBS);
    const code = failure(random);
    // The first on the card completes, so that every race that is run has a winner.
    if (code === null || entry === card.entries[0]) home.push({ entry, lbs });
    else failures.set(entry, code);
  }
  home.sort((a, b) => b.lbs - a.lbs || a.entry.draw - b.entry.draw);
  const finishers: Finisher[] = [];
  for (const [index, { entry, lbs }] of home.entries()) {
    const ahead = finishers.at(-1);
    const nearest = ahead?.position === 1 ? DEAD_HEAT_LBS.first : DEAD_HEAT_LBS.other;
    const tied = ahead !== undefined && ahead.performanceLbs - lbs < nearest;
    finishers.push({
      entry,
      position: tied ? ahead.position : index + 1,
      performanceLbs: tied ? ahead.performanceLbs : lbs,
    });
  }
  return { finishers, failures };
}

function failure(random: Random): string | null {
  let left = random.uniform();
  for (const [code, rate] of FAILURE_RATES) {
    left -= rate;
    if (left < 0) return code;
  }
  return null;
}
