import { addGrains, type Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import { batchValues, ROUGH_MS } from './batch-values.ts';
import { usedNeeds } from './expression-needs.ts';
import { carryOver, type Need, type Reason, type Variable } from './needs.ts';
import { followQuery } from './row-relations.ts';
import type { Analysis } from './row-scope.ts';
import type { Query } from './tree.ts';

export interface SeparabilityInput {
  /** The SELECT rendered for two ranges, as `twoRanges` makes them. */
  readonly queries: readonly [Query, Query];
  readonly ranges: readonly [Interval, Interval];
  /** `isDate`: the column is a DATE, without a time of the day. */
  readonly asOf: { readonly column: string; readonly grain: Grain; readonly isDate: boolean };
  /** Names of a table's columns; undefined when they are not known. */
  columnsOf(path: readonly string[]): readonly string[] | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Why the rows of an as_of date may depend on which other dates are built in the same statement; empty when they are
 * shown not to. It follows each row from what the range bounds to the result: which times and keys of what is read
 * are the same for a date alone and for many dates, and whether only such rows make up the date's own. What it cannot
 * follow is a reason, so a separable query may have some; a query without any is separable as far as its functions
 * do what they are known for. Places are in the first query. Pure.
 */
export function separabilityReasons(input: SeparabilityInput): readonly Reason[] {
  const { queries, ranges, asOf } = input;
  const { values, differs, isRough } = batchValues(queries, ranges);
  if (differs) {
    return [{ message: 'the SQL changes with the range in more than its dates', at: differs.at }];
  }
  let last = 0;
  const analysis: Analysis = {
    batch: values,
    grainMs: addGrains(ranges[0].start, 1, asOf.grain) - ranges[0].start,
    notes: { isRough },
    columnsOf: input.columnsOf,
    fresh: () => last++,
    mark: () => last,
  };
  const relation = followQuery(queries[0], analysis);
  const name = asOf.column.toLowerCase();
  const column = relation.columns.get(name) ?? relation.open?.(name);
  if (!column) return [{ message: `the column ${asOf.column} is not found`, at: undefined }];
  const all = [...relation.needs, ...[...relation.columns.values()].flatMap(usedNeeds)];
  const untied = { message: `rows are not tied to ${asOf.column}`, at: undefined };
  const isAsOf = (of: Variable) => of === column.of;
  const carried = carryOver(all, relation.known, isAsOf, untied);
  // The last instant that a row of the date can have.
  const latest = analysis.grainMs - (asOf.isDate && asOf.grain !== 'hour' ? DAY_MS : 1);
  return uniqueReasons(carried.flatMap((need) => unmet(need, latest, analysis)));
}

/** Of a row of the date itself all times lie within the date. */
function unmet(need: Need, latest: number, { notes }: Analysis): readonly Reason[] {
  if (need.kind !== 'time') return [need.why];
  const tolerance = notes.isRough ? ROUGH_MS : 0;
  return need.from <= tolerance && need.to >= latest - tolerance ? [] : [need.why];
}

function uniqueReasons(reasons: readonly Reason[]): readonly Reason[] {
  const byText = new Map(reasons.map((reason) => [`${reason.at} ${reason.message}`, reason]));
  return [...byText.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}
