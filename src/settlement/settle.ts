import type { EachWay, RaceResult } from './bet.ts';

/** The part of a bet that is in one market; place halves are a market of their own. */
export interface Leg {
  readonly market: 'win' | 'place';
  /** Gain before commission, negative when lost. */
  readonly gross: number;
}

export interface Staked {
  readonly side: 'back' | 'lay';
  readonly stake: number;
  /** Decimal odds as taken, before any Rule 4 deduction. */
  readonly odds: number;
  readonly eachWay?: EachWay | undefined;
  readonly result: RaceResult;
}

/**
 * The share of a bet on the first `places` that is paid: clamp((places − position + 1)/tied, 0, 1). A dead heat of k
 * winners pays 1/k; of two for the last place ½ each. 0 without a position.
 */
export function paidShare({ position, tied }: RaceResult, places: number): number {
  if (position === undefined) return 0;
  return Math.min(1, Math.max(0, (places - position + 1) / tied));
}

/** Odds after a Rule 4 deduction from the winnings: 1 + (O−1)(1−rule4). */
const oddsUnderRule4 = (odds: number, rule4: number): number => 1 + (odds - 1) * (1 - rule4);

/**
 * What a bet gains before commission, a leg for each market. Back: stake·(f·O − 1), a lay the negative; the stake of a
 * non-runner is returned. Each-way: `stake` is the total, half at O on the win, half at 1 + (O−1)·fraction on the places.
 */
export function settle({ side, stake, odds, eachWay, result }: Staked): Leg[] {
  if (!result.runner) return [{ market: 'win', gross: 0 }];
  const paid = oddsUnderRule4(odds, result.rule4);
  if (!eachWay) {
    const gross = stake * (paidShare(result, 1) * paid - 1);
    return [{ market: 'win', gross: side === 'back' ? gross : -gross }];
  }
  const half = stake / 2;
  const placePaid = 1 + (paid - 1) * eachWay.fraction;
  return [
    { market: 'win', gross: half * (paidShare(result, 1) * paid - 1) },
    { market: 'place', gross: half * (paidShare(result, eachWay.places) * placePaid - 1) },
  ];
}

/**
 * Commission on one market's net winnings, rate·max(0, Σ gross), charged to the bets that won in it in proportion to
 * their gross. In the order of `gross`.
 */
export function commissions(gross: readonly number[], rate: number): number[] {
  const net = gross.reduce((sum, value) => sum + value, 0);
  const won = gross.reduce((sum, value) => sum + Math.max(0, value), 0);
  const due = rate * Math.max(0, net);
  return gross.map((value) => (value > 0 ? (due * value) / won : 0));
}
