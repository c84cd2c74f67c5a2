import * as z from 'zod';
import { ProjectError } from '../core/errors.ts';
import { CHAMPION } from '../core/model-version.ts';
import type { Node } from '../core/node.ts';
import { readSetting } from '../core/read-setting.ts';
import type { Span } from '../core/span.ts';
import { DISCOUNTS, type PricingSettings } from '../modeling/price-rows.ts';
import type { ScoreSettings, WantedVersion } from '../modeling/score-settings.ts';
import { type ModelConfig, uniqueKeyOf } from './config-schemas.ts';

const share = z.number().min(0).max(1);

/** `pricing` of a score node. */
const pricingSchema = z.strictObject({
  odds: z.string().optional(),
  places: z.string().optional(),
  place_fraction: z.string().optional(),
  discounts: z.enum(['harville', 'henery']).default('harville'),
  commission: share.default(0),
  kelly_fraction: share.optional(),
  max_stake: share.optional(),
  max_race: share.optional(),
  max_day: share.optional(),
});

/** @throws ProjectError 'model-config' for what a score node cannot do without, ConfigError 'invalid-config' */
export function scoreSettingsOf(config: ModelConfig, spanOf: (key: string) => Span): ScoreSettings {
  const fail = (key: string, hint: string) =>
    new ProjectError('model-config', `materialized 'score' needs ${key}`, {
      span: spanOf('materialized'),
      hint,
    });
  if (config.model === undefined) throw fail('model', "add model=ref('win_model')");
  const key = uniqueKeyOf(config);
  if (key.length === 0) {
    throw fail('unique_key', "add unique_key=['race_id', 'horse_id']: one row of each is kept");
  }
  return {
    model: config.model,
    version: wantedVersion(config.version),
    key,
    date: config.as_of ?? config.event_time ?? undefined,
    keep: config.keep ?? [],
    explain: config.explain ?? 0,
    pricing: config.pricing && pricingOf(config.pricing, () => spanOf('pricing')),
  };
}

function pricingOf(pricing: Readonly<Record<string, unknown>>, span: () => Span): PricingSettings {
  const data = readSetting(pricingSchema, 'pricing', pricing, { span: span() });
  return {
    odds: data.odds,
    places: data.places,
    placeFraction: data.place_fraction,
    discounts: DISCOUNTS[data.discounts] ?? [1, 1, 1],
    commission: data.commission,
    kellyFraction: data.kelly_fraction,
    caps: { perBet: data.max_stake, perRace: data.max_race, perDay: data.max_day },
  };
}

function wantedVersion(version: string | number | undefined): WantedVersion {
  if (typeof version === 'number') return { by: 'number', number: version };
  if (version === 'as_of' || version === 'folds') return { by: version };
  return { by: 'alias', alias: version ?? CHAMPION };
}

/** What a model's settings make of its node (see `Node.model`). */
export function modelUseOf(name: string, config: ModelConfig, isDated: boolean): Node['model'] {
  const { materialized, registered_name: registered = name, model = '' } = config;
  if (materialized === 'train') return { does: 'makes', name: registered };
  if (materialized !== 'score') return undefined;
  const keepsRows = isDated && wantedVersion(config.version).by === 'alias';
  return { does: 'uses', name: model, keepsRows };
}
