import { settleRace } from './aftermath.ts';
import { dayNumber, isoDate, yearOf } from './calendar.ts';
import type { Card, Entry } from './card.ts';
import { declareRace, queueHorses } from './declare.ts';
import { weather } from './going.ts';
import { marketRandom, openMarket } from './market.ts';
import { meetingCount, planMeetings, plannedRuns } from './meetings.ts';
import { moveForm } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { type Outcome, raceRow, runnerRow } from './record.ts';
import type { DayRows } from './rows.ts';
import { type Result, runRace } from './run-race.ts';
import { type Clocked, clockRace } from './sections.ts';
import { createWorld, turnYear, type World, type WorldSettings } from './world.ts';

/** Tomorrow's card is written at nine in the morning of its day. */
const CARD_MINUTE = 9 * 60;

/**
 * Racing day by day, in order: each day is declared and run from what earlier days left behind, so
 * its rows depend on nothing later. The last day is 30 December of the last season, followed by the
 * card of the 31st without results. Equal settings give equal rows.
 */
export function* simulate(settings: WorldSettings): Generator<DayRows> {
  const world = createWorld(settings);
  const lastSeason = settings.firstSeason + settings.seasons - 1;
  const lastDay = dayNumber(lastSeason, 12, 30);
  let planned = 0;
  for (let day = dayNumber(settings.firstSeason, 1, 1); day <= lastDay; day++) {
    const random = nextMorning(world, day);
    planned += plannedRuns(world, day);
    const closed = /-12-2[45]$/.test(isoDate(day));
    const least = day === lastDay ? 1 : 0;
    const count = closed ? 0 : meetingCount(random, world, planned - world.declared, least);
    if (count > 0) yield raceDay(random, world, day, count);
  }
  const random = nextMorning(world, lastDay + 1);
  const count = meetingCount(random, world, plannedRuns(world, lastDay), 1);
  yield cardDay(world, lastDay + 1, declareDay(random, world, lastDay + 1, count));
}

/** Moves the world to a day and returns the day's random stream. */
function nextMorning(world: World, day: number): Random {
  const random = createRandom(world.settings.seed, 2, day);
  const year = yearOf(day);
  if (isoDate(day).endsWith('-01-01') && year > world.settings.firstSeason) {
    turnYear(random, world, year);
  }
  for (const ground of world.grounds) weather(random, ground);
  moveForm(random, world.jockeys, world.trainers);
  return random;
}

function declareDay(random: Random, world: World, day: number, count: number): Card[] {
  const queues = queueHorses(random, world, day);
  const cards: Card[] = [];
  for (const meeting of planMeetings(random, world, day, count)) {
    for (const slot of meeting.races) {
      const card = declareRace(random, queues, meeting, slot, day);
      if (card === null) continue;
      cards.push(card);
      world.declared += card.entries.length;
    }
  }
  return cards;
}

function raceDay(random: Random, world: World, day: number, count: number): DayRows {
  const { seed } = world.settings;
  const cards = declareDay(random, world, day, count);
  const run = cards.map((card, index) => {
    const raceRandom = createRandom(seed, 3, day, index);
    const result = runRace(raceRandom, card);
    const clock = result === null ? noClock() : clockRace(raceRandom, card, result);
    const market = openMarket(marketRandom(seed, day, index), card, Number.POSITIVE_INFINITY);
    const knownUntil = card.offMinute;
    return { card, raceRandom, outcome: { result, clock, market, knownUntil } };
  });
  const rows = dayRows(day, run);
  for (const { card, raceRandom, outcome } of run) settleRace(raceRandom, card, outcome.result);
  return rows;
}

function cardDay(world: World, day: number, cards: readonly Card[]): DayRows {
  const { seed } = world.settings;
  const result: Result | null = null;
  const unrun = cards.map((card, index) => {
    const market = openMarket(marketRandom(seed, day, index), card, CARD_MINUTE);
    return { card, outcome: { result, clock: noClock(), market, knownUntil: CARD_MINUTE } };
  });
  return dayRows(day, unrun);
}

function dayRows(
  day: number,
  run: readonly { readonly card: Card; readonly outcome: Outcome }[],
): DayRows {
  return {
    day,
    races: run.map(({ card }) => raceRow(card)),
    runners: run.flatMap(({ card, outcome }) =>
      card.entries.map((entry) => runnerRow(card, entry, outcome)),
    ),
    prices: run.flatMap(({ outcome }) => outcome.market.prices),
  };
}

function noClock(): ReadonlyMap<Entry, Clocked> {
  return new Map();
}
