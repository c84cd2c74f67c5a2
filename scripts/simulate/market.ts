import { isoMinute } from './calendar.ts';
import { type Card, type Entry, startersOf } from './card.ts';
import { createRandom, type Random } from './random.ts';
import type { PriceRow } from './rows.ts';
import { LUCK_LBS, softmax, strengthLbs } from './strength.ts';

/** Book over all starters at the off: 0.993 + 0.0185·starters. */
const BOOK_BASE = 0.993;
const BOOK_PER_STARTER = 0.0185;
const BOOK_DEVIATION = 0.008;
/** What the crowd does not know of a horse at the off, in units of luck; more of a debutant. */
const IGNORANCE = 0.32;
const DEBUT_IGNORANCE = 0.55;
/** Below 1: outsiders are overbet and favourites underbet, as everywhere. */
const LONGSHOT_EXPONENT = 0.83;
const LOWEST_ODDS = 1.01;
const HIGHEST_ODDS = 501;

/** A moment of the market; opinion and margin both tighten towards the off. */
interface Moment {
  /** Minutes after midnight UTC of race day, negative on the day before. */
  readonly minute: (card: Card) => number;
  /** Deviation of opinion that later moments do not share. */
  readonly stray: number;
  /** Factor on the final margin of the book. */
  readonly margin: number;
}

/** Opening, mid, late, final; in order of time. */
const MOMENTS: readonly Moment[] = [
  { minute: () => 17 * 60 - 1440, stray: 0.3, margin: 1.9 },
  { minute: () => 8 * 60 + 30, stray: 0.2, margin: 1.5 },
  { minute: (card) => card.offMinute - 60, stray: 0.12, margin: 1.2 },
  { minute: (card) => card.offMinute - 5, stray: 0.05, margin: 1.05 },
];

/** The betting on one race. */
export interface Market {
  /** Final decimal odds of each starter, as written. */
  readonly finalOdds: ReadonlyMap<Entry, string>;
  /** Snapshots up to `untilMinute`; a horse is quoted until it is withdrawn. */
  readonly prices: readonly PriceRow[];
}

/**
 * Odds from the true chances seen through the crowd's noise. The result is not an input: what the
 * odds know of it is what could be known before the off.
 */
export function openMarket(random: Random, card: Card, untilMinute: number): Market {
  const opinions = new Map(card.entries.map((entry) => [entry, crowdOpinion(random, card, entry)]));
  const deviation = random.normal(0, BOOK_DEVIATION);
  const finalBook = (runners: number) => BOOK_BASE + BOOK_PER_STARTER * runners + deviation;
  const starters = startersOf(card);
  const finalOdds = quote(
    starters,
    (entry) => opinions.get(entry) ?? 0,
    finalBook(starters.length),
  );
  const snapshots: PriceRow[][] = [];
  // Opinion is walked backwards in time from the off, so that it converges on the final odds.
  const strayed = new Map(opinions);
  for (const moment of [...MOMENTS].reverse()) {
    for (const [entry, opinion] of strayed) {
      strayed.set(entry, opinion + random.normal(0, moment.stray));
    }
    const minute = moment.minute(card);
    if (minute > untilMinute) continue;
    const quoted = card.entries.filter((entry) => isQuoted(card, entry, minute));
    const book = 1 + (finalBook(quoted.length) - 1) * moment.margin;
    const odds = quote(quoted, (entry) => strayed.get(entry) ?? 0, book);
    snapshots.push(snapshot(card, minute, odds));
  }
  return { finalOdds, prices: snapshots.reverse().flat() };
}

/** The random stream of a race's market, apart from the stream of its result. */
export function marketRandom(seed: number, day: number, index: number): Random {
  return createRandom(seed, 4, day, index);
}

/** Minute of race day at which a horse was taken out; Infinity for a starter. */
export function withdrawnAt(card: Card, entry: Entry): number {
  const before = entry.withdrawnBeforeOff;
  return before === null ? Number.POSITIVE_INFINITY : card.offMinute - before;
}

function isQuoted(card: Card, entry: Entry, minute: number): boolean {
  return withdrawnAt(card, entry) > minute;
}

function crowdOpinion(random: Random, card: Card, entry: Entry): number {
  const ignorance = entry.horse.runs === 0 ? DEBUT_IGNORANCE : IGNORANCE;
  return strengthLbs(card, entry) / LUCK_LBS + random.normal(0, ignorance);
}

function quote(
  entries: readonly Entry[],
  opinion: (entry: Entry) => number,
  book: number,
): Map<Entry, string> {
  const shares = softmax(entries.map((entry) => LONGSHOT_EXPONENT * opinion(entry)));
  return new Map(
    entries.map((entry, index) => [entry, formatOdds(1 / ((shares[index] ?? 1) * book))]),
  );
}

/** Two decimals to 10, one to 30, whole numbers above. */
function formatOdds(odds: number): string {
  const bounded = Math.min(HIGHEST_ODDS, Math.max(LOWEST_ODDS, odds));
  const decimals = bounded < 10 ? 2 : bounded < 30 ? 1 : 0;
  return String(Number(bounded.toFixed(decimals)));
}

function snapshot(card: Card, minute: number, odds: ReadonlyMap<Entry, string>): PriceRow[] {
  const snapshotAt = isoMinute(card.day, minute);
  return [...odds].map(([entry, price]) => ({
    race_id: card.id,
    horse_id: entry.horse.id,
    snapshot_at: snapshotAt,
    odds: price,
  }));
}
