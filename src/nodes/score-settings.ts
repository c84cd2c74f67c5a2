import { ProjectError } from '../core/errors.ts';
import { CHAMPION } from '../core/model-version.ts';
import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { type ModelConfig, uniqueKeyOf } from './config-schemas.ts';

/** Which version scores a row: an alias or a number, the champion of the row's date, or a model that did not see it. */
export type WantedVersion =
  | { readonly by: 'alias'; readonly alias: string }
  | { readonly by: 'number'; readonly number: number }
  | { readonly by: 'as_of' }
  | { readonly by: 'folds' };

/** What a score node is asked for, defaults filled in. */
export interface ScoreSettings {
  /** Name of a train node or of the registry, as it is written. */
  readonly model: string;
  readonly version: WantedVersion;
  readonly key: readonly string[];
  /** Reasons to give for each row, the strongest first; 0: none. */
  readonly explain: number;
  readonly pricing: Readonly<Record<string, unknown>> | undefined;
}

/** @throws ProjectError 'model-config' for what a score node cannot do without */
export function scoreSettingsOf(config: ModelConfig, spanOf: (key: string) => Span): ScoreSettings {
  const fail = (key: string, hint: string) =>
    new ProjectError('model-config', `materialized 'score' needs ${key}`, {
      span: spanOf('materialized'),
      hint,
    });
  if (config.model === undefined) throw fail('model', "add model=ref('win_model')");
  const key = uniqueKeyOf(config);
  if (key.length === 0)
    throw fail('unique_key', "add unique_key=['race_id', 'horse_id']: one row each is kept");
  return {
    model: config.model,
    version: wantedVersion(config.version),
    key,
    explain: config.explain ?? 0,
    pricing: config.pricing,
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
