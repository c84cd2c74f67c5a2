import { ProjectError } from '../core/errors.ts';
import {
  BATCH_SIZES,
  type Microbatch,
  type MicrobatchSize,
  parseEventTime,
} from '../core/microbatch.ts';
import type { Span } from '../core/span.ts';
import type { ModelConfig } from './config-schemas.ts';

/**
 * The settings of a microbatch model, or undefined for any other model. They are looked at in dbt's order, and refused
 * in its words. @throws ProjectError 'invalid-config'
 */
export function microbatchOf(
  name: string,
  config: ModelConfig,
  spanOf: (key: string) => Span,
): Microbatch | undefined {
  if (config.materialized !== 'incremental') return undefined;
  if (config.incremental_strategy !== 'microbatch') return undefined;
  const fail = (key: string, what: string, hint: string) =>
    new ProjectError('invalid-config', `Microbatch model '${name}' must provide ${what}`, {
      span: spanOf(key),
      hint,
    });
  const { event_time: eventTime, begin, batch_size: batchSize, lookback } = config;
  if (eventTime === null) throw fail('incremental_strategy', NO_EVENT_TIME, HINTS.eventTime);
  if (begin === null) throw fail('incremental_strategy', NO_BEGIN, HINTS.begin);
  const beginMs = parseEventTime(begin);
  if (beginMs === undefined) {
    const what = `a 'begin' config of valid datetime (ISO format), but got: ${begin}.`;
    throw fail('begin', what, HINTS.begin);
  }
  if (!isBatchSize(batchSize)) {
    const key = batchSize === null ? 'incremental_strategy' : 'batch_size';
    const got = batchSize === null ? 'None' : String(batchSize);
    throw fail(key, `${BAD_BATCH_SIZE} ${got}.`, HINTS.batchSize);
  }
  if (typeof lookback === 'number') return { batchSize, begin: beginMs, lookback };
  const what = `the optional 'lookback' config as type int, but got: [${lookback.join(', ')}].`;
  throw fail('lookback', what, HINTS.lookback);
}

const NO_EVENT_TIME =
  "an 'event_time' (string) config that indicates the name of the event time column.";

const NO_BEGIN =
  "a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be built from.";

const BAD_BATCH_SIZE = `a 'batch_size' config that is one of ['${BATCH_SIZES.join("', '")}'], but got:`;

const HINTS = {
  eventTime: "add event_time='happened_at': the column that dates the rows",
  begin: "add begin='2024-01-01', or with a time: begin='2024-01-01 06:00:00'",
  batchSize: "such as batch_size='day'",
  lookback: 'several lookbacks are for as_of models',
};

const isBatchSize = (size: ModelConfig['batch_size']): size is MicrobatchSize =>
  (BATCH_SIZES as readonly unknown[]).includes(size);
