import {
  asRows,
  boundFlows,
  type Flows,
  leavesOf,
  mergeFlows,
  passing,
  type TimeBound,
} from './flow.ts';
import { applyBounds, type BoundOn, boundsOn, type FlowBinding } from './flow-bounds.ts';
import { lengthOf } from './instants.ts';
import { findColumn } from './names.ts';
import {
  type Call,
  childrenOf,
  type Expression,
  type Item,
  type Query,
  type Window,
} from './tree.ts';

/** What an expression can name. */
export interface FlowScope {
  readonly bindings: readonly FlowBinding[];
  /** Of the queries around it. */
  readonly outer: readonly FlowBinding[];
  /** What decides which rows there are. */
  readonly rows: Flows;
  /** Items of its own SELECT: DuckDB lets others name them. */
  readonly aliases: readonly Item[];
  /** The flows of a query below it, all its columns and rows in one. */
  subquery(query: Query): Flows;
}

/** The bounds that a condition sets on the relations of its scope. */
export const boundsOf = (condition: Expression | undefined, scope: FlowScope): readonly BoundOn[] =>
  boundsOn(scope.bindings, condition, (one) => leavesOf(expressionFlows(one, scope)));

/** Where the value of an expression comes from. Aggregates and windows also come from what decides about their rows. */
export function expressionFlows(expression: Expression, scope: FlowScope): Flows {
  switch (expression.kind) {
    case 'column':
      return columnFlows(expression.path, scope);
    case 'call':
      return expression.isAggregate ? aggregateFlows(expression, scope) : below(expression, scope);
    case 'window':
      return windowFlows(expression, scope);
    case 'case':
      return caseFlows(expression, scope);
    case 'subquery':
      return mergeFlows(below(expression, scope), scope.subquery(expression.query));
    default:
      return below(expression, scope);
  }
}

const below = (expression: Expression, scope: FlowScope): Flows =>
  passing(
    mergeFlows(...childrenOf(expression).map((child) => expressionFlows(child, scope))),
    expression.kind === 'call' ? expression.at : undefined,
  );

function columnFlows(path: readonly string[], scope: FlowScope): Flows {
  const found = findColumn(path, scope.bindings);
  if (found) return found;
  const name = (path[0] ?? '').toLowerCase();
  const item =
    path.length === 1 && scope.aliases.find(({ alias }) => alias?.toLowerCase() === name);
  // An item may be named like a column it is made from: it must not find itself.
  if (item)
    return expressionFlows(item.expression, { ...scope, aliases: without(scope.aliases, item) });
  return findColumn(path, scope.outer) ?? [];
}

const without = (items: readonly Item[], item: Item): readonly Item[] =>
  items.filter((one) => one !== item);

/** A `filter (where t < …)` bounds what is aggregated, as a condition of the whole would. */
function aggregateFlows(
  call: Call & { readonly at?: number | undefined },
  scope: FlowScope,
): Flows {
  const bounds = boundsOf(call.filter, scope);
  const limited = { ...scope, bindings: applyBounds(scope.bindings, bounds) };
  const { args, filter, orderBy } = call;
  const parts = [...args, ...orderBy].map((one) => expressionFlows(one, limited));
  const deciding = filter ? asRows(expressionFlows(filter, limited)) : [];
  return passing(mergeFlows(...parts, deciding, asRows(scope.rows)), call.at);
}

function caseFlows(
  { branches, otherwise }: Extract<Expression, { kind: 'case' }>,
  scope: FlowScope,
): Flows {
  const parts = branches.flatMap(({ when, gives }) => {
    const limited = { ...scope, bindings: applyBounds(scope.bindings, boundsOf(when, scope)) };
    return [expressionFlows(when, limited), expressionFlows(gives, limited)];
  });
  return mergeFlows(...parts, otherwise ? expressionFlows(otherwise, scope) : []);
}

function windowFlows(
  window: Window & { readonly at: number | undefined },
  scope: FlowScope,
): Flows {
  const { args, partitionBy, orderBy, filter } = window;
  const flowsOf = (parts: readonly Expression[]) =>
    mergeFlows(...parts.map((one) => expressionFlows(one, scope)));
  const own = filter ? asRows(expressionFlows(filter, scope)) : [];
  const all = mergeFlows(
    flowsOf(args),
    asRows(flowsOf([...partitionBy, ...orderBy])),
    own,
    asRows(scope.rows),
  );
  const bound = frameBound(window, scope);
  return passing(bound ? boundFlows(all, bound) : all, window.at);
}

/** Functions that look at single rows of the partition, whatever the frame. */
const WITHOUT_FRAME: ReadonlySet<string> = new Set([
  'lead',
  'lag',
  'ntile',
  'percent_rank',
  'cume_dist',
]);

/** What a frame keeps out that ends before the row's own day. */
function frameBound(
  window: Window & { readonly at: number | undefined },
  scope: FlowScope,
): TimeBound | undefined {
  const [time] = window.orderBy;
  const { frame } = window;
  if (!time || window.descends || WITHOUT_FRAME.has(window.name)) return undefined;
  if (frame.end.side === 'following') return undefined;
  const columns = leavesOf(expressionFlows(time, scope));
  return {
    kind: 'frame',
    columns,
    against: { columns, instantMs: undefined },
    isStrict: endsBefore(window, scope),
    slackMs: 0,
    at: window.at,
  };
}

function endsBefore({ frame, orderBy, partitionBy }: Window, scope: FlowScope): boolean {
  if (frame.end.side !== 'preceding') return false;
  const length = frame.end.distance && lengthOf(frame.end.distance);
  if (!length || length.ms <= 0) return false;
  if (frame.unit !== 'rows') return true;
  // The row before is of an earlier day only where a day has one row.
  const named = new Set([...partitionBy, ...orderBy.slice(0, 1)].map(lastName));
  const [binding] = scope.bindings;
  const key = scope.bindings.length === 1 ? binding?.key : undefined;
  return key !== undefined && [...key].every((name) => named.has(name));
}

const lastName = (expression: Expression): string =>
  expression.kind === 'column' ? (expression.path.at(-1) ?? '').toLowerCase() : '';
