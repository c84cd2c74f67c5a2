import { ConfigError } from '../core/errors.ts';
import { stakingMethods } from './index.ts';

/** How much is staked. Shares are of the bank. */
export interface StakingSpec {
  /** A name of the registry: kelly, fixed, flat. */
  readonly method: string;
  /** Of kelly: of the full stake, .25 unless said. Of fixed: of the bank. */
  readonly fraction?: number | undefined;
  /** Of flat: money. */
  readonly amount?: number | undefined;
  readonly maxStake?: number | undefined;
  readonly maxRace?: number | undefined;
  readonly maxDay?: number | undefined;
}

/** Which bets are made; absent: no such rule. */
export interface BetRules {
  /** Expected gain per unit before commission, at the price taken: p·O − 1 of a back. */
  readonly minEdge?: number | undefined;
  readonly minOdds?: number | undefined;
  readonly maxOdds?: number | undefined;
  readonly maxPerRace?: number | undefined;
  readonly maxPerDay?: number | undefined;
  /** No more bets once the day's settled loss is this share of the bank the day began with. */
  readonly dailyStop?: number | undefined;
  /** Money: a smaller stake is not placed. */
  readonly minStake?: number | undefined;
}

export interface BacktestSettings {
  /** Money to begin with. */
  readonly bank: number;
  /** `flat`: stakes are always of the first bank; `compound`: of it and what has settled since. */
  readonly bankroll: 'flat' | 'compound';
  readonly staking: StakingSpec;
  /** Of a market's net winnings, a share. */
  readonly commission: number;
  /** Share of the odds less 1 lost between the price seen and taken; 0 unless said. */
  readonly slippage?: number | undefined;
  readonly rules?: BetRules | undefined;
}

/** Raises ConfigError invalid-config for a number that means nothing, unknown-name for a staking method that is none. */
export function checkSettings({
  bank,
  commission,
  slippage,
  staking,
  rules,
}: BacktestSettings): void {
  const method = stakingMethods.get(staking.method);
  for (const key of method.needs) {
    if (staking[key] === undefined) {
      throw new ConfigError('invalid-config', `staking method '${method.name}' needs '${key}'`);
    }
  }
  const within = (
    name: string,
    value: number | undefined,
    means: string,
    holds: (value: number) => boolean,
  ) => {
    if (value === undefined || holds(value)) return;
    throw new ConfigError('invalid-config', `${name} is ${value}`, { hint: `it must be ${means}` });
  };
  const positive = (value: number) => value > 0 && Number.isFinite(value);
  const share = (value: number) => value > 0 && value <= 1;
  const part = (value: number) => value >= 0 && value < 1;
  within('bank', bank, 'more than 0', positive);
  within('commission', commission, 'at least 0 and less than 1', part);
  // Below 0 the price taken would be better than the one seen.
  within('slippage', slippage, 'at least 0 and less than 1', part);
  within('staking.fraction', staking.fraction, 'more than 0 and at most 1', share);
  within('staking.amount', staking.amount, 'more than 0', positive);
  within('staking.max_stake', staking.maxStake, 'more than 0 and at most 1', share);
  within('staking.max_race', staking.maxRace, 'more than 0 and at most 1', share);
  within('staking.max_day', staking.maxDay, 'more than 0 and at most 1', share);
  within('rules.daily_stop', rules?.dailyStop, 'more than 0 and at most 1', share);
  within('rules.max_per_race', rules?.maxPerRace, 'a whole number of at least 1', isCount);
  within('rules.max_per_day', rules?.maxPerDay, 'a whole number of at least 1', isCount);
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
