import { boundsOf, expressionFlows, type FlowScope } from './expression-flows.ts';
import { asRows, type Flows, mergeFlows } from './flow.ts';
import { applyBounds, type BoundOn, type FlowBinding } from './flow-bounds.ts';
import { starColumns } from './names.ts';
import { commonColumns, hasAggregate, isAggregated, nameOf } from './select-parts.ts';
import type { Item, Join, Query, Select, SetOperation, Source } from './tree.ts';

/** Names of a table's columns in their order; undefined when they are not known. */
export type ColumnsOf = (path: readonly string[]) => readonly string[] | undefined;

export interface LineageColumn {
  /** In lower case. */
  readonly name: string;
  /** Where its value comes from, and what decides which rows count in it. */
  readonly flows: Flows;
}

export interface Lineage {
  readonly columns: readonly LineageColumn[];
  /** What decides which rows there are; it reaches every column. */
  readonly rows: Flows;
  /** It holds what could not be followed: a `*` over unknown columns, PIVOT, `columns('…')`. */
  readonly isPartial: boolean;
}

/**
 * From which columns of the tables it reads each column of a query comes, and which time bounds lie on the way:
 * see `Flow` and `TimeBound`. A flow of role `rows` passes through a filter, join, grouping or ordering.
 * Calls, casts and `case` pass on all their arguments. Pure.
 */
export function lineageOf(query: Query, columnsOf: ColumnsOf): Lineage {
  const notes: Notes = { isPartial: false };
  const { columns, rows } = relationOf(query, { columnsOf, ctes: new Map(), outer: [], notes });
  const named = [...columns].map(([name, flows]) => ({ name, flows }));
  return { columns: named, rows, isPartial: notes.isPartial };
}

interface Notes {
  isPartial: boolean;
}

/** What is known of a relation: the flows of its columns, and of which rows it has. */
interface Relation {
  readonly columns: ReadonlyMap<string, Flows>;
  readonly rows: Flows;
  readonly open: ((column: string) => Flows) | undefined;
  /** Its rows are told apart by these columns. */
  readonly key: ReadonlySet<string> | undefined;
}

interface Environment {
  readonly columnsOf: ColumnsOf;
  readonly ctes: ReadonlyMap<string, Relation>;
  readonly outer: readonly FlowBinding[];
  readonly notes: Notes;
}

function relationOf(query: Query, given: Environment): Relation {
  const ctes = new Map(given.ctes);
  const env = { ...given, ctes };
  for (const { name, columnAliases, query: inner } of query.ctes) {
    ctes.set(name.toLowerCase(), renamed(relationOf(inner, env), columnAliases));
  }
  const { body } = query;
  if (body.kind === 'set') return setRelation(body, env);
  if (body.kind === 'recursion') {
    const start = relationOf(body.left, env);
    const again = new Map(ctes).set(body.name.toLowerCase(), start);
    return merged(start, relationOf(body.right, { ...env, ctes: again }), false);
  }
  return selectRelation(body, query, env);
}

/** `(a, b)` after an alias. */
function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation;
  const columns = [...relation.columns].map(
    ([name, flows], i) => [names[i]?.toLowerCase() ?? name, flows] as const,
  );
  return { ...relation, columns: new Map(columns), key: undefined };
}

function setRelation({ left, right, byName, operation }: SetOperation, env: Environment): Relation {
  const [a, b] = [relationOf(left, env), relationOf(right, env)];
  const both = merged(a, b, byName);
  if (operation === 'union') return both;
  // A row of one side is there, or not, by all columns of the other.
  const deciding = asRows(mergeFlows(...b.columns.values()));
  return { ...both, columns: a.columns, rows: mergeFlows(both.rows, deciding) };
}

function merged(a: Relation, b: Relation, byName: boolean): Relation {
  const others = [...b.columns];
  const columns = new Map(
    [...a.columns].map(([name, flows], i) => {
      const other = byName ? b.columns.get(name) : others[i]?.[1];
      return [name, mergeFlows(flows, other ?? [])] as const;
    }),
  );
  if (byName) for (const [name, flows] of others) if (!columns.has(name)) columns.set(name, flows);
  return { columns, rows: mergeFlows(a.rows, b.rows), open: a.open ?? b.open, key: undefined };
}

/** What FROM gives: what stands under names, and what decides which rows there are. */
interface From {
  readonly bindings: readonly FlowBinding[];
  readonly rows: Flows;
}

const NOTHING: From = { bindings: [], rows: [] };

function selectRelation(select: Select, query: Query, env: Environment): Relation {
  const from = select.from ? fromSource(select.from, env) : NOTHING;
  const scopeOver = (bindings: readonly FlowBinding[], rows: Flows): FlowScope => ({
    bindings,
    outer: env.outer,
    rows,
    aliases: select.items,
    subquery: (inner) => {
      const found = relationOf(inner, { ...env, outer: [...bindings, ...env.outer] });
      return mergeFlows(...found.columns.values(), found.rows);
    },
  });
  const bounds = boundsOf(select.where, scopeOver(from.bindings, from.rows));
  const bindings = applyBounds(from.bindings, bounds);
  const scope = scopeOver(bindings, applyToRows(from.rows, bounds));
  const filter = select.where ? asRows(expressionFlows(select.where, scope)) : [];
  const filtered = { ...scope, rows: mergeFlows(scope.rows, filter) };
  return projected(select, query, filtered, env);
}

/** A bound on any of the joined tables limits the rows of the result. */
const applyToRows = (rows: Flows, bounds: readonly BoundOn[]): Flows =>
  rows.map((flow) => ({
    ...flow,
    bounds: [
      ...flow.bounds,
      ...bounds.filter(({ on }) => on.tables.has(flow.table)).map(({ bound }) => bound),
    ],
  }));

function projected(select: Select, query: Query, scope: FlowScope, env: Environment): Relation {
  const groups = select.groupBy.flatMap((group) => {
    const item = group.kind === 'constant' ? select.items[Number(group.value) - 1] : undefined;
    return expressionFlows(item?.expression ?? group, scope);
  });
  const isGrouped = isAggregated(select);
  const columns = new Map<string, Flows>();
  for (const item of select.items) {
    for (const { name, flows } of itemColumns(item, scope, env)) columns.set(name, flows);
  }
  const deciding = [select.having, select.qualify, ...(query.distinct?.on ?? [])];
  const ordering = query.limit || query.distinct?.on.length ? query.orderBy : [];
  const rows = [...deciding, ...ordering].flatMap((one) =>
    one ? expressionFlows(one, scope) : [],
  );
  return {
    columns,
    rows: mergeFlows(scope.rows, asRows(groups), asRows(rows)),
    open: undefined,
    key: isGrouped ? groupNames(select) : undefined,
  };
}

/** Names of the columns that tell groups apart, if all are plain columns. */
function groupNames({ groupBy, groupsByAll, items }: Select): ReadonlySet<string> | undefined {
  if (groupsByAll) {
    const keys = items.filter(({ expression }) => !hasAggregate(expression));
    return new Set(keys.map((item) => nameOf(item)));
  }
  const names = groupBy.map((one) => (one.kind === 'column' ? one.path.at(-1) : undefined));
  return names.includes(undefined)
    ? undefined
    : new Set(names.map((name) => (name ?? '').toLowerCase()));
}

function itemColumns(
  item: Item,
  scope: FlowScope,
  { notes }: Environment,
): readonly { readonly name: string; readonly flows: Flows }[] {
  const { expression } = item;
  if (expression.kind !== 'star') {
    return [{ name: nameOf(item), flows: expressionFlows(expression, scope) }];
  }
  const found = expression.isPattern ? undefined : starColumns(expression, scope.bindings);
  if (!found) notes.isPartial = true;
  return (found ?? []).map(({ name, column }) => {
    const by = expression.replace.find((one) => one.column.toLowerCase() === name)?.by;
    return { name, flows: by ? expressionFlows(by, scope) : column };
  });
}

function fromSource(source: Source, env: Environment): From {
  switch (source.kind) {
    case 'nothing':
      return NOTHING;
    case 'join':
      return fromJoin(source, env);
    case 'table': {
      const cte = source.path.length === 1 && env.ctes.get((source.path[0] ?? '').toLowerCase());
      return bound(cte || tableRelation(source.path, env), source, source.path.at(-1));
    }
    case 'subquery':
      return bound(relationOf(source.query, env), source, undefined);
    case 'values':
      return bound(constants(source.rows[0]?.length ?? 0), source, 'valueslist');
    case 'function':
      return bound(openRelation([]), source, undefined);
    case 'other':
      env.notes.isPartial = true;
      return bound(openRelation([]), source, undefined);
  }
}

function tableRelation(path: readonly string[], { columnsOf }: Environment): Relation {
  const table = path.join('.').toLowerCase();
  const flowsOf = (column: string): Flows => [
    { table, column, role: 'value', bounds: [], steps: [] },
  ];
  const names = columnsOf(path)?.map((name) => name.toLowerCase());
  if (!names) return { columns: new Map(), rows: [], open: flowsOf, key: undefined };
  const columns = new Map(names.map((name) => [name, flowsOf(name)]));
  return { columns, rows: [], open: undefined, key: undefined };
}

const constants = (count: number): Relation => ({
  columns: new Map(Array.from({ length: count }, (_, i) => [`col${i}`, []])),
  rows: [],
  open: undefined,
  key: undefined,
});

const openRelation = (flows: Flows): Relation => ({
  columns: new Map(),
  rows: [],
  open: () => flows,
  key: undefined,
});

/** A relation under its name in FROM. */
function bound(
  relation: Relation,
  { alias, columnAliases }: Extract<Source, { alias: string | undefined }>,
  name: string | undefined,
): From {
  const { columns, rows, open, key } = renamed(relation, columnAliases);
  const all = [...columns.values(), rows];
  const tables = new Set(all.flatMap((flows) => flows.map(({ table }) => table)));
  const binding = { name: (alias ?? name ?? '').toLowerCase(), columns, open, key, tables };
  return { bindings: [binding], rows };
}

function fromJoin(join: Join, env: Environment): From {
  const left = fromSource(join.left, env);
  const right = fromSource(join.right, { ...env, outer: [...left.bindings, ...env.outer] });
  const shared = join.natural ? commonColumns(left.bindings, right.bindings) : join.using;
  const hidden = new Set(shared.map((name) => name.toLowerCase()));
  const rightBindings = right.bindings.map((one) => ({ ...one, hidden }));
  const both = [...left.bindings, ...rightBindings];
  const scope: FlowScope = {
    bindings: both,
    outer: env.outer,
    rows: [],
    aliases: [],
    subquery: (inner) => mergeFlows(...relationOf(inner, { ...env, outer: both }).columns.values()),
  };
  const bounds = boundsOf(join.condition, scope);
  const bindings = applyBounds(both, bounds);
  const limited = { ...scope, bindings };
  const condition = join.condition ? expressionFlows(join.condition, limited) : [];
  const keys = shared.flatMap((name) => expressionFlows(columnNamed(name), limited));
  const rows = mergeFlows(
    left.rows,
    applyToRows(right.rows, bounds),
    asRows([...condition, ...keys]),
  );
  const kept =
    join.type === 'semi' || join.type === 'anti'
      ? bindings.slice(0, left.bindings.length)
      : bindings;
  return { bindings: kept, rows };
}

const columnNamed = (name: string) => ({ kind: 'column' as const, at: undefined, path: [name] });
