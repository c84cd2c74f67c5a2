import { groupBy } from './group-by.ts';
import type { Day, Run } from './run.ts';

/** A pause this long between two race days is a season break or a hole in the data. */
const BREAK_DAYS = 14;
const PER_REASON = 4;
const BREAKS = 12;

/**
 * As-of dates worth checking, ascending: the first two and the last, those after breaks, with and
 * after dead heats, with entities that only appear withdrawn, with a horse declared twice, and
 * evenly spaced ones up to at least `count` (all dates when there are fewer).
 */
export function sampledDates(runs: readonly Run[], count: number): readonly Day[] {
  const byDay = groupBy(runs, (run) => String(run.race_date));
  const days = [...byDay.keys()].map(Number).sort((left, right) => left - right);
  const rowsOf = (day: Day) => byDay.get(String(day)) ?? [];
  const deadHeats = few(days.filter((day) => rowsOf(day).some((run) => run.winners > 1)));
  const chosen = new Set<Day>([
    ...days.slice(0, 2),
    ...days.slice(-1),
    ...evenly(daysAfterBreaks(days), BREAKS),
    ...deadHeats,
    ...deadHeats.map((day) => days[days.indexOf(day) + 1] ?? day),
    ...few(days.filter((day) => hasWithdrawnOnly(rowsOf(day)))),
    ...few(days.filter((day) => hasTwiceDeclared(rowsOf(day)))),
  ]);
  for (const day of evenly(days, count)) chosen.add(day);
  return [...chosen].sort((left, right) => left - right);
}

function daysAfterBreaks(days: readonly Day[]): readonly Day[] {
  return days.filter((day, index) => day - (days[index - 1] ?? day) > BREAK_DAYS);
}

function few(days: readonly Day[]): readonly Day[] {
  return evenly(days, PER_REASON);
}

function evenly(days: readonly Day[], count: number): readonly Day[] {
  if (days.length <= count) return days;
  const step = days.length / count;
  return days.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function hasWithdrawnOnly(rows: readonly Run[]): boolean {
  const trainers = groupBy(rows, (run) => run.trainer_id);
  return [...trainers.values()].some((ofTrainer) => ofTrainer.every((run) => !run.is_starter));
}

function hasTwiceDeclared(rows: readonly Run[]): boolean {
  const horses = groupBy(rows, (run) => run.horse_id);
  return [...horses.values()].some((ofHorse) => ofHorse.length > 1);
}
