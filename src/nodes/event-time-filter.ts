import type { Dialect } from '../adapters/adapter.ts';
import type { Interval } from '../core/interval.ts';
import { batchId, type Microbatch } from '../core/microbatch.ts';
import type { Node } from '../core/node.ts';
import { instantIn } from '../jinja/contexts/modules/datetime-values.ts';
import { UTC } from '../jinja/contexts/modules/time-zone.ts';
import type { JinjaObject } from '../jinja/value.ts';

/** No rows of what a reference names, but its columns and types, as dbt writes it. */
export const withoutRows = (target: Node, text: string, dialect: Dialect): string =>
  `(select * from ${text} where false limit 0)${aliasFor('_dbt_limit_subq_', target, dialect)}`;

/** Where a subquery needs a name. */
const aliasFor = (prefix: string, { relation, name }: Node, { capabilities }: Dialect): string =>
  capabilities.namesSubqueries ? ` ${prefix}${relation?.name ?? name}` : '';

/**
 * The rows of a window of event time of what a reference names, such as those of one batch, as dbt writes it; undefined
 * when the input has no event time, and is read whole.
 */
export function eventTimeFilter(
  target: Node,
  text: string,
  batch: Interval,
  dialect: Dialect,
): string | undefined {
  const column = target.config['event_time'];
  if (typeof column !== 'string') return undefined;
  const [start, end] = [pythonInstant(batch.start), pythonInstant(batch.end)];
  const alias = aliasFor('_dbt_et_filter_subq_', target, dialect);
  return `(select * from ${text} where ${column} >= '${start}' and ${column} < '${end}')${alias}`;
}

const datetimeAt = (epochMs: number): JinjaObject => instantIn(BigInt(epochMs) * 1000n, UTC);

/** `2024-01-05 00:00:00+00:00`, as Python prints a datetime. */
const pythonInstant = (epochMs: number): string => String(datetimeAt(epochMs));

/** `model.batch`: dbt's id, and the batch's ends as datetimes in UTC. */
export const batchNames = ({ start, end }: Interval, { batchSize }: Microbatch) => ({
  id: batchId(start, batchSize),
  event_time_start: datetimeAt(start),
  event_time_end: datetimeAt(end),
});

/** Where macros written before `model.batch` look for a batch's ends: in the settings. */
export const batchSettings = (batch: ReturnType<typeof batchNames>) => ({
  __dbt_internal_microbatch_event_time_start: batch.event_time_start,
  __dbt_internal_microbatch_event_time_end: batch.event_time_end,
});
