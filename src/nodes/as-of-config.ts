import type { AsOf } from '../core/as-of.ts';
import { ProjectError } from '../core/errors.ts';
import { floorToGrain, parseInstant } from '../core/grain.ts';
import type { Span } from '../core/span.ts';
import type { ModelConfig } from './config-schemas.ts';

/** The as_of settings of a model, or undefined when it has none. @throws ProjectError 'as-of-config' */
export function asOfOf(config: ModelConfig, spanOf: (key: string) => Span): AsOf | undefined {
  const fail = (key: string, message: string, hint: string) =>
    new ProjectError('as-of-config', message, { span: spanOf(key), hint });
  if (config.as_of === undefined) {
    if (config.incremental_strategy !== 'as_of') return undefined;
    throw fail(
      'incremental_strategy',
      "incremental_strategy 'as_of' needs as_of",
      "add as_of='as_of_date': the column that dates the rows",
    );
  }
  if (
    config.materialized !== 'incremental' ||
    (config.incremental_strategy ?? 'as_of') !== 'as_of'
  ) {
    throw fail(
      'as_of',
      "as_of belongs to materialized='incremental', incremental_strategy='as_of'",
      'set both, or take as_of out',
    );
  }
  if (config.begin === undefined) {
    throw fail(
      'as_of',
      'an as_of model needs begin',
      "add begin='2016-01-01': the first date it has rows for",
    );
  }
  const begin = parseInstant(config.begin);
  if (begin === undefined) {
    throw fail('begin', `begin '${config.begin}' is not a date`, "write it as '2016-01-31'");
  }
  return {
    column: config.as_of,
    grain: config.grain,
    begin: floorToGrain(begin, config.grain),
    lookback: config.lookback,
    batchSize: config.depends_on_past ? 1 : config.batch_size,
    dependsOnPast: config.depends_on_past,
  };
}
