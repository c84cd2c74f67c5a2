import { groupRows, rowsOf } from '../core/row-groups.ts';
import { type KellyOptions, kellyStakes, type StakedByDay } from '../pricing/kelly-stakes.ts';
import {
  HARVILLE,
  HENERY,
  type PlaceDiscounts,
  placeProbabilitiesWithin,
} from '../pricing/place-probabilities.ts';
import { eachWayValue, edge, expectedValue, fairOdds } from '../pricing/value.ts';

/** What prices are made from; columns of the SELECT by name. */
export interface PricingSettings {
  /** Decimal odds that can be had. */
  readonly odds: string | undefined;
  /** Places the race pays, for the probability of a place. */
  readonly places: string | undefined;
  /** Share of the odds a place pays, for each-way bets. */
  readonly placeFraction: string | undefined;
  readonly discounts: PlaceDiscounts;
  readonly commission: number;
  readonly kellyFraction: number | undefined;
  readonly caps: KellyOptions['caps'];
}

export const DISCOUNTS: Readonly<Record<string, PlaceDiscounts>> = {
  harville: HARVILLE,
  henery: HENERY,
};

/** Rows with a probability, one entry each; NaN where there is none. */
export interface PricedRows {
  readonly p: Float64Array;
  readonly odds: Float64Array | undefined;
  readonly places: Float64Array | undefined;
  readonly placeFraction: Float64Array | undefined;
  /** The race of each row. */
  readonly race: ArrayLike<number | bigint | string>;
  readonly day: ArrayLike<number | bigint | string>;
}

/** Columns beside the probability, by name; only those there are inputs for. */
export type Prices = Readonly<Record<string, Float64Array>>;

/**
 * Fair odds and place probabilities; with odds also edge, EV, Kelly stake and each-way EV (racing.md §2). `staked`: as
 * kellyStakes takes it, for rows that are a part of a card.
 */
export function priceRows(
  rows: PricedRows,
  settings: PricingSettings,
  staked?: StakedByDay,
): Prices {
  const { p, odds, places, placeFraction } = rows;
  const { commission, kellyFraction: fraction, caps, discounts } = settings;
  const pPlace =
    places &&
    placeProbabilitiesWithin(p, groupRows(rows.race), paidPlaces(rows, places), discounts);
  const value = odds && {
    edge: p.map((one, row) => edge(one, odds[row] as number)),
    ev: p.map((one, row) => expectedValue(one, odds[row] as number, commission)),
    kelly_stake: kellyStakes(
      { p, odds, race: rows.race, day: rows.day },
      { fraction, commission, caps },
      staked,
    ),
  };
  const eachWay =
    odds && pPlace && placeFraction
      ? {
          each_way_ev: p.map((one, row) =>
            eachWayValue(
              one,
              pPlace[row] as number,
              odds[row] as number,
              placeFraction[row] as number,
            ),
          ),
        }
      : undefined;
  return {
    fair_odds: p.map(fairOdds),
    ...(pPlace ? { p_place: pPlace } : {}),
    ...value,
    ...eachWay,
  };
}

/** One number for a race: that of its first row. */
function paidPlaces({ race }: PricedRows, places: Float64Array): Float64Array {
  const races = groupRows(race);
  return Float64Array.from(races.of, (one) => places[rowsOf(races, one)[0] as number] as number);
}
