import { cappedStake } from '../pricing/stake-caps.ts';
import type { Bet, Candidate } from './bet.ts';
import { checkCandidate } from './check-candidate.ts';
import { type DayTally, ruleAgainst, type SkipReason, type Tally } from './day-book.ts';
import { stakingMethods } from './index.ts';
import { closingLineValue, edgeOf, priceTaken } from './price-taken.ts';
import { type BacktestSettings, checkSettings } from './settings.ts';
import { commissions, settle } from './settle.ts';

export interface BacktestResult {
  /** In the order they were made. */
  readonly bets: readonly Bet[];
  /** Every day that has a row, ascending, days without a bet too. */
  readonly days: readonly number[];
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
}

/** A bet that is made and not settled. */
interface OpenBet {
  readonly candidate: Candidate;
  readonly odds: number;
  readonly stake: number;
  readonly atRisk: number;
  readonly bank: number;
}

interface Book {
  settledPnl: number;
  readonly open: Map<string, OpenBet[]>;
  readonly races: Map<string, Tally>;
  readonly days: Map<number, DayTally>;
  readonly settled: Bet[];
}

/**
 * Bets row by row in the order decision_ts, bet_id. Before a row is looked at, races settle whose results are known by
 * then; a race's bets settle together, when the last of its rows says so. Nothing of a row's result, closing price or later
 * rows is seen before. Raises ConfigError for settings, ProjectError unusable-bet for rows that mean nothing.
 */
export function backtest(
  candidates: readonly Candidate[],
  settings: BacktestSettings,
): BacktestResult {
  checkSettings(settings);
  for (const candidate of candidates) checkCandidate(candidate);
  const ordered = [...candidates].sort(byDecision);
  const settlements = settlementTimes(candidates);
  const book: Book = {
    settledPnl: 0,
    open: new Map(),
    races: new Map(),
    days: new Map(),
    settled: [],
  };
  const skipped: Partial<Record<SkipReason, number>> = {};
  let next = 0;
  const settleUntil = (ms: number) => {
    for (let race = settlements[next]; race && race.ms <= ms; race = settlements[next]) {
      settleRace(book, race.raceId, settings.commission);
      next += 1;
    }
  };
  for (const candidate of ordered) {
    settleUntil(candidate.decisionMs);
    const reason = place(book, candidate, settings);
    if (reason) skipped[reason] = (skipped[reason] ?? 0) + 1;
  }
  settleUntil(Number.POSITIVE_INFINITY);
  const bets = book.settled.sort(byDecision);
  return { bets, days: [...book.days.keys()].sort((a, b) => a - b), skipped };
}

type Decided = Pick<Candidate, 'decisionMs' | 'betId'>;

const byDecision = (a: Decided, b: Decided): number =>
  a.decisionMs - b.decisionMs || (a.betId < b.betId ? -1 : a.betId > b.betId ? 1 : 0);

/** Races by the instant the last of their rows is settled. */
function settlementTimes(candidates: readonly Candidate[]) {
  const times = new Map<string, number>();
  for (const { raceId, settledMs } of candidates) {
    times.set(raceId, Math.max(settledMs, times.get(raceId) ?? settledMs));
  }
  return [...times].map(([raceId, ms]) => ({ raceId, ms })).sort((a, b) => a.ms - b.ms);
}

/** Makes the bet, or says why not. */
function place(
  book: Book,
  candidate: Candidate,
  settings: BacktestSettings,
): SkipReason | undefined {
  const { staking, rules = {}, slippage = 0, commission } = settings;
  const { raceId, side } = candidate;
  const bank = settings.bank + (settings.bankroll === 'compound' ? book.settledPnl : 0);
  const race = entryOf(book.races, raceId, { bets: 0, atRisk: 0 });
  const day = entryOf(book.days, candidate.day, {
    bets: 0,
    atRisk: 0,
    bankAtStart: bank,
    settledPnl: 0,
  });
  const odds = priceTaken(side, candidate.odds, slippage);
  const reason = ruleAgainst(
    candidate,
    { odds, edge: edgeOf(candidate, odds) },
    { race, day },
    rules,
  );
  if (reason) return reason;
  const wanted = stakingMethods
    .get(staking.method)
    .share({ ...candidate, odds }, bank, commission, staking);
  const caps = { perBet: staking.maxStake, perRace: staking.maxRace, perDay: staking.maxDay };
  const atRisk = cappedStake(wanted, bank, caps, { inRace: race.atRisk, onDay: day.atRisk });
  const stake = side === 'back' ? atRisk : atRisk / (odds - 1);
  if (!(atRisk > 0 && Number.isFinite(stake)) || stake < (rules.minStake ?? 0)) return 'stake';
  for (const tally of [race, day]) {
    tally.bets += 1;
    tally.atRisk += atRisk;
  }
  entryOf(book.open, raceId, []).push({ candidate, odds, stake, atRisk, bank });
  return undefined;
}

function entryOf<K, V>(map: Map<K, V>, key: K, fresh: V): V {
  const entry = map.get(key) ?? fresh;
  map.set(key, entry);
  return entry;
}

function settleRace(book: Book, raceId: string, rate: number): void {
  const open = book.open.get(raceId) ?? [];
  const legs = open.map(({ candidate, odds, stake }) => settle({ ...candidate, odds, stake }));
  const charged = chargeByMarket(legs, rate);
  for (const [i, bet] of open.entries()) {
    const gross = (legs[i] ?? []).reduce((sum, leg) => sum + leg.gross, 0);
    const settled = settledBet(bet, gross, charged[i] as number);
    book.settled.push(settled);
    book.settledPnl += settled.pnl;
    const day = book.days.get(settled.day);
    if (day) day.settledPnl += settled.pnl;
  }
  book.open.delete(raceId);
}

/** The commission of each bet over its markets. */
function chargeByMarket(
  legs: readonly (readonly { market: string; gross: number }[])[],
  rate: number,
) {
  const charged = legs.map(() => 0);
  for (const market of ['win', 'place']) {
    const gross = legs.map((own) => own.find((leg) => leg.market === market)?.gross ?? 0);
    for (const [i, commission] of commissions(gross, rate).entries()) {
      charged[i] = (charged[i] as number) + commission;
    }
  }
  return charged;
}

function settledBet(open: OpenBet, gross: number, commission: number): Bet {
  const { betId, raceId, day, decisionMs, settledMs, side, p, result, closingOdds } =
    open.candidate;
  const { odds, stake, atRisk, bank } = open;
  return {
    ...{
      betId,
      raceId,
      day,
      decisionMs,
      settledMs,
      side,
      p,
      odds,
      stake,
      atRisk,
      bank,
      gross,
      commission,
    },
    pnl: gross - commission,
    void: !result.runner,
    won: result.runner && result.position === 1 ? 1 : 0,
    clv: closingLineValue(side, odds, closingOdds ?? Number.NaN),
  };
}
