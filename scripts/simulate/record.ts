import { isoDate, isoMinute } from './calendar.ts';
import type { Card, Entry } from './card.ts';
import { ageOn, sexOn } from './horse.ts';
import { type Market, withdrawnAt } from './market.ts';
import type { RaceRow, RunnerRow } from './rows.ts';
import type { Result } from './run-race.ts';
import { type Clocked, sectionCount } from './sections.ts';

/** What is known of a race when its rows are written. */
export interface Outcome {
  /** null while there is no result, or when the race was void. */
  readonly result: Result | null;
  readonly clock: ReadonlyMap<Entry, Clocked>;
  readonly market: Market;
  /** Minute of race day at which the rows are written; later withdrawals are unknown. */
  readonly knownUntil: number;
}

export function raceRow(card: Card): RaceRow {
  return {
    race_id: card.id,
    race_date: isoDate(card.day),
    off_at: isoMinute(card.day, card.offMinute),
    course: card.course.name,
    race_no: card.raceNo,
    distance_m: card.distanceM,
    surface: card.surface,
    going: card.going,
    race_name: card.name,
    race_class: card.raceClass.name,
    class_rating: card.raceClass.rating,
    is_handicap: card.raceClass.handicap,
    prize: card.raceClass.prize,
  };
}

/** Must be called before the race is settled: the row carries the rating the horse ran off. */
export function runnerRow(card: Card, entry: Entry, outcome: Outcome): RunnerRow {
  const { horse } = entry;
  const withdrawn = withdrawnAt(card, entry) <= outcome.knownUntil;
  // Some horses are taken out before anyone was booked to ride.
  const unbooked = withdrawn && (entry.withdrawnBeforeOff ?? 0) > 780;
  return {
    race_id: card.id,
    horse_id: horse.id,
    jockey_id: unbooked ? null : entry.jockey.id,
    trainer_id: horse.trainer.id,
    draw: entry.draw,
    weight_lbs: entry.weightLbs,
    rating: horse.rating,
    age: ageOn(horse, card.day),
    sex: sexOn(horse, card.day),
    position: withdrawn ? 'WD' : position(entry, outcome.result),
    odds: outcome.result === null ? null : (outcome.market.finalOdds.get(entry) ?? null),
    ...clockColumns(card, outcome.clock.get(entry)),
  };
}

function position(entry: Entry, result: Result | null): string | null {
  const finisher = result?.finishers.find((one) => one.entry === entry);
  if (finisher !== undefined) return String(finisher.position);
  return result?.failures.get(entry) ?? null;
}

function clockColumns(card: Card, clocked: Clocked | undefined) {
  const seconds = (value: number | undefined) => value?.toFixed(2) ?? null;
  return {
    finish_time_s: seconds(clocked?.finishTimeS),
    n_sections: sectionCount(card.distanceM),
    early_pos: clocked?.positions.early ?? null,
    mid_pos: clocked?.positions.mid ?? null,
    late_pos: clocked?.positions.late ?? null,
    early_time_s: seconds(clocked?.sectionTimesS.early),
    mid_time_s: seconds(clocked?.sectionTimesS.mid),
    finish_section_time_s: seconds(clocked?.sectionTimesS.finish),
  };
}
