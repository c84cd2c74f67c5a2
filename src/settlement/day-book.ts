import type { Candidate } from './bet.ts';
import type { BetRules } from './settings.ts';

/** Why a row is no bet. */
export type SkipReason =
  | 'no_price'
  | 'edge'
  | 'odds'
  | 'race_limit'
  | 'day_limit'
  | 'daily_stop'
  | 'stake';

/** What happened in a race or on a day so far. */
export interface Tally {
  bets: number;
  atRisk: number;
}

export interface DayTally extends Tally {
  /** The bank its first row met. */
  readonly bankAtStart: number;
  /** P&L of its bets that have settled. */
  settledPnl: number;
}

/** The rule that keeps a row from being a bet, if any, before its stake is known. */
export function ruleAgainst(
  candidate: Candidate,
  taken: { readonly odds: number; readonly edge: number },
  tallies: { readonly race: Tally; readonly day: DayTally },
  rules: BetRules,
): SkipReason | undefined {
  const { race, day } = tallies;
  const { minEdge, minOdds, maxOdds, maxPerRace, maxPerDay, dailyStop } = rules;
  if (Number.isNaN(candidate.odds)) return 'no_price';
  if (minEdge !== undefined && taken.edge < minEdge) return 'edge';
  if (minOdds !== undefined && taken.odds < minOdds) return 'odds';
  if (maxOdds !== undefined && taken.odds > maxOdds) return 'odds';
  if (maxPerRace !== undefined && race.bets >= maxPerRace) return 'race_limit';
  if (maxPerDay !== undefined && day.bets >= maxPerDay) return 'day_limit';
  if (dailyStop !== undefined && -day.settledPnl >= dailyStop * day.bankAtStart)
    return 'daily_stop';
  return undefined;
}
