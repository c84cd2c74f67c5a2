import * as z from 'zod';
import { ProjectError } from '../core/errors.ts';
import { readSetting } from '../core/read-setting.ts';
import type { Span } from '../core/span.ts';
import type { BacktestRequest, BetColumns } from '../modeling/backtest-settings.ts';
import type { BetRules, StakingSpec } from '../settlement/settings.ts';
import { type ModelConfig, uniqueKeyOf } from './config-schemas.ts';

const amount = z.number();

const stakingSchema = z.strictObject({
  method: z.string().default('kelly'),
  fraction: amount.optional(),
  amount: amount.optional(),
  max_stake: amount.optional(),
  max_race: amount.optional(),
  max_day: amount.optional(),
});

const rulesSchema = z.strictObject({
  min_edge: amount.optional(),
  min_odds: amount.optional(),
  max_odds: amount.optional(),
  max_per_race: z.int().optional(),
  max_per_day: z.int().optional(),
  daily_stop: amount.optional(),
  min_stake: amount.optional(),
});

/** Names of the SELECT's columns where they are not these. */
const columnsSchema = z.strictObject({
  probability: z.string().default('p_win'),
  position: z.string().default('pos_num'),
  decision_ts: z.string().default('decision_ts'),
  settled_ts: z.string().optional(),
  price_ts: z.string().optional(),
  side: z.string().optional(),
  runner: z.string().optional(),
  tied: z.string().optional(),
  rule4: z.string().optional(),
  places: z.string().optional(),
  place_fraction: z.string().optional(),
  p_place: z.string().optional(),
});

const BANK = 1000;

/** @throws ProjectError 'model-config' for what a backtest cannot do without, ConfigError 'invalid-config' */
export function backtestRequestOf(
  config: ModelConfig,
  spanOf: (key: string) => Span,
): BacktestRequest {
  const staking = readSetting(stakingSchema, 'staking', config.staking ?? {}, {
    span: spanOf('staking'),
  });
  const rules = readSetting(rulesSchema, 'rules', config.rules ?? {}, { span: spanOf('rules') });
  return {
    columns: columnsOf(config, spanOf),
    settings: {
      bank: config.bank ?? BANK,
      bankroll: config.bankroll ?? 'flat',
      staking: stakingOf(staking),
      commission: config.commission ?? 0,
      slippage: config.slippage,
      rules: rulesOf(rules),
    },
    seed: config.seed ?? 0,
  };
}

function columnsOf(config: ModelConfig, spanOf: (key: string) => Span): BetColumns {
  const need = (key: 'price' | 'event_time' | 'group_column', hint: string): string => {
    const value = config[key];
    if (value !== undefined && value !== null) return value;
    throw missing(key, hint, spanOf);
  };
  const key = uniqueKeyOf(config);
  if (key.length === 0)
    throw missing('unique_key', "add unique_key=['race_id', 'horse_id']", spanOf);
  const named = readSetting(columnsSchema, 'columns', config.columns ?? {}, {
    span: spanOf('columns'),
  });
  const { places, place_fraction: fraction, p_place: pPlace } = named;
  return {
    key,
    race: need('group_column', "add group_column='race_id': bets of a race settle together"),
    date: need('event_time', "add event_time='race_date'"),
    odds: need('price', "add price='odds': the decimal odds that could be had"),
    probability: named.probability,
    position: named.position,
    decision: named.decision_ts,
    settled: named.settled_ts,
    priceTime: named.price_ts,
    closingOdds: config.closing_price ?? undefined,
    side: named.side,
    runner: named.runner,
    tied: named.tied,
    rule4: named.rule4,
    eachWay: places && fraction && pPlace ? { places, fraction, pPlace } : undefined,
  };
}

const missing = (key: string, hint: string, spanOf: (key: string) => Span): ProjectError =>
  new ProjectError('model-config', `materialized 'backtest' needs ${key}`, {
    span: spanOf('materialized'),
    hint,
  });

const stakingOf = (one: z.output<typeof stakingSchema>): StakingSpec => ({
  method: one.method,
  fraction: one.fraction,
  amount: one.amount,
  maxStake: one.max_stake,
  maxRace: one.max_race,
  maxDay: one.max_day,
});

const rulesOf = (one: z.output<typeof rulesSchema>): BetRules => ({
  minEdge: one.min_edge,
  minOdds: one.min_odds,
  maxOdds: one.max_odds,
  maxPerRace: one.max_per_race,
  maxPerDay: one.max_per_day,
  dailyStop: one.daily_stop,
  minStake: one.min_stake,
});
