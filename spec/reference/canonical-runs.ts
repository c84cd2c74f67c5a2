import { mean, populationSigma } from './formulas.ts';
import { groupBy } from './group-by.ts';
import type { Entry, Run } from './run.ts';

/** Times above this multiple of the official winner's are tailed-off horses or sentinels. */
const SLOWEST_CREDIBLE = 1.25;

/**
 * The canonical `runs` of racing-mapping.md from the entries of any source.
 * Promises one run for each entry; race-level numbers are the same on all rows of a race.
 */
export function canonicalRuns(entries: readonly Entry[]): readonly Run[] {
  const runs: Run[] = [];
  for (const race of groupBy(entries, (entry) => entry.race_id).values()) {
    runs.push(...raceRuns(race));
  }
  return runs;
}

function raceRuns(race: readonly Entry[]): readonly Run[] {
  const facts = raceFacts(race);
  return race.map((entry) => ({
    ...cardColumns(entry, facts),
    ...outcomeColumns(entry, facts),
    ...bettingColumns(entry, facts),
    ...sectionColumns(entry, facts),
  }));
}

interface RaceFacts {
  readonly startersOfRace: readonly Entry[];
  readonly starters: number;
  readonly hasResult: boolean;
  readonly winners: number;
  readonly placesPaid: number;
  readonly placeFraction: number | null;
  readonly winnerTimeS: number | null;
  /** Σ 1/odds, NULL unless every starter is priced. */
  readonly book: number | null;
  readonly lowestOdds: number | null;
}

function raceFacts(race: readonly Entry[]): RaceFacts {
  const startersOfRace = race.filter(isStarter);
  const starters = startersOfRace.length;
  const winners = startersOfRace.filter((entry) => entry.pos_num === 1);
  const winnerTimes = present(winners.map((entry) => entry.finish_time_s));
  const odds = present(startersOfRace.map((entry) => entry.odds));
  const isHandicap = race.some((entry) => entry.is_handicap);
  let book = 0;
  for (const price of odds) book += 1 / price;
  return {
    startersOfRace,
    starters,
    hasResult: race.some((entry) => entry.pos_num !== null),
    winners: winners.length,
    placesPaid: placesPaid(starters, isHandicap),
    placeFraction: placeFraction(starters, isHandicap),
    winnerTimeS: winnerTimes.length > 0 ? Math.min(...winnerTimes) : null,
    book: starters > 0 && odds.length === starters ? book : null,
    lowestOdds: odds.length > 0 ? Math.min(...odds) : null,
  };
}

function isStarter(entry: Entry): boolean {
  return entry.status !== 'withdrawn';
}

function present(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null);
}

function placesPaid(starters: number, isHandicap: boolean): number {
  if (starters <= 4) return 1;
  if (starters <= 7) return 2;
  return isHandicap && starters >= 16 ? 4 : 3;
}

function placeFraction(starters: number, isHandicap: boolean): number | null {
  if (starters <= 4) return null;
  if (starters <= 7) return 0.25;
  return isHandicap && starters >= 12 ? 0.25 : 0.2;
}

function distanceBand(metres: number | null): string {
  if (metres === null) return 'unknown';
  if (metres < 1200) return 'sprint';
  if (metres < 1600) return 'mile';
  return metres < 2000 ? 'middle' : 'staying';
}

function stallThird(draw: number | null, starters: number): string | null {
  if (draw === null) return null;
  if (3 * draw <= starters) return 'low';
  return 3 * draw <= 2 * starters ? 'mid' : 'high';
}

function cardColumns(entry: Entry, facts: RaceFacts) {
  const starts = isStarter(entry);
  const { early_time_s: _early, mid_time_s: _mid, finish_section_time_s: _finish, ...card } = entry;
  return {
    ...card,
    distance_band: distanceBand(entry.distance_m),
    stall_third: starts ? stallThird(entry.draw, facts.starters) : null,
    is_starter: starts,
    has_result: facts.hasResult,
    starters: facts.starters,
    places_paid: facts.placesPaid,
    place_fraction: facts.placeFraction,
    e0: starts ? 1 / facts.starters : null,
    e0_place: starts ? Math.min(facts.placesPaid, facts.starters) / facts.starters : null,
  };
}

function outcomeColumns(entry: Entry, facts: RaceFacts) {
  const ran = isStarter(entry) && facts.hasResult;
  const position = entry.pos_num;
  return {
    winners: facts.winners,
    won: ran ? Number(position === 1) : null,
    placed: ran ? Number(position !== null && position <= facts.placesPaid) : null,
    finish_pct: ran ? finishPct(position, facts.starters) : null,
    finish_time_s: credibleTime(entry, facts),
  };
}

function finishPct(position: number | null, starters: number): number | null {
  if (starters === 1) return null;
  return position === null ? 0 : 1 - (position - 1) / (starters - 1);
}

function credibleTime(entry: Entry, facts: RaceFacts): number | null {
  const time = entry.finish_time_s;
  if (time === null || !isStarter(entry)) return null;
  const tooSlow = facts.winnerTimeS !== null && time > SLOWEST_CREDIBLE * facts.winnerTimeS;
  return tooSlow ? null : time;
}

function bettingColumns(entry: Entry, facts: RaceFacts) {
  const odds = isStarter(entry) ? entry.odds : null;
  const settled = facts.hasResult && facts.winners > 0 && odds !== null;
  const won = Number(entry.pos_num === 1);
  return {
    odds,
    market_e: odds !== null && facts.book !== null ? 1 / odds / facts.book : null,
    is_favourite: odds !== null && odds === facts.lowestOdds,
    value: settled ? (won * odds) / facts.winners - 1 : null,
  };
}

function sectionColumns(entry: Entry, facts: RaceFacts) {
  const field = facts.startersOfRace;
  return {
    sec_z_early: zWithin(entry, field, (runner) => runner.early_time_s),
    sec_z_mid: zWithin(entry, field, (runner) => runner.mid_time_s),
    sec_z_finish: zWithin(entry, field, (runner) => runner.finish_section_time_s),
  };
}

function zWithin(
  entry: Entry,
  field: readonly Entry[],
  timeOf: (entry: Entry) => number | null,
): number | null {
  const time = timeOf(entry);
  const times = present(field.map(timeOf));
  if (time === null || !isStarter(entry) || times.length < 2) return null;
  const sigma = populationSigma(times);
  // Equal times must give exactly no spread, whatever the rounding of their mean.
  if (new Set(times).size === 1 || sigma === null) return null;
  return (time - (mean(times) ?? 0)) / sigma;
}
