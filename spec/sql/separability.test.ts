import { expect, test } from 'vitest';
import { addGrains, formatInstant } from '../../src/core/grain.ts';
import type { Interval } from '../../src/core/interval.ts';
import { twoRanges } from '../../src/sql/batch-values.ts';
import { separabilityReasons } from '../../src/sql/separability.ts';
import { parse } from './parse.ts';

const TABLES: Readonly<Record<string, readonly string[]>> = {
  events: ['id', 'k', 'd', 'x'],
  card: ['id', 'k', 'd', 'w'],
};
const BEGIN = Date.UTC(2020, 0, 1);

/** What a model's template sees: the dates of the range and its inputs, as velo renders them. */
interface Range {
  readonly start: string;
  readonly end: string;
  events(historyDays?: number): string;
  card(historyDays?: number): string;
}

function rendered({ start, end }: Interval): Range {
  const date = (ms: number) => `date '${formatInstant(ms, 'day')}'`;
  const input = (name: string) => (historyDays?: number) => {
    const from =
      historyDays === undefined ? '' : `"d" >= ${date(addGrains(start, -historyDays, 'day'))} and `;
    return `(select * from "main"."${name}" where ${from}"d" < ${date(end)})`;
  };
  return { start: date(start), end: date(end), events: input('events'), card: input('card') };
}

async function reasons(model: (range: Range) => string): Promise<string[]> {
  const ranges = twoRanges(BEGIN, 'day');
  const queries = [
    await parse(model(rendered(ranges[0]))),
    await parse(model(rendered(ranges[1]))),
  ] as const;
  const found = separabilityReasons({
    queries,
    ranges,
    asOf: { column: 'as_of', grain: 'day', isDate: true },
    columnsOf: (path) => TABLES[path.at(-1) ?? ''],
  });
  return found.map(({ message }) => message);
}

type Model = (range: Range) => string;

const DATES = (r: Range) =>
  `select unnest(generate_series(${r.start}, ${r.end} - interval 1 day, interval 1 day))::date as as_of`;

const SAFE: Readonly<Record<string, Model>> = {
  'rows of the day': (r) => `select d as as_of, k, x from ${r.card(0)} c`,
  'a filter of its own': (r) =>
    `select d as as_of, k from main.card where d >= ${r.start} and d < ${r.end}`,
  between: (r) =>
    `select d as as_of, k from main.card where d between ${r.start} and ${r.end} - interval 1 day`,
  'rows of NULL for the days of the card': (r) =>
    `with c as (select distinct k, d from ${r.card(0)} x), days as (select k, d, sum(x) as x, cast(sum(n) as bigint) as n from (select k, d, x, 1 as n from ${r.events(30)} y where k in (select k from c) union all select k, d, null, null from c) u group by k, d), w as (select k, d, coalesce(sum(x) over last, 0) as x, sum(n) over last as n from days window last as (partition by k order by d range between interval 30 days preceding and interval 1 day preceding)) select c.d as as_of, c.k, w.x, w.n from c join w on w.k = c.k and w.d = c.d`,
  'a sum by day': (r) => `select d as as_of, k, sum(x) as s from ${r.events(0)} e group by d, k`,
  'group by all': (r) => `select d as as_of, count(*) as n from ${r.events(0)} e group by all`,
  'group by position': (r) =>
    `select d as as_of, count(*) as n from ${r.events(0)} e group by 1 order by 1`,
  'a window by day': (r) =>
    `select d as as_of, row_number() over (partition by d order by x) as n from ${r.events(0)} e`,
  'a qualified window': (r) =>
    `select d as as_of, k from ${r.events(0)} e qualify row_number() over (partition by d, k order by x desc) = 1`,
  'a range join to earlier days': (r) =>
    `with dates as (${DATES(r)}) select dates.as_of, e.k, count(*) as n from dates join ${r.events(7)} e on e.d < dates.as_of and e.d >= dates.as_of - interval 7 day group by all`,
  'a series in from': (r) =>
    `select t.as_of::date as as_of, count(*) n from range(${r.start}, ${r.end}, interval 1 day) t(as_of) left join ${r.events()} e on e.d < t.as_of group by all`,
  'a frame of the days before': (r) =>
    `with w as (select k, d, sum(x) over (partition by k order by d range between interval 14 days preceding and interval 1 day preceding) as s from ${r.events(14)} e) select d as as_of, k, s from w where d >= ${r.start}`,
  'career so far, then the card': (r) =>
    `with w as (select k, d, sum(x) over (partition by k order by d) as s from ${r.events()} e) select c.d as as_of, c.k, w.s from ${r.card(0)} c asof left join w on w.k = c.k and w.d < c.d`,
  'an input cut down to the keys of the card': (r) =>
    `with c as (select * from ${r.card(0)} x), e as (select * from ${r.events()} y where k in (select k from c)), n as (select k, d, count(*) over (partition by k order by d) as n from e) select c.d as as_of, c.k, n.n from c left join n on n.k = c.k and n.d = c.d`,
  'the same with exists and two keys': (r) =>
    `with c as (select distinct k, id, d from ${r.card(0)} x), e as (select * from ${r.events()} y where exists (select 1 from c where c.k = y.k and c.id = y.id)) select c.d as as_of, c.k, count(*) as n from c join e on e.k = c.k and e.id = c.id and e.d < c.d group by all`,
  'the last row of each earlier day': (r) =>
    `with e as (select k, d, x, lead(d) over (partition by k order by d, id) as next_d from ${r.events()} y), l as (select k, d, x from e where next_d is null or next_d > d) select c.d as as_of, c.k, l.x from ${r.card(0)} c asof left join l on l.k = c.k and l.d < c.d`,
  'valid from and to': (r) =>
    `with v as (select k, d, x, lead(d) over (partition by k order by d) as until from ${r.events()} y) select c.d as as_of, v.x from ${r.card(0)} c join v on v.k = c.k and v.d <= c.d and (v.until is null or c.d < v.until)`,
  'a correlated query': (r) =>
    `select c.d as as_of, c.k, (select max(e.x) from ${r.events()} e where e.k = c.k and e.d < c.d) as m from ${r.card(0)} c`,
  'a lateral join': (r) =>
    `select c.d as as_of, m from ${r.card(0)} c left join lateral (select max(e.x) as m from ${r.events()} e where e.k = c.k and e.d < c.d) on true`,
  'a union by day': (r) =>
    `select d as as_of, k from ${r.events(0)} e union all select d, k from ${r.card(0)} c`,
  'except by day': (r) =>
    `select d as as_of, k from ${r.events(0)} e except select d, k from ${r.card(0)} c`,
  'yesterday from a shifted date': (r) =>
    `select c.d as as_of, e.x from ${r.card(0)} c left join (select k, d + 1 as next_d, x from ${r.events(1)} y) e on e.k = c.k and e.next_d = c.d`,
  'a table without a time': (r) =>
    `select c.d as as_of, t.label from ${r.card(0)} c join labels t on t.k = c.k`,
  'limit on what knows no dates': (r) =>
    `select c.d as as_of, t.k from ${r.card(0)} c cross join (select k from labels limit 1) t`,
  'distinct on the date': (r) =>
    `select distinct on (d, k) d as as_of, k, x from ${r.events(0)} e order by x`,
  'a filter in an aggregate': (r) =>
    `select c.d as as_of, c.k, count(*) filter (where e.d >= c.d - 30) as n from ${r.card(0)} c join ${r.events()} e on e.k = c.k and e.d < c.d group by all`,
  using: (r) =>
    `select d as as_of, sum(e.x) as s from ${r.card(0)} c left join ${r.events(0)} e using (k, d) group by d`,
  months: (r) =>
    `with w as (select d, sum(x) over (order by d range between interval 6 months preceding and current row) as s from (select * from events where d >= ${r.start} - interval 6 months and d < ${r.end}) e) select d as as_of, s from w where d >= ${r.start}`,
  'steps over the values of a row': (r) =>
    `select d as as_of, k, (with recursive steps(n, x) as (select 0, 0 union all select n + 1, x + c.w from steps where n < c.w) select max(x) from steps) as x from ${r.card(0)} c`,
};

test.each(Object.entries(SAFE))('separable: %s', async (_, model) => {
  expect(await reasons(model)).toEqual([]);
});

const UNSAFE: Readonly<Record<string, readonly [says: RegExp, model: Model]>> = {
  limit: [/limit/, (r) => `select d as as_of, k from ${r.card(0)} c order by x limit 10`],
  offset: [/limit/, (r) => `select d as as_of, k from ${r.card(0)} c order by x offset 10`],
  sample: [/sample/, (r) => `select d as as_of, k from ${r.card(0)} c using sample 10%`],
  'distinct on': [/distinct on/, (r) => `select distinct on (k) d as as_of, k from ${r.card(0)} c`],
  'row_number over the batch': [
    /row_number\(\) over rows of several/,
    (r) => `select d as as_of, row_number() over (order by x) as n from ${r.card(0)} c`,
  ],
  'a rank by key': [
    /rank\(\) over/,
    (r) => `select d as as_of, rank() over (partition by k order by x) as n from ${r.card(0)} c`,
  ],
  'a share of the total': [
    /sum\(\) over/,
    (r) => `select d as as_of, x / sum(x) over () as s from ${r.card(0)} c`,
  ],
  'the latest row by key': [
    /row_number\(\) over/,
    (r) =>
      `select d as as_of, k from ${r.events(30)} e qualify row_number() over (partition by k order by d desc) = 1`,
  ],
  'an aggregate of the whole batch': [
    /aggregate/,
    (r) =>
      `select c.d as as_of, m.m from ${r.card(0)} c cross join (select avg(x) as m from ${r.events(0)} e) m`,
  ],
  'a mean by key': [
    /aggregate/,
    (r) =>
      `select c.d as as_of, m.m from ${r.card(0)} c join (select k, avg(x) as m from ${r.events(30)} e group by k) m using (k)`,
  ],
  'a scalar query': [
    /query inside/,
    (r) => `select c.d as as_of, (select max(x) from ${r.events(30)} e) as m from ${r.card(0)} c`,
  ],
  'a join on the key alone': [
    /join/,
    (r) => `select c.d as as_of, e.x from ${r.card(0)} c join ${r.events(30)} e on e.k = c.k`,
  ],
  'a left join on the key alone': [
    /left join/,
    (r) => `select c.d as as_of, e.x from ${r.card(0)} c left join ${r.events(30)} e on e.k = c.k`,
  ],
  'the nearest row either way': [
    /nearest/,
    (r) =>
      `select c.d as as_of, e.x from ${r.card(0)} c asof left join ${r.events()} e on e.k = c.k and c.d <= e.d`,
  ],
  'rows of zeros for the days of the card: a sum of none is NULL or 0': [
    /look back/,
    (r) =>
      `with c as (select distinct k, d from ${r.card(0)} x), days as (select k, d, sum(x) as x from (select k, d, x from ${r.events(30)} y union all select k, d, 0 from c) u group by k, d), w as (select k, d, sum(x) over (partition by k order by d range between interval 30 days preceding and interval 1 day preceding) as x from days) select c.d as as_of, c.k, w.x from c join w on w.k = c.k and w.d = c.d`,
  ],
  'rows of NULL that are counted': [
    /look back/,
    (r) =>
      `with c as (select distinct k, d from ${r.card(0)} x), days as (select k, d, sum(x) as x from (select k, d, x from ${r.events(30)} y union all select k, d, null from c) u group by k, d), w as (select k, d, count(*) over (partition by k order by d range between interval 30 days preceding and interval 1 day preceding) as x from days) select c.d as as_of, c.k, w.x from c join w on w.k = c.k and w.d = c.d`,
  ],
  'rows of NULL that take a place in a frame': [
    /sum\(\) over/,
    (r) =>
      `with c as (select distinct k, d from ${r.card(0)} x), days as (select k, d, sum(x) as x from (select k, d, x from ${r.events(30)} y union all select k, d, null from c) u group by k, d), w as (select k, d, sum(x) over (partition by k order by d rows between 3 preceding and 1 preceding) as x from days) select c.d as as_of, c.k, w.x from c join w on w.k = c.k and w.d = c.d`,
  ],
  'a window longer than the history': [
    /look back/,
    (r) =>
      `with w as (select k, d, sum(x) over (partition by k order by d range between interval 60 days preceding and current row) as s from ${r.events(30)} e) select d as as_of, s from w where d >= ${r.start}`,
  ],
  'a career over a cut history': [
    /sum\(\) over/,
    (r) =>
      `with w as (select k, d, sum(x) over (partition by k order by d) as s from ${r.events(30)} e) select d as as_of, s from w where d >= ${r.start}`,
  ],
  'a frame into the future': [
    /later dates/,
    (r) =>
      `with w as (select k, d, avg(x) over (partition by k order by d range between interval 3 days preceding and interval 3 days following) as s from ${r.events()} e) select d as as_of, s from w where d >= ${r.start}`,
  ],
  lead: [
    /lead\(\)/,
    (r) =>
      `with w as (select k, d, lead(x) over (partition by k order by d) as n from ${r.events()} e) select d as as_of, n from w where d >= ${r.start}`,
  ],
  'the next date': [
    /lead\(\)/,
    (r) =>
      `with w as (select k, d, lead(d) over (partition by k order by d) as n from ${r.events()} e) select d as as_of, n from w where d >= ${r.start}`,
  ],
  'lag over a cut history': [
    /lag\(\)/,
    (r) =>
      `with w as (select k, d, lag(x) over (partition by k order by d) as n from ${r.events(7)} e) select d as as_of, n from w where d >= ${r.start}`,
  ],
  now: [/now\(\)/, (r) => `select d as as_of, now() as t from ${r.card(0)} c`],
  current_date: [
    /current_date/,
    (r) => `select d as as_of from ${r.card(0)} c where d < current_date`,
  ],
  random: [/random\(\)/, (r) => `select d as as_of from ${r.card(0)} c where random() < 0.5`],
  'the end of the range as the date': [
    /as_of.end is used/,
    (r) =>
      `select ${r.end} - interval 1 day as as_of, k, count(*) as n from ${r.events(30)} e group by k`,
  ],
  'counted from the start of the batch': [
    /as_of.start is used/,
    (r) => `select d as as_of, d - ${r.start} as day_no from ${r.card(0)} c`,
  ],
  'the first day alone': [
    /as_of.start/,
    (r) => `select d as as_of, k from ${r.card(0)} c where d = ${r.start}`,
  ],
  'rows before the batch': [
    /as_of.start/,
    (r) =>
      `with e as (select k, max(d) as last from events where d < ${r.start} group by k) select c.d as as_of, e.last from ${r.card(0)} c left join e using (k)`,
  ],
  'weekly steps': [
    /where the batch begins/,
    (r) => `select unnest(generate_series(${r.start}, ${r.end}, interval 7 day))::date as as_of`,
  ],
  'keys of the card without the card': [
    /other as_of dates/,
    (r) => `select d as as_of, k from ${r.events(0)} e where k in (select k from ${r.card(0)} c)`,
  ],
  'not in': [
    /query inside/,
    (r) =>
      `select d as as_of, k from ${r.events(0)} e where k not in (select k from ${r.card(0)} c)`,
  ],
  'a month of days in one group': [
    /aggregate/,
    (r) => `select max(d) as as_of, date_trunc('month', d) as m from ${r.card(0)} c group by m`,
  ],
  rollup: [
    /grouping sets/,
    (r) => `select d as as_of, count(*) from ${r.card(0)} c group by rollup (d)`,
  ],
  'except without the date': [
    /./,
    (r) => `select k, max(d) as as_of from ${r.card(0)} c group by k`,
  ],
  'no such column': [/as_of is not found/, (r) => `select d from ${r.card(0)} c`],
  'full join': [
    /./,
    (r) =>
      `select coalesce(c.d, e.d) as as_of from ${r.card(0)} c full join ${r.events(0)} e on c.k = e.k`,
  ],
  'steps over rows of other dates': [
    /recursion over rows/,
    (r) =>
      `with recursive steps(d, k, x) as (select d, k, x from ${r.events(30)} e union all select d, k, x + 1 from steps where x < 3) select c.d as as_of, c.k, max(s.x) as x from ${r.card(0)} c join steps s on s.k = c.k group by 1, 2`,
  ],
};

test.each(Object.entries(UNSAFE))('not shown separable: %s', async (_, [says, model]) => {
  expect((await reasons(model)).join('\n')).toMatch(says);
});
