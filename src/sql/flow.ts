import type { At } from './tree.ts';

/**
 * A limit on the time of the rows something was made from, met between a source column and an output column.
 * It says `columns < against + slackMs`, or `<=` unless `isStrict` (which is also false when slack is positive).
 */
export interface TimeBound {
  /** `compare`: in a join, a filter or a `case`. `frame`: the end of a window's frame, against the row's own time. */
  readonly kind: 'compare' | 'frame';
  /** The bounded time: the source columns it comes from, as `table.column`. */
  readonly columns: readonly string[];
  /** What it is bounded by: the source columns of the other side, or an instant that the SQL was rendered with. */
  readonly against: { readonly columns: readonly string[]; readonly instantMs: number | undefined };
  /** Days before the other side's only: never its own day. */
  readonly isStrict: boolean;
  readonly slackMs: number;
  readonly at: At;
}

/** One way from a column of a table that a query reads to a column it gives. */
export interface Flow {
  /** The table as it is named in FROM, its parts joined with '.', in lower case. */
  readonly table: string;
  /** In lower case. */
  readonly column: string;
  /** `value`: the output's value is made from it. `rows`: it only decides which rows there are or count. */
  readonly role: 'value' | 'rows';
  /** Every bound on the way. One strict bound is enough to keep the row's own day and later ones out. */
  readonly bounds: readonly TimeBound[];
  /** Offsets into the SQL of what it passes, from the source to the output. */
  readonly steps: readonly number[];
}

export type Flows = readonly Flow[];

/** Several sets in one: of flows that differ only by more bounds, the less bounded is kept. */
export function mergeFlows(...sets: readonly Flows[]): Flows {
  const kept = new Map<string, Flow[]>();
  for (const flow of sets.flat()) {
    const key = `${flow.table}\n${flow.column}\n${flow.role}`;
    const rivals = kept.get(key);
    if (!rivals) kept.set(key, [flow]);
    else if (!rivals.some((one) => isWithin(one.bounds, flow.bounds))) {
      kept.set(key, [...rivals.filter((one) => !isWithin(flow.bounds, one.bounds)), flow]);
    }
  }
  return [...kept.values()].flat();
}

const isWithin = (few: readonly TimeBound[], many: readonly TimeBound[]): boolean =>
  few.every((bound) => many.includes(bound));

/** The flows after they have met a bound. */
export const boundFlows = (flows: Flows, bound: TimeBound): Flows =>
  flows.map((flow) => ({ ...flow, bounds: [...flow.bounds, bound] }));

export const passing = (flows: Flows, at: At): Flows =>
  at === undefined ? flows : flows.map((flow) => ({ ...flow, steps: [...flow.steps, at] }));

export const asRows = (flows: Flows): Flows =>
  flows.map((flow) => (flow.role === 'rows' ? flow : { ...flow, role: 'rows' as const }));

/** The source columns of the values, as `table.column`. */
export const leavesOf = (flows: Flows): readonly string[] => [
  ...new Set(
    flows.filter(({ role }) => role === 'value').map(({ table, column }) => `${table}.${column}`),
  ),
];
