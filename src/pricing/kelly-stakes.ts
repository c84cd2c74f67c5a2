import { kelly } from './kelly.ts';
import { cappedStake, type StakeCaps } from './stake-caps.ts';

/** Bets of a card, one entry a row, in the order they are taken. */
export interface PricedBets {
  readonly p: Float64Array;
  /** Decimal odds; NaN: no price, no stake. */
  readonly odds: Float64Array;
  readonly race: ArrayLike<number | bigint | string>;
  readonly day: ArrayLike<number | bigint | string>;
}

export interface KellyOptions {
  /** Of the full Kelly stake; .25 unless said. */
  readonly fraction?: number | undefined;
  readonly commission: number;
  readonly caps: StakeCaps;
}

/** A quarter: full Kelly is for probabilities that are right. */
export const KELLY_FRACTION = 0.25;

/** What is staked on each day, by the `day` of its rows. */
export type StakedByDay = Map<number | bigint | string, number>;

/**
 * Stakes of a card as shares of the bank, row by row within the caps; 0 without an edge or a price. `days`: what was
 * staked before, and afterwards with these bets; who has a card in pieces hands the same to each.
 */
export function kellyStakes(
  bets: PricedBets,
  options: KellyOptions,
  days: StakedByDay = new Map(),
): Float64Array {
  const { fraction = KELLY_FRACTION, commission, caps } = options;
  const races = new Map<number | bigint | string, number>();
  return bets.p.map((p, row) => {
    const [race, day] = [bets.race[row], bets.day[row]] as (number | bigint | string)[];
    const atRisk = { inRace: races.get(race as string) ?? 0, onDay: days.get(day as string) ?? 0 };
    const full = kelly(p, bets.odds[row] as number, commission);
    const stake = cappedStake(fraction * full, 1, caps, atRisk);
    races.set(race as string, atRisk.inRace + stake);
    days.set(day as string, atRisk.onDay + stake);
    return stake;
  });
}
