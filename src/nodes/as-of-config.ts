import type { AsOf } from '../core/as-of.ts';
import { ProjectError } from '../core/errors.ts';
import { floorToGrain, parseInstant } from '../core/grain.ts';
import type { DatedBy } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { type ModelConfig, partitionUnitOf } from './config-schemas.ts';
import type { ConfigLayer } from './resolve-config.ts';

/** What dates the rows of a view or the findings of a test, where that is said. */
export const datedByOf = ({
  as_of: column,
  grain = 'day',
}: Pick<ModelConfig, 'as_of' | 'grain'>): DatedBy | undefined =>
  column === undefined ? undefined : { column, grain };

/** A part for each grain, or for some: what a batch replaces is never spread over rows of other dates. */
const isPartitionedByDate = (config: ModelConfig): boolean =>
  (config.partition_by ?? null) === null || partitionUnitOf(config) !== undefined;

/** The as_of settings of a model, or undefined when it has none. @throws ProjectError 'as-of-config' */
export function asOfOf(
  config: ModelConfig,
  layers: readonly ConfigLayer[],
  spanOf: (key: string) => Span,
): AsOf | undefined {
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
  // Nothing of a view is kept: there is nothing to fill.
  if (config.materialized === 'view') return undefined;
  if (!BY_DATE.has(config.materialized) || (config.incremental_strategy ?? 'as_of') !== 'as_of') {
    throw fail(
      'as_of',
      "as_of belongs to materialized='incremental', incremental_strategy='as_of', or to a view",
      'set both, or take as_of out',
    );
  }
  if (config.begin === null) {
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
  if (!isPartitionedByDate(config)) {
    throw fail(
      'partition_by',
      "partition_by of an as_of model is its as_of column, by 'day', 'month' or 'year'",
      `write partition_by='${config.as_of}', which is by month, or {'field': '${config.as_of}', 'granularity': 'day'}`,
    );
  }
  const { grain = 'day', depends_on_past: dependsOnPast = false } = config;
  // dbt's default of 1 is for its own microbatch: what nobody asked for is not looked at again.
  const asksLookback = layers.some(({ values }) => Object.hasOwn(values, 'lookback'));
  return {
    column: config.as_of,
    grain,
    begin: floorToGrain(begin, grain),
    lookback: asksLookback ? grainsBack(config.lookback) : [],
    batchSize:
      dependsOnPast || config.separable === 'never'
        ? 1
        : batchSizeOf(config, () => spanOf('batch_size')),
    dependsOnPast,
    separable: config.separable,
    onChange: config.on_change ?? 'rebuild',
    ahead: config.ahead ?? false,
  };
}

/** Materializations that can be filled date by date. */
const BY_DATE: ReadonlySet<string> = new Set(['incremental', 'score']);

/** A number means all grains up to it, a list those it names. */
const grainsBack = (lookback: ModelConfig['lookback']): readonly number[] =>
  typeof lookback === 'number'
    ? Array.from({ length: lookback }, (_, index) => index + 1)
    : lookback;

function batchSizeOf({ batch_size: size }: ModelConfig, span: () => Span): AsOf['batchSize'] {
  if (size === null) return 'auto';
  if (typeof size === 'number' || size === 'auto' || size === 'all') return size;
  throw new ProjectError('as-of-config', `batch_size '${size}' is dbt's, for microbatch`, {
    span: span(),
    hint: "an as_of model takes 'auto', 'all' or a number of grains",
  });
}
