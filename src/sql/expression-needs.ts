import { lengthOf } from './instants.ts';
import { findColumn } from './names.ts';
import { type Need, type Reason, unique } from './needs.ts';
import {
  aliasOf,
  batchBound,
  type Column,
  type Horizon,
  type MovedColumn,
  movedColumn,
  type RowScope,
  withoutAlias,
} from './row-scope.ts';
import {
  type At,
  type Call,
  type Comparison,
  childrenOf,
  type Expression,
  type Window,
} from './tree.ts';
import { leadNeeds, windowNeeds } from './window-needs.ts';

export interface Value {
  /** What it needs to be the same whichever other dates are built. */
  readonly needs: readonly Need[];
  readonly moved: MovedColumn | undefined;
  readonly horizon: Horizon | undefined;
}

const never = (message: string, at: At): Need => ({ kind: 'never', why: { message, at } });

const plain = (needs: readonly Need[]): Value => ({ needs, moved: undefined, horizon: undefined });

/** The needs of a value that is used: one beyond the horizon is not. */
export const usedNeeds = ({ needs, horizon }: Value | Column): readonly Need[] =>
  horizon ? [...needs, { kind: 'never', why: horizon.why }] : needs;

/** What an expression is and needs, without what its row needs. */
export function rowValue(expression: Expression, scope: RowScope): Value {
  const { analysis } = scope;
  const bound = batchBound(expression, analysis);
  if (bound) {
    const name = `as_of.${bound.side}`;
    return plain([
      never(`${name} is used as a value: it is that of the whole batch`, expression.at),
    ]);
  }
  switch (expression.kind) {
    case 'column':
      return columnValue(expression.path, scope);
    case 'compare':
      return plain(comparisonNeeds(expression, scope));
    case 'window':
      return windowValue(expression, scope);
    case 'call':
      return callValue(expression, scope);
    case 'subquery': {
      const operand = expression.operand ? usedNeeds(rowValue(expression.operand, scope)) : [];
      return plain([...operand, ...scope.subquery(expression, scope, false)]);
    }
    case 'cast': {
      const inner = rowValue(expression.arg, scope);
      return { ...plain(usedNeeds(inner)), moved: movedColumn(expression, scope) ?? inner.moved };
    }
    default:
      return plain(childNeeds(expression, scope));
  }
}

const childNeeds = (expression: Expression, scope: RowScope): readonly Need[] =>
  unique(childrenOf(expression).flatMap((child) => usedNeeds(rowValue(child, scope))));

function columnValue(path: readonly string[], scope: RowScope): Value {
  const column = findColumn(path, scope.bindings);
  if (column) return { ...column, moved: { of: column.of, shiftMs: 0 } };
  const item = aliasOf(path, scope);
  if (item) return rowValue(item.expression, withoutAlias(item, scope));
  const outside = findColumn(path, scope.outer);
  return outside ? { ...outside, moved: { of: outside.of, shiftMs: 0 } } : plain([]);
}

function callValue(call: Call & { readonly at: At }, scope: RowScope): Value {
  if (call.isVolatile) return plain([never(`${call.name}() differs from run to run`, call.at)]);
  if (isSeries(call)) {
    const series = seriesNeeds(call, scope);
    if (series) return series;
  }
  const needs = childNeeds(call, scope);
  if (call.isAggregate && scope.grouping) return plain(scope.grouping.carry(needs, call.at));
  return { ...plain(needs), moved: movedColumn(call, scope) };
}

const SERIES: ReadonlySet<string> = new Set(['generate_series', 'range']);

const isSeries = ({ name, args }: Call): boolean => {
  const [inner] = args;
  if (name === 'unnest' && inner?.kind === 'call') return isSeries(inner);
  return SERIES.has(name) && args.length === 3;
};

/** The dates of a range counted up: each of them is there whatever the range, if the steps fall on every date. */
export function seriesNeeds(call: Call & { readonly at?: At }, scope: RowScope): Value | undefined {
  const [first, last, step] = call.args;
  if (call.name === 'unnest') return first?.kind === 'call' ? seriesNeeds(first, scope) : undefined;
  if (!first || !last || !step) return undefined;
  const { analysis } = scope;
  const [from, to] = [batchBound(first, analysis), batchBound(last, analysis)];
  if (!from && !to) return undefined;
  const stepMs = lengthOf(step)?.ms ?? 0;
  const { grainMs } = analysis;
  if (from?.side === 'end' || to?.side === 'start' || stepMs <= 0 || grainMs % stepMs !== 0) {
    return plain([never('the dates counted here depend on where the batch begins', call.at)]);
  }
  const of = analysis.fresh();
  const end = to
    ? to.offsetMs + grainMs - (call.name === 'range' ? 1 : 0)
    : Number.POSITIVE_INFINITY;
  const start = from ? from.offsetMs : Number.NEGATIVE_INFINITY;
  const why = { message: 'dates are counted here beyond the as_of date', at: call.at };
  const need: Need = { kind: 'time', of, from: start, to: end, why };
  return { needs: [need], moved: { of, shiftMs: 0 }, horizon: undefined };
}

const MIRRORED: Partial<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function comparisonNeeds(
  { op, left, right, at }: Extract<Expression, { kind: 'compare' }>,
  scope: RowScope,
): readonly Need[] {
  const { analysis } = scope;
  if (batchBound(right, analysis)) return boundNeeds(left, op, right, at, scope);
  if (batchBound(left, analysis)) return boundNeeds(right, MIRRORED[op] ?? op, left, at, scope);
  return unique([left, right].flatMap((side) => usedNeeds(rowValue(side, scope))));
}

/** A time against a bound of the range: true of a row whichever range it is built in, if the row lies far enough in. */
function boundNeeds(
  time: Expression,
  op: Comparison,
  bound: Expression,
  at: At,
  scope: RowScope,
): readonly Need[] {
  const value = rowValue(time, scope);
  const limit = batchBound(bound, scope.analysis);
  const moved = movedColumn(time, scope) ?? value.moved;
  const own = usedNeeds(value);
  if (!limit || !moved) {
    return [...own, never('as_of is compared with what is no column', at)];
  }
  const offset = limit.offsetMs - moved.shiftMs;
  const { grainMs } = scope.analysis;
  const [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (limit.side === 'start' && (op === '>=' || op === '>')) {
    const why: Reason = { message: 'dates look back further than what is read here', at };
    return [
      ...own,
      { kind: 'time', of: moved.of, from: op === '>=' ? offset : offset + 1, to, why },
    ];
  }
  if (limit.side === 'end' && (op === '<' || op === '<=')) {
    const why: Reason = { message: 'dates see what later dates of the batch read here', at };
    const end = offset + grainMs - (op === '<' ? 1 : 0);
    return [...own, { kind: 'time', of: moved.of, from, to: end, why }];
  }
  return [
    ...own,
    never(`the rows depend on as_of.${limit.side}, which is that of the whole batch`, at),
  ];
}

/** Windows that do not notice padding need less of their rows. */
function rowNeedsOf(window: Window, scope: RowScope): readonly Need[] {
  const { start, end, unit } = window.frame;
  const counts = unit !== 'range' && (start.distance !== undefined || end.distance !== undefined);
  const { padding, needs } = scope;
  return padding && !counts && ignoresNulls(window, scope) ? padding.needs : needs;
}

const IGNORE_NULLS: ReadonlySet<string> = new Set(['sum', 'min', 'max', 'count', 'avg']);

/** Whether an aggregate takes no notice of rows of padding. */
export function ignoresNulls({ name, args }: Call | Window, scope: RowScope): boolean {
  const [arg] = args;
  return (
    IGNORE_NULLS.has(name) && args.length === 1 && arg !== undefined && isNullPadded(arg, scope)
  );
}

/** A column that is NULL in rows of padding. */
export function isNullPadded(expression: Expression, scope: RowScope): boolean {
  if (expression.kind === 'cast') return isNullPadded(expression.arg, scope);
  const column =
    expression.kind === 'column' ? findColumn(expression.path, scope.bindings) : undefined;
  return column !== undefined && scope.padding?.nulls.has(column.of) === true;
}

function windowValue(window: Window & { readonly at: At }, scope: RowScope): Value {
  const [first] = window.orderBy;
  const { start, end } = window.frame;
  const distances = [start.distance, end.distance].map((one) => one && lengthOf(one));
  if (distances.some((length) => length?.isRough)) scope.analysis.notes.isRough = true;
  const order = first && movedColumn(first, scope);
  const [arg] = window.args;
  const given = arg && movedColumn(arg, scope);
  const parts = {
    window,
    at: window.at,
    partition: window.partitionBy.flatMap((one) => movedColumn(one, scope)?.of ?? []),
    order: order?.of,
    givesOrder: order !== undefined && given?.of === order.of && given.shiftMs === 0,
    needs: unique([...rowNeedsOf(window, scope), ...childNeeds(window, scope)]),
    known: scope.known,
  };
  const lead = leadNeeds(parts);
  if (!lead) return plain(windowNeeds(parts));
  if (lead.to === Number.POSITIVE_INFINITY) return plain(lead.needs);
  const why = {
    message: 'lead() looks at rows of later as_of dates',
    at: window.at,
  };
  return { needs: lead.needs, moved: undefined, horizon: { to: lead.to, why } };
}
