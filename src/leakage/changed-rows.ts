import type { Dialect } from '../adapters/adapter.ts';
import type { Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Outcome } from './find-inputs.ts';

/**
 * How a copy of an input differs from it.
 * `permuted`: outcomes on and after the day change places within their day.
 * `morning`: what is known when the day begins: no later rows, and no outcomes of the day.
 */
export type Change = 'permuted' | 'morning';

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
  const date = `cast(${source}.${column} as timestamp) as ${dialect.quote(DATE)}`;
  const own = columns.map((name) => `rows_of_input.${dialect.quote(name)}`);
  const key = via ? dialect.quote(via.key) : '';
  const join = via
    ? `\nleft join ${via.text} as dates on dates.${key} = rows_of_input.${key}`
    : '';
  return `(select ${[...own, date].join(', ')}\nfrom ${text} as rows_of_input${join})`;
}

/**
 * Rows of a day stand in a circle, in an order that the seed decides, and each takes the outcomes of the next; outcomes
 * with one condition move together, among the rows that fulfil it.
 */
function permuted(input: InputText, options: ChangeOptions): string {
  const { day, grain, seed, dialect } = options;
  const date = dialect.quote(DATE);
  const conditions = [...new Set(input.outcomes.map(({ when }) => when))];
  const groups = conditions.map((when, i) => ({ when, member: dialect.quote(`velo_in_${i}`) }));
  const members = groups.map(
    ({ when, member }) => `coalesce((${when ?? 'true'}), false) as ${member}`,
  );
  const text = input.columns.map((name) => `cast(${dialect.quote(name)} as varchar)`);
  const order = `md5(concat_ws('|', ${[dialect.literal(seed), ...text].join(', ')})) as velo_order`;
  const columns = input.columns.map((column) => {
    const name = dialect.quote(column);
    const outcome = input.outcomes.find((one) => one.column === column);
    const group = groups.find(({ when }) => outcome !== undefined && when === outcome.when);
    if (!group) return name;
    const isOpen = `${date} >= ${dialect.instant(day.start, grain)} and ${group.member}`;
    return `case when ${isOpen} then ${movedValue(name, group.member, date)} else ${name} end as ${name}`;
  });
  return `select ${columns.join(', ')}
from (
  select *, ${[...members, order].join(', ')}
  from ${dated(input, dialect)} as dated_rows
) as input`;
}

/** The next row's value; where a whole day has one value, another one of the table, and NULL when there is none. */
function movedValue(name: string, member: string, date: string): string {
  const day = `partition by cast(${date} as date), ${member}`;
  const circle = `${day} order by velo_order`;
  const over = (call: string, window: string) => `${call} over (${window})`;
  const [dayMin, dayMax] = [over(`min(${name})`, day), over(`max(${name})`, day)];
  const [allMin, allMax] = ['min', 'max'].map((call) =>
    over(`${call}(${name})`, `partition by ${member}`),
  );
  const [values, rows] = [over(`count(${name})`, day), over('count(*)', day)];
  return `case
    when ${values} = 0 then ${allMax}
    when ${values} = ${rows} and ${dayMin} = ${dayMax} then
      case when ${allMax} <> ${dayMax} then ${allMax} else nullif(${allMin}, ${dayMax}) end
    when ${over('row_number()', circle)} = ${rows} then ${over(`first_value(${name})`, circle)}
    else ${over(`lead(${name})`, circle)}
  end`;
}
