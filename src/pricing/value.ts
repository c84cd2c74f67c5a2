/** Decimal odds at which a probability neither gains nor loses: 1/p. Infinity of 0, NaN of NaN. */
export const fairOdds = (p: number): number => 1 / p;

/** Gain per unit staked before commission, backing at decimal odds: p·O − 1. Negative: the price is too short. */
export const edge = (p: number, odds: number): number => p * odds - 1;

/** Gain per unit of the backer's stake before commission, laying at decimal odds: 1 − p·O. */
export const layEdge = (p: number, odds: number): number => 1 - p * odds;

/** Expected gain per unit backed, commission `c` on net winnings: p·(O−1)(1−c) − (1−p). */
export const expectedValue = (p: number, odds: number, commission: number): number =>
  p * (odds - 1) * (1 - commission) - (1 - p);

/** Expected gain per unit of the backer's stake laid: (1−p)(1−c) − p·(O−1). */
export const layExpectedValue = (p: number, odds: number, commission: number): number =>
  (1 - p) * (1 - commission) - p * (odds - 1);

/** Decimal odds of the place half of an each-way bet: 1 + (O−1)·fraction. */
export const placeOdds = (odds: number, fraction: number): number => 1 + (odds - 1) * fraction;

/**
 * Expected gain per unit of the whole each-way stake, half of it on the place: ½(p_w·O − 1) + ½(p_p·(1 + (O−1)·frac) − 1).
 * `pPlace`: probability of a place, winning included.
 */
export const eachWayValue = (
  pWin: number,
  pPlace: number,
  odds: number,
  fraction: number,
): number => edge(pWin, odds) / 2 + edge(pPlace, placeOdds(odds, fraction)) / 2;
