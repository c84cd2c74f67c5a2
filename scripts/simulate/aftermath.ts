import { type Card, type Entry, startersOf } from './card.ts';
import { type Horse, moveCondition } from './horse.ts';
import type { Random } from './random.ts';
import type { Result } from './run-race.ts';
import { weightLossLbs } from './strength.ts';

/** Level the handicapper assumes of a field in which nobody has a rating. */
const UNKNOWN_FIELD_LBS = 64;
/** Share of the surprise that goes into the next rating. */
const RATING_STEP = 0.24;
const RATING = { lowest: 35, highest: 130, most: 7, least: -4 };
/** Runs after which a horse without a win is rated. */
const RUNS_FOR_RATING = 3;
/** A beaten horse is eased: margins beyond this say nothing. */
const LARGEST_MARGIN_LBS = 25;

/** What the race changes for the horses in it, from the next day on. */
export function settleRace(random: Random, card: Card, result: Result | null): void {
  for (const entry of card.entries) {
    const { horse } = entry;
    const ran = entry.withdrawnBeforeOff === null && result !== null;
    horse.readyDay = card.day + (ran ? restDays(random) : random.integer(4, 14));
    if (ran) recordRun(random, entry);
  }
  if (result === null) return;
  for (const { entry, position } of result.finishers) if (position === 1) entry.horse.wins++;
  for (const [entry, code] of result.failures) layUp(random, card, entry.horse, code);
  rateField(card, result);
}

/** Three to seven weeks as a rule, a long break now and then. */
function restDays(random: Random): number {
  if (random.chance(0.05)) return random.integer(90, 330);
  return 10 + Math.round(random.wait(20));
}

function recordRun(random: Random, entry: Entry): void {
  entry.horse.runs++;
  entry.horse.lastJockey = entry.jockey;
  moveCondition(random, entry.horse);
}

/** Injuries behind a failure to finish keep a horse away, some for good. */
function layUp(random: Random, card: Card, horse: Horse, code: string): void {
  if (!['PU', 'F', 'BD', 'SU', 'FE'].includes(code)) return;
  if (random.chance(0.15)) horse.retired = true;
  horse.readyDay = card.day + random.integer(40, 240);
}

function rateField(card: Card, result: Result): void {
  const level = fieldLevel(card);
  const best = result.finishers[0]?.performanceLbs ?? 0;
  const seen = result.finishers.map(({ entry, performanceLbs }) => ({
    horse: entry.horse,
    lbs: Math.max(performanceLbs, best - LARGEST_MARGIN_LBS) + weightLossLbs(entry),
  }));
  const mean = seen.reduce((sum, { lbs }) => sum + lbs, 0) / seen.length;
  for (const { horse, lbs } of seen) rate(horse, level + lbs - mean);
}

/** Mean rating of the rated starters. */
function fieldLevel(card: Card): number {
  const ratings = startersOf(card).flatMap(({ horse }) => horse.rating ?? []);
  if (ratings.length === 0) return UNKNOWN_FIELD_LBS;
  return ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
}

/** `figure` is what the horse was seen to do, in pounds of the rating scale. */
function rate(horse: Horse, figure: number): void {
  if (horse.rating !== null) {
    const change = RATING_STEP * (figure - horse.rating);
    horse.rating = bounded(horse.rating + Math.min(RATING.most, Math.max(RATING.least, change)));
    return;
  }
  horse.figures.push(figure);
  if (horse.wins === 0 && horse.runs < RUNS_FOR_RATING) return;
  const mean = horse.figures.reduce((sum, one) => sum + one, 0) / horse.figures.length;
  horse.rating = bounded(mean);
}

function bounded(rating: number): number {
  return Math.min(RATING.highest, Math.max(RATING.lowest, Math.round(rating)));
}
