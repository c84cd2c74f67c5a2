import type { Files } from '../velo.ts';
import { perRunner } from './meeting.ts';

/** A feature that saw the future, and the same feature done right. */
export interface Pair {
  readonly name: string;
  readonly leaky: string;
  readonly honest: string;
}

const CARD = `{{ ref('spine', history='0 days') }} as card`;
const RUNS = `{{ ref('runs') }} as runs`;

/** Wins of the horse over the runs that `bound` lets in. */
const wins = (
  bound: string,
): string => `select card.race_id, card.horse_id, card.race_date as as_of_date,
  coalesce(sum(runs.won), 0) as wins
from ${CARD}
left join ${RUNS}
  on runs.horse_id = card.horse_id and ${bound}
group by all`;

const IN_ORDER = 'order by runs.race_date desc, runs.race_no desc limit 1';

/** A value of one other run of the same horse. */
const oneRun = (
  value: string,
  bound: string,
  order: string,
): string => `select card.race_id, card.horse_id,
  card.race_date as as_of_date, one.value
from ${CARD}
left join lateral (
  select ${value} as value
  from ${RUNS}
  where runs.horse_id = card.horse_id and ${bound}
  ${order}
) as one on true`;

const sameRun = (value: string, relation = 'runs'): string => `select card.race_id, card.horse_id,
  card.race_date as as_of_date, ${value} as value
from ${CARD}
join {{ ref('${relation}') }} as runs
  on runs.race_id = card.race_id and runs.horse_id = card.horse_id`;

const overDays = (frame: string, call: string): string => `with days as (
  select horse_id, race_date, min(position) as position from ${RUNS} group by all
),
seen as (
  select horse_id, race_date, ${call} over (
    partition by horse_id order by race_date ${frame}
  ) as value
  from days
)
select card.race_id, card.horse_id, card.race_date as as_of_date, seen.value
from ${CARD}
join seen on seen.horse_id = card.horse_id and seen.race_date = card.race_date`;

/** The twelve leaks that issue 5 names, each with its honest twin. */
export const PAIRS: readonly Pair[] = [
  {
    name: 'window_with_the_day',
    leaky: wins(
      "runs.race_date > card.race_date - interval '14 days' and runs.race_date <= card.race_date",
    ),
    honest: wins(
      "runs.race_date >= card.race_date - interval '14 days' and runs.race_date < card.race_date",
    ),
  },
  {
    name: 'between_off_by_one',
    leaky: wins("runs.race_date between card.race_date - interval '14 days' and card.race_date"),
    honest: wins(
      "runs.race_date between card.race_date - interval '14 days' and card.race_date - interval '1 day'",
    ),
  },
  {
    name: 'same_race_aggregate',
    leaky: `with field as (
  select race_id, avg(finish_time_s) as value from ${RUNS} group by race_id
)
select card.race_id, card.horse_id, card.race_date as as_of_date, field.value
from ${CARD} join field on field.race_id = card.race_id`,
    honest: `with field as (
  select race_id, avg(rating) as value from ${RUNS} group by race_id
)
select card.race_id, card.horse_id, card.race_date as as_of_date, field.value
from ${CARD} join field on field.race_id = card.race_id`,
  },
  {
    name: 'full_table_mean',
    leaky: `select card.race_id, card.horse_id, card.race_date as as_of_date,
  (select avg(runs.won * runs.odds) from ${RUNS}) as value
from ${CARD}`,
    honest: `select card.race_id, card.horse_id, card.race_date as as_of_date,
  (select avg(runs.won * runs.odds) from ${RUNS} where runs.race_date < card.race_date) as value
from ${CARD}`,
  },
  {
    name: 'final_odds',
    leaky: sameRun('runs.odds'),
    honest: oneRun('runs.odds', 'runs.race_date < card.race_date', IN_ORDER),
  },
  {
    name: 'later_race_of_the_day',
    leaky: `select card.race_id, card.horse_id, card.race_date as as_of_date,
  count(*) filter (where runs.won = 1) as wins
from ${CARD}
left join ${RUNS} on runs.jockey_id = card.jockey_id
  and (runs.race_date < card.race_date or runs.race_date = card.race_date and runs.race_no > card.race_no)
group by all`,
    honest: `select card.race_id, card.horse_id, card.race_date as as_of_date,
  count(*) filter (where runs.won = 1) as wins
from ${CARD}
left join ${RUNS} on runs.jockey_id = card.jockey_id and runs.race_date < card.race_date
group by all`,
  },
  {
    name: 'nearest_date',
    leaky: oneRun(
      'runs.finish_time_s',
      'runs.race_date <> card.race_date',
      'order by abs(runs.race_date - card.race_date), runs.race_date desc, runs.race_no limit 1',
    ),
    honest: oneRun(
      'runs.finish_time_s',
      'runs.race_date < card.race_date',
      'order by abs(runs.race_date - card.race_date), runs.race_date desc, runs.race_no limit 1',
    ),
  },
  {
    name: 'last_value_without_frame',
    leaky: overDays('', 'last_value(position)'),
    honest: overDays(
      "range between unbounded preceding and interval '1 day' preceding",
      'last_value(position)',
    ),
  },
  {
    name: 'hidden_two_models_upstream',
    leaky: sameRun('runs.tempo', 'tempo'),
    honest: oneRun('runs.tempo', 'runs.race_date < card.race_date', IN_ORDER).replace(
      "ref('runs')",
      "ref('tempo')",
    ),
  },
  {
    name: 'through_a_macro',
    leaky: wins("{{ window_before('runs.race_date', 'card.race_date', closed=true) }}"),
    honest: wins("{{ window_before('runs.race_date', 'card.race_date') }}"),
  },
  {
    name: 'null_pattern',
    leaky: sameRun('cast(runs.position is null as integer)'),
    honest: oneRun(
      'cast(runs.position is null as integer)',
      'runs.race_date < card.race_date',
      IN_ORDER,
    ),
  },
  {
    name: 'row_number_of_the_future',
    leaky: overDays('desc', 'row_number()'),
    honest: overDays('', 'row_number()'),
  },
];

/** The models of all pairs, and what they stand on besides the runs. */
export const PAIR_FILES: Files = {
  'macros/windows.sql': `{% macro window_before(date, as_of, days=14, closed=false) -%}
{{ date }} >= {{ as_of }} - interval '{{ days }} days' and {{ date }} {{ '<=' if closed else '<' }} {{ as_of }}
{%- endmacro %}
`,
  'models/pace.sql': `select race_id, race_date, race_no, horse_id, finish_time_s / 70 as pace
from {{ ref('runs') }}
`,
  'models/tempo.sql': `{{ config(event_time='race_date') }}
select race_id, race_date, race_no, horse_id, round(pace * 100) as tempo from {{ ref('pace') }}
`,
  ...Object.fromEntries(
    PAIRS.flatMap(({ name, leaky, honest }) => [
      [`models/leaky/${name}.sql`, perRunner(leaky)],
      [`models/honest/honest_${name}.sql`, perRunner(honest)],
    ]),
  ),
};
