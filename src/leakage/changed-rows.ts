import type { Dialect } from '../adapters/adapter.ts';
import type { Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Change } from '../core/leakage.ts';
import type { Outcome } from './find-inputs.ts';

/** An input as SQL: something to select from, its columns, and how its rows are dated. */
export interface InputText {
  readonly text: string;
  readonly columns: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly dating: {
    readonly column: string;
    /** Text of the relation that has the date, joined by a column both have. */
    readonly via?: { readonly text: string; readonly key: string } | undefined;
  };
}

export interface ChangeOptions {
  /** The day: half open, epoch milliseconds. */
  readonly day: Interval;
  readonly grain: Grain;
  readonly seed: number;
  readonly dialect: Dialect;
}

const DATE = 'velo_date';

/** The rows of an input with a change, as a SELECT of its own columns. Equal seeds give equal rows. */
export function changedRows(input: InputText, change: Change, options: ChangeOptions): string {
  return change === 'morning' ? morning(input, options) : permuted(input, options);
}

function morning(input: InputText, { day, grain, dialect }: ChangeOptions): string {
  const outcomes = new Map(input.outcomes.map((outcome) => [outcome.column, outcome]));
  const date = dialect.quote(DATE);
  const columns = input.columns.map((column) => {
    const name = dialect.quote(column);
    const outcome = outcomes.get(column);
    if (!outcome) return name;
    const isOpen = `${date} >= ${dialect.instant(day.start, grain)}${conditionText(outcome)}`;
    return `case when ${isOpen} then null else ${name} end as ${name}`;
  });
  const known = `${date} is null or ${date} < ${dialect.instant(day.end, grain)}`;
  return `select ${columns.join(', ')}\nfrom ${dated(input, dialect)} as input\nwhere ${known}`;
}

const conditionText = ({ when }: Outcome): string => (when === undefined ? '' : ` and (${when})`);

/** The days or hours on which the input has rows, as a SELECT of one text column `event`. */
export const eventsOf = (
  input: Pick<InputText, 'text' | 'dating'>,
  grain: Grain,
  dialect: Dialect,
): string => {
  const date = dialect.quote(DATE);
  return `select distinct cast(date_trunc('${grain}', ${date}) as varchar) as event
from ${dated({ ...input, columns: [] }, dialect)} as input
where ${date} is not null`;
};

/** The input with a column more: when each row's event was. */
function dated({ text, columns, dating }: Omit<InputText, 'outcomes'>, dialect: Dialect): string {
  const column = dialect.quote(dating.column);
  const { via } = dating;
  const source = via ? 'dates' : 'rows_of_input';
  // A text that is no date, in a file that is not clean, is none here either.
  const date = `${dialect.timestampOf(`${source}.${column}`)} as ${dialect.quote(DATE)}`;
  const own = columns.map((name) => `rows_of_input.${dialect.quote(name)}`);
  const key = via ? dialect.quote(via.key) : '';
  const join = via ? `\nleft join ${via.text} as dates on dates.${key} = rows_of_input.${key}` : '';
  return `(select ${[...own, date].join(', ')}\nfrom ${text} as rows_of_input${join})`;
}

/** Outcomes with one condition: they move together, among the rows that fulfil it. */
interface Group {
  readonly columns: readonly string[];
  readonly condition: string;
  /** Part of the names of its tables and columns. */
  readonly suffix: string;
}

/**
 * Rows of a day stand in a circle, in an order that the seed decides, and each takes the outcomes of the next. Where a
 * whole day has one value, it takes another one of the table.
 */
function permuted(input: InputText, options: ChangeOptions): string {
  const { day, grain, dialect } = options;
  const groups = groupsOf(input);
  const moved = new Map(groups.flatMap((group) => group.columns.map((name) => [name, group])));
  const names = input.columns.map(dialect.quote);
  const values = input.columns.map((column) => {
    const group = moved.get(column);
    const name = dialect.quote(column);
    return group
      ? `${movedValue(name, group, group.columns.indexOf(column))} as ${name}`
      : `input.${name}`;
  });
  const date = dialect.quote(DATE);
  const start = dialect.instant(day.start, grain);
  return `with dated_rows as ${dated(input, dialect)},
open_rows as (
  select *, ${[...groups.map(({ condition, suffix }) => `coalesce((${condition}), false) as velo_in${suffix}`), orderText(input, options)].join(', ')}
  from dated_rows where ${date} >= ${start}
),
placed_rows as (
  select *, ${groups.map(({ suffix }) => `row_number() over (partition by velo_day, velo_in${suffix} order by velo_order) as velo_at${suffix}`).join(', ')}
  from (select *, cast(${date} as date) as velo_day from open_rows) as days
)${groups.map((group) => `,\n${statistics(group, dialect)}`).join('')}
select ${names.join(', ')} from dated_rows where ${date} is null or ${date} < ${start}
union all
select ${values.join(', ')} from placed_rows as input${groups.map(neighbours).join('')}`;
}

function groupsOf({ outcomes }: InputText): readonly Group[] {
  const conditions = [...new Set(outcomes.map(({ when }) => when))];
  return conditions.map((condition, i) => ({
    condition: condition ?? 'true',
    columns: outcomes.filter(({ when }) => when === condition).map(({ column }) => column),
    suffix: `_${i}`,
  }));
}

/** A place in the order of a day that follows from the seed and the row's values alone. */
function orderText({ columns }: InputText, { seed, dialect }: ChangeOptions): string {
  const texts = columns.map((name) => `cast(${dialect.quote(name)} as varchar)`);
  return `md5(concat_ws('|', ${[dialect.literal(seed), ...texts].join(', ')})) as velo_order`;
}

/** Of each day, and of the whole table: how many rows and values there are, and the least and the greatest. */
function statistics({ columns, condition, suffix }: Group, { quote }: Dialect): string {
  const extremes = (name: string, i: number) => [
    `min(${quote(name)}) as least_${i}`,
    `max(${quote(name)}) as most_${i}`,
  ];
  const ofAll = columns.flatMap(extremes);
  const ofDay = columns.flatMap((name, i) => [
    `count(${quote(name)}) as values_${i}`,
    ...extremes(name, i),
  ]);
  return `day${suffix} as (
  select velo_day, count(*) as row_count, ${ofDay.join(', ')}
  from placed_rows where velo_in${suffix} group by velo_day
),
whole${suffix} as (select ${ofAll.join(', ')} from dated_rows where ${condition})`;
}

/** Beside each row the next one of its circle, and the statistics. */
const neighbours = ({ suffix }: Group): string => `
left join day${suffix} on day${suffix}.velo_day = input.velo_day
left join placed_rows as next${suffix} on next${suffix}.velo_in${suffix} and next${suffix}.velo_day = input.velo_day
  and next${suffix}.velo_at${suffix} = input.velo_at${suffix} % day${suffix}.row_count + 1
cross join whole${suffix}`;

function movedValue(name: string, { suffix }: Group, i: number): string {
  const [day, whole] = [`day${suffix}`, `whole${suffix}`];
  return `case
    when not input.velo_in${suffix} then input.${name}
    when ${day}.values_${i} = 0 then ${whole}.most_${i}
    when ${day}.values_${i} = ${day}.row_count and ${day}.least_${i} = ${day}.most_${i} then
      case when ${whole}.most_${i} <> ${day}.most_${i} then ${whole}.most_${i}
        else nullif(${whole}.least_${i}, ${day}.most_${i}) end
    else next${suffix}.${name}
  end`;
}
