import { placeOdds } from './value.ts';

/**
 * The share of the bank that makes it grow fastest, backing: max(0, (p(b+1) − 1)/b), b = (O−1)(1−c) (Kelly 1956). 0 where
 * nothing can be won; NaN of NaN.
 */
export function kelly(p: number, odds: number, commission: number): number {
  const b = (odds - 1) * (1 - commission);
  return b <= 0 ? 0 : Math.max(0, (p * (b + 1) - 1) / b);
}

/**
 * The same for laying: the share of the bank to be liable for, that is stake·(O−1). A lay is a bet on the horse's defeat,
 * (1−c)/(O−1) to win per unit of liability.
 */
export function layKelly(p: number, odds: number, commission: number): number {
  const b = (1 - commission) / (odds - 1);
  return odds <= 1 ? 0 : Math.max(0, ((1 - p) * (b + 1) - 1) / b);
}

export interface EachWayPrice {
  readonly pWin: number;
  /** Probability of a place, winning included. */
  readonly pPlace: number;
  readonly odds: number;
  /** Of the win odds less 1, paid for a place. */
  readonly fraction: number;
  readonly commission: number;
}

/**
 * The share of the bank for both halves of an each-way bet together: where E ln(1 + f·r) is highest over its three
 * outcomes (won, placed only, neither). 0 without an edge. No closed form: the slope falls, so it is halved in on its zero.
 */
export function eachWayKelly({ pWin, pPlace, odds, fraction, commission }: EachWayPrice): number {
  const win = (odds - 1) * (1 - commission);
  const place = (placeOdds(odds, fraction) - 1) * (1 - commission);
  const outcomes = [
    { p: pWin, gain: (win + place) / 2 },
    { p: Math.max(0, pPlace - pWin), gain: (place - 1) / 2 },
    { p: 1 - Math.max(pPlace, pWin), gain: -1 },
  ];
  const slope = (f: number) =>
    outcomes.reduce((sum, { p, gain }) => sum + (p * gain) / (1 + f * gain), 0);
  if (!(slope(0) > 0)) return 0;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}
