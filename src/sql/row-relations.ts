import { passed } from './condition-needs.ts';
import {
  ignoresNulls,
  isNullPadded,
  rowValue,
  seriesNeeds,
  usedNeeds,
  type Value,
} from './expression-needs.ts';
import { type Binding, starColumns } from './names.ts';
import {
  carryOver,
  equalTo,
  type Fact,
  highest,
  isEqual,
  type Known,
  type Need,
  type Origin,
  type Padding,
  type Reason,
  unique,
  type Variable,
} from './needs.ts';
import { type Analysis, type Column, movedColumn, type RowScope } from './row-scope.ts';
import type { At, Expression, Item, Join, Query, Select, SetOperation, Source } from './tree.ts';
import { walk } from './tree.ts';

/** What is known of a relation: its columns, what its rows need, and the order of its times. */
export interface Relation {
  readonly id: number;
  readonly columns: ReadonlyMap<string, Column>;
  readonly open: ((column: string) => Column) | undefined;
  /** Columns of an open relation that were named so far. */
  readonly opened: ReadonlyMap<string, Column>;
  readonly needs: readonly Need[];
  readonly known: Known;
  readonly padding: Padding | undefined;
  /** Its variables are this one and later ones; earlier ones are of queries around it. */
  readonly since: Variable;
}

export interface Environment {
  readonly analysis: Analysis;
  readonly ctes: ReadonlyMap<string, Relation>;
  readonly outer: readonly Binding<Column>[];
}

/** Follows a query from what it reads to what it gives. */
export function relationOf(query: Query, given: Environment): Relation {
  const ctes = new Map(given.ctes);
  const env = { ...given, ctes };
  for (const { name, columnAliases, query: inner } of query.ctes) {
    ctes.set(name.toLowerCase(), renamed(relationOf(inner, env), columnAliases));
  }
  const { body } = query;
  const relation =
    body.kind === 'set'
      ? setRelation(body, env)
      : body.kind === 'recursion'
        ? recursiveRelation(query, env)
        : selectRelation(body, query, env);
  return limited(relation, query);
}

const never = (message: string, at: At): Need => ({ kind: 'never', why: { message, at } });

/** `limit` takes from all dates together, unless there is nothing of any date. */
function limited(relation: Relation, { limit }: Query): Relation {
  if (!limit || relation.needs.length === 0) return relation;
  const need = never('limit counts the rows of all as_of dates of the batch together', limit.at);
  return { ...relation, needs: [...relation.needs, need] };
}

function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation;
  const columns = [...relation.columns].map(
    ([name, column], i) => [names[i]?.toLowerCase() ?? name, column] as const,
  );
  const [first = ''] = names;
  // A function's only column has the name that its alias gives.
  const one = relation.columns.size === 0 && relation.opened.get('');
  return { ...relation, columns: new Map(one ? [[first.toLowerCase(), one]] : columns) };
}

function recursiveRelation({ body }: Query, env: Environment): Relation {
  if (body.kind !== 'recursion') throw new Error('not a recursion');
  const start = relationOf(body.left, env);
  const again = new Map(env.ctes).set(body.name.toLowerCase(), start);
  const rest = relationOf(body.right, { ...env, ctes: again });
  if (start.needs.length + rest.needs.length === 0) return start;
  const need = never('recursion over rows of several as_of dates is not followed', undefined);
  return { ...start, needs: [...start.needs, need] };
}

function setRelation(
  { left, right, byName, all, operation }: SetOperation,
  env: Environment,
): Relation {
  const since = env.analysis.mark();
  const [a, b] = [relationOf(left, env), relationOf(right, env)];
  const others = [...b.columns.values()];
  const pairs = [...a.columns].map(([name, column], i) => ({
    name,
    of: env.analysis.fresh(),
    sides: [column, byName ? b.columns.get(name) : others[i]] as const,
  }));
  const rename = (side: 0 | 1) => new Map(pairs.map((pair) => [pair.sides[side]?.of, pair.of]));
  const [fromA, fromB] = [rename(0), rename(1)];
  const columns = pairs.map(({ name, of, sides: [x, y] }): [string, Column] => {
    const needs = [...renameNeeds(x.needs, fromA), ...renameNeeds(y?.needs ?? [], fromB)];
    return [name, { of, needs, horizon: x.horizon ?? y?.horizon }];
  });
  return {
    id: env.analysis.fresh(),
    columns: new Map(columns),
    open: undefined,
    opened: new Map(),
    needs: unique([...renameNeeds(a.needs, fromA), ...renameNeeds(b.needs, fromB)]),
    padding:
      all && operation === 'union' ? unionPadding([left, a, fromA], [right, b, fromB]) : undefined,
    known: {
      facts: inBoth(renameFacts(a.known.facts, fromA), renameFacts(b.known.facts, fromB)),
      origins: [],
    },
    since,
  };
}

type Side = readonly [query: Query, relation: Relation, to: Renames];

/** A side that is NULL in some columns is padding for who looks at those alone. */
function unionPadding(...sides: readonly [Side, Side]): Padding | undefined {
  const paddings = sides.map(([query, relation]) => relation.padding ?? paddingOf(query, relation));
  if (paddings.every((padding) => padding === undefined)) return undefined;
  const needs = sides.flatMap(([, relation, to], i) =>
    renameNeeds(paddings[i]?.needs ?? relation.needs, to),
  );
  const nulls = sides.flatMap(([, , to], i) => {
    const held = paddings[i]?.nulls;
    return held ? [new Set([...held].flatMap((of) => to.get(of) ?? []))] : [];
  });
  const [first = new Set<Variable>(), ...rest] = nulls;
  const inAll = [...first].filter((of) => rest.every((others) => others.has(of)));
  return { needs: unique(needs), nulls: new Set(inAll) };
}

function paddingOf({ body, limit }: Query, { columns }: Relation): Padding | undefined {
  if (body.kind !== 'select' || limit) return undefined;
  if (body.items.some(({ expression }) => expression.kind === 'star')) return undefined;
  const held = [...columns.values()];
  const nulls = body.items.flatMap(({ expression }, i) =>
    isNull(expression) ? (held[i]?.of ?? []) : [],
  );
  return nulls.length > 0 ? { needs: [], nulls: new Set(nulls) } : undefined;
}

const isNull = (expression: Expression): boolean =>
  expression.kind === 'cast'
    ? isNull(expression.arg)
    : expression.kind === 'constant' && expression.value === null;

/** What both sides say, as loosely as the looser one says it. */
const inBoth = (some: readonly Fact[], others: readonly Fact[]): readonly Fact[] =>
  some.flatMap(({ a, b, atMost }) => {
    const other = highest(a, others).get(b);
    return other === undefined ? [] : [{ a, b, atMost: Math.max(atMost, other) }];
  });

type Renames = ReadonlyMap<Variable | undefined, Variable>;

const renameNeeds = (needs: readonly Need[], to: Renames): readonly Need[] =>
  needs.map((need): Need => {
    if (need.kind === 'time') return { ...need, of: to.get(need.of) ?? need.of };
    if (need.kind === 'never') return need;
    return { ...need, keys: need.keys.map(({ of, name }) => ({ of: to.get(of) ?? of, name })) };
  });

const renameFacts = (facts: readonly Fact[], to: Renames): readonly Fact[] =>
  facts.map(({ a, b, atMost }) => ({ a: to.get(a) ?? a, b: to.get(b) ?? b, atMost }));

/** What FROM gives. */
interface From {
  readonly bindings: readonly Binding<Column>[];
  readonly needs: readonly Need[];
  readonly known: Known;
  readonly padding: Padding | undefined;
  /** Set when it is one relation and nothing else. */
  readonly only: number | undefined;
  /** A join, if there is one. */
  readonly joinAt: At;
}

const NOTHING: From = {
  bindings: [],
  needs: [],
  known: { facts: [], origins: [] },
  padding: undefined,
  only: undefined,
  joinAt: undefined,
};

/** The rows of a SELECT before they are grouped or projected. */
interface Rows {
  readonly scope: RowScope;
  readonly from: From;
  readonly since: Variable;
}

function rowsOf(select: Select, env: Environment): Rows {
  const since = env.analysis.mark();
  const from = select.from ? fromSource(select.from, env) : NOTHING;
  const scope: RowScope = {
    analysis: env.analysis,
    bindings: from.bindings,
    outer: env.outer,
    aliases: select.items,
    known: from.known,
    needs: from.needs,
    padding: select.where ? undefined : from.padding,
    subquery: (expression, at, isFilter) => subqueryNeeds(expression, at, isFilter, env),
    grouping: undefined,
  };
  const { needs, facts } = passed(select.where, scope);
  const known = { ...from.known, facts: [...from.known.facts, ...facts] };
  return { scope: { ...scope, known, needs: unique([...from.needs, ...needs]) }, from, since };
}

function selectRelation(select: Select, query: Query, env: Environment): Relation {
  const { scope, from, since } = rowsOf(select, env);
  const grouped = isAggregated(select) ? groupedScope(select, scope, since) : scope;
  const after = filteredAfter(select, grouped);
  const sampling = select.samples ? [never('a sample differs from run to run', undefined)] : [];
  const items = select.items.flatMap((item) => columnsOfItem(item, after));
  const opened = openedBy(select, from);
  const columns = new Map(items.map(({ name, column }) => [name, column]));
  const kept = new Set([...columns.values(), ...(opened?.opened ?? [])].map(({ of }) => of));
  const isKept = (of: Variable) => kept.has(of) || of < since;
  const known = {
    ...after.known,
    facts: [...after.known.facts, ...items.flatMap(({ facts }) => facts)],
  };
  const added = items.flatMap(({ rowNeeds }) => rowNeeds);
  const lost: Reason = {
    message:
      from.joinAt === undefined
        ? 'the rows no longer tell of which as_of date they are'
        : 'rows are joined without a condition on the as_of date',
    at: from.joinAt ?? select.items[0]?.expression.at,
  };
  const carry = (needs: readonly Need[]) => carryOver(needs, known, isKept, lost);
  const carried = new Map(
    [...columns].map(([name, column]) => [name, { ...column, needs: carry(column.needs) }]),
  );
  const rowNeeds = carry([...after.needs, ...sampling, ...added]);
  const id = env.analysis.fresh();
  const result: Relation = {
    id,
    columns: carried,
    open: opened?.open,
    opened: new Map(),
    needs: rowNeeds,
    known: keptKnown(known, kept, id, carried),
    padding: paddingAfter(select, query, after, carried, carry),
    since,
  };
  return distinctOn(result, query, { ...after, known });
}

/** Padding that is still padding in what a SELECT gives. */
function paddingAfter(
  select: Select,
  { distinct, limit }: Query,
  scope: RowScope,
  columns: ReadonlyMap<string, Column>,
  carry: (needs: readonly Need[]) => readonly Need[],
): Padding | undefined {
  const { padding } = scope;
  if (!padding || select.having || select.qualify || distinct || limit) return undefined;
  const nulls = select.items.flatMap((item) => {
    const isPadded = isNullPadded(item.expression, scope) || isNullSum(item.expression, scope);
    const found = isPadded ? columns.get(nameOf(item))?.of : undefined;
    return found ?? [];
  });
  return { needs: carry(padding.needs), nulls: new Set(nulls) };
}

/** NULL for a group of padding alone. */
const isNullSum = (expression: Expression, scope: RowScope): boolean =>
  expression.kind === 'cast'
    ? isNullSum(expression.arg, scope)
    : expression.kind === 'call' && expression.name !== 'count' && ignoresNulls(expression, scope);

/** `distinct on (…)` chooses among all rows with the same values. */
function distinctOn(relation: Relation, { distinct }: Query, scope: RowScope): Relation {
  if (!distinct || distinct.on.length === 0) return relation;
  const keys = new Set(distinct.on.flatMap((one) => movedColumn(one, scope)?.of ?? []));
  const why = {
    message: 'distinct on chooses among rows of several as_of dates: name the as_of date in it',
    at: distinct.on[0]?.at,
  };
  const isKey = (of: Variable) => keys.has(of) || of < relation.since;
  return { ...relation, needs: carryOver(relation.needs, scope.known, isKey, why) };
}

/** What is known of the columns that are given; the relation itself is one more origin of its rows. */
function keptKnown(
  known: Known,
  kept: ReadonlySet<Variable>,
  id: number,
  columns: ReadonlyMap<string, Column>,
): Known {
  const told = new Set(known.facts.flatMap(({ a, b }) => [a, b]));
  const facts = [...kept].flatMap((a) =>
    told.has(a)
      ? [...highest(a, known.facts)].flatMap(([b, atMost]) =>
          b !== a && kept.has(b) ? [{ a, b, atMost }] : [],
        )
      : [],
  );
  const same = (of: Variable) =>
    kept.has(of)
      ? of
      : [...highest(of, known.facts).keys()].find(
          (one) => kept.has(one) && isEqual(of, one, known),
        );
  const origins = known.origins.map(({ relation, columns: held }): Origin => {
    const pairs = [...held].map(([name, of]) => [name, same(of)] as const);
    return {
      relation,
      columns: new Map(
        pairs.filter((pair): pair is readonly [string, Variable] => pair[1] !== undefined),
      ),
    };
  });
  const own = { relation: id, columns: new Map([...columns].map(([name, { of }]) => [name, of])) };
  return { facts, origins: [...origins.filter(({ columns: held }) => held.size > 0), own] };
}

export const isAggregated = (select: Select): boolean =>
  select.groupBy.length > 0 ||
  select.groupsByAll ||
  select.items.some(({ expression }) => hasAggregate(expression));

const hasAggregate = (expression: Expression): boolean =>
  [...walk(expression)].some((one) => one.kind === 'call' && one.isAggregate);

/** The groups: what their rows need must hold for all rows of a group, so it is said of the keys. */
function groupedScope(select: Select, scope: RowScope, since: Variable): RowScope {
  const keys = groupKeys(select).map((key) => ({ key, value: rowValue(key, scope) }));
  const columns = new Set(keys.flatMap(({ value }) => value.moved?.of ?? []));
  const isKey = (of: Variable) => columns.has(of) || of < since;
  const first = select.items.find(({ expression }) => hasAggregate(expression))?.expression;
  const carry = (needs: readonly Need[], at: At): readonly Need[] =>
    carryOver(needs, scope.known, isKey, {
      message: 'an aggregate over rows of several as_of dates: group by the as_of date, too',
      at: at ?? first?.at,
    });
  const own = keys.flatMap(({ value }) => usedNeeds(value));
  const sets = select.hasGroupingSets && scope.needs.length > 0;
  const needs = carry([...scope.needs, ...own], firstAggregate(first)?.at);
  const mixed = never('grouping sets take rows of several as_of dates together', first?.at);
  const padding = groupedPadding(select, scope, (one) => carry(one, undefined));
  return { ...scope, padding, needs: sets ? [...needs, mixed] : needs, grouping: { carry } };
}

/** Groups of padding alone are padding; others do not change if no aggregate notices it. */
function groupedPadding(
  { items }: Select,
  scope: RowScope,
  carry: (needs: readonly Need[]) => readonly Need[],
): Padding | undefined {
  const { padding } = scope;
  const calls = items
    .flatMap(({ expression }) => [...walk(expression)])
    .filter((one) => one.kind === 'call' && one.isAggregate);
  const isUnnoticed = calls.every(
    (one) => one.kind === 'call' && !one.filter && ignoresNulls(one, scope),
  );
  return padding && isUnnoticed ? { ...padding, needs: carry(padding.needs) } : undefined;
}

const firstAggregate = (expression: Expression | undefined): Expression | undefined =>
  expression && [...walk(expression)].find((one) => one.kind === 'call' && one.isAggregate);

/** What a SELECT groups by: positions and `all` resolved. */
function groupKeys({ groupBy, groupsByAll, items }: Select): readonly Expression[] {
  if (groupsByAll) {
    return items
      .filter(({ expression }) => !hasAggregate(expression))
      .map(({ expression }) => expression);
  }
  return groupBy.map((key) =>
    key.kind === 'constant' ? (items[Number(key.value) - 1]?.expression ?? key) : key,
  );
}

/** HAVING and QUALIFY. */
function filteredAfter({ having, qualify }: Select, scope: RowScope): RowScope {
  const parts = [having, qualify].map((condition) => passed(condition, scope));
  return {
    ...scope,
    needs: unique([...scope.needs, ...parts.flatMap(({ needs }) => needs)]),
    known: {
      ...scope.known,
      facts: [...scope.known.facts, ...parts.flatMap(({ facts }) => facts)],
    },
  };
}

interface OutColumn {
  readonly name: string;
  readonly column: Column;
  readonly facts: readonly Fact[];
  /** What every row needs because of it. */
  readonly rowNeeds: readonly Need[];
}

function columnsOfItem(item: Item, scope: RowScope): readonly OutColumn[] {
  const { expression } = item;
  if (expression.kind !== 'star')
    return [outColumn(nameOf(item), rowValue(expression, scope), item, scope)];
  const found = expression.isPattern ? undefined : starColumns(expression, scope.bindings);
  return (found ?? []).map(({ name, column }) => {
    const by = expression.replace.find((one) => one.column.toLowerCase() === name)?.by;
    if (by) return outColumn(name, rowValue(by, scope), { expression: by, alias: name }, scope);
    return { name, column, facts: [], rowNeeds: [] };
  });
}

function outColumn(
  name: string,
  value: Value,
  { expression }: Item,
  { analysis }: RowScope,
): OutColumn {
  const { needs, moved, horizon } = value;
  const counts = [...walk(expression)].some((one) => one.kind === 'call' && one.name === 'unnest');
  const rowNeeds = counts ? needs : [];
  if (moved?.shiftMs === 0) {
    return { name, column: { of: moved.of, needs, horizon }, facts: [], rowNeeds };
  }
  const of = analysis.fresh();
  const facts = moved ? equalTo(of, moved.of, moved.shiftMs) : [];
  return { name, column: { of, needs, horizon }, facts, rowNeeds };
}

/** The name an item has in the result; of expressions without one only their place matters. */
const nameOf = ({ alias, expression }: Item): string =>
  (
    alias ??
    (expression.kind === 'column'
      ? expression.path.at(-1)
      : `${expression.kind}@${expression.at}`) ??
    ''
  ).toLowerCase();

/** A `*` over a relation whose columns are not known passes on whatever is asked for. */
function openedBy(
  { items }: Select,
  { bindings }: From,
): { readonly open: (column: string) => Column; readonly opened: readonly Column[] } | undefined {
  const hasStar = items.some(({ expression }) => expression.kind === 'star');
  const found = bindings.find(({ open }) => open) as OpenBinding | undefined;
  const { open, opened } = found ?? {};
  return hasStar && open ? { open, opened: [...(opened?.values() ?? [])] } : undefined;
}

interface OpenBinding extends Binding<Column> {
  readonly opened?: ReadonlyMap<string, Column>;
}

/**
 * What a query inside an expression needs, said of the columns around it. As a filter, `in` and `exists` may also
 * keep rows of other dates: whether a row of the date itself is kept is then a matter of its keys.
 */
function subqueryNeeds(
  expression: Extract<Expression, { kind: 'subquery' }>,
  scope: RowScope,
  isFilter: boolean,
  env: Environment,
): readonly Need[] {
  const since = env.analysis.mark();
  const outer = [...scope.bindings, ...scope.outer];
  const { query } = expression;
  const inner = { ...env, outer };
  const lost: Reason = {
    message: 'a query inside an expression reads rows of other as_of dates',
    at: expression.at,
  };
  const isOuter = (of: Variable) => of < since;
  if (query.body.kind !== 'select' || query.ctes.length > 0 || query.limit) {
    const { needs, columns, known } = relationOf(query, inner);
    const all = [...needs, ...[...columns.values()].flatMap(usedNeeds)];
    return carryOver(all, known, isOuter, lost);
  }
  const rows = rowsOf(query.body, inner);
  const isGrouped = isAggregated(query.body);
  const values = query.body.items.flatMap(({ expression: item }) =>
    item.kind === 'star' ? [] : [rowValue(item, rows.scope)],
  );
  const facts = expression.op === '=' ? pairedFacts(expression.operand, values, scope) : [];
  const origins = [...rows.scope.known.origins, ...scope.known.origins];
  const known: Known = {
    facts: [...rows.scope.known.facts, ...facts, ...scope.known.facts],
    origins,
  };
  const needs = [...rows.scope.needs, ...values.flatMap(usedNeeds)];
  const carried = carryOver(needs, known, isOuter, lost);
  if (!isFilter || isGrouped || carried.every(({ kind }) => kind !== 'never')) return carried;
  return memberNeed(query.body, rows, known, isOuter, expression.at) ?? carried;
}

/** `(a, b) in (select x, y …)`: a is x and b is y. */
function pairedFacts(
  operand: Expression | undefined,
  values: readonly Value[],
  scope: RowScope,
): readonly Fact[] {
  const parts =
    operand?.kind === 'call' && operand.name === 'row' ? operand.args : operand ? [operand] : [];
  return parts.flatMap((part, i) => {
    const [left, right] = [movedColumn(part, scope), values[i]?.moved];
    return left && right ? equalTo(left.of, right.of, right.shiftMs - left.shiftMs) : [];
  });
}

/** Rows are kept whose keys stand in one relation, and nothing else is asked of it. */
function memberNeed(
  select: Select,
  { from, scope }: Rows,
  known: Known,
  isOuter: (of: Variable) => boolean,
  at: At,
): readonly Need[] | undefined {
  if (from.only === undefined || scope.needs.length !== from.needs.length) return undefined;
  if (!onlyEqualities(select.where)) return undefined;
  const own = from.known.origins.find(({ relation }) => relation === from.only);
  const keys = [...(own?.columns ?? [])].flatMap(([name, of]) => {
    const outside = [...highest(of, known.facts).keys()].find(
      (one) => isOuter(one) && isEqual(of, one, known),
    );
    return outside === undefined ? [] : [{ of: outside, name }];
  });
  if (keys.length === 0) return undefined;
  const why = { message: 'rows are kept here for what other as_of dates of the batch read', at };
  return [{ kind: 'member', relation: from.only, keys, why }];
}

const onlyEqualities = (condition: Expression | undefined): boolean =>
  condition === undefined ||
  (condition.kind === 'logic' && condition.op === 'and'
    ? condition.args.every(onlyEqualities)
    : condition.kind === 'compare' && condition.op === '=');

function fromSource(source: Source, env: Environment): From {
  switch (source.kind) {
    case 'nothing':
      return NOTHING;
    case 'join':
      return fromJoin(source, env);
    case 'table': {
      const cte = source.path.length === 1 && env.ctes.get((source.path[0] ?? '').toLowerCase());
      return bound(
        cte ? anew(cte, env) : tableRelation(source.path, env),
        source,
        source.path.at(-1),
      );
    }
    case 'subquery':
      return bound(relationOf(source.query, env), source, undefined);
    case 'values':
      return bound(constantRelation(source.rows[0]?.length ?? 0, env), source, 'valueslist');
    case 'function':
      return bound(functionRelation(source.call, env), source, nameOfCall(source.call));
    case 'other': {
      const need = never(`${source.what} is not followed`, source.at);
      return bound({ ...openRelation(env), needs: [need] }, source, undefined);
    }
  }
}

const nameOfCall = (call: Expression): string | undefined =>
  call.kind === 'call' ? call.name : undefined;

function tableRelation(path: readonly string[], env: Environment): Relation {
  const names = env.analysis.columnsOf(path);
  if (!names) return openRelation(env);
  const since = env.analysis.mark();
  const columns = new Map(names.map((name) => [name.toLowerCase(), column(env.analysis)]));
  return { ...closed(env, since), columns };
}

const column = (analysis: Analysis): Column => ({
  of: analysis.fresh(),
  needs: [],
  horizon: undefined,
});

const closed = ({ analysis }: Environment, since: Variable): Relation => ({
  id: analysis.fresh(),
  columns: new Map(),
  open: undefined,
  opened: new Map(),
  needs: [],
  known: { facts: [], origins: [] },
  padding: undefined,
  since,
});

function openRelation(env: Environment): Relation {
  const since = env.analysis.mark();
  const opened = new Map<string, Column>();
  const open = (name: string): Column => {
    const found = opened.get(name) ?? column(env.analysis);
    opened.set(name, found);
    return found;
  };
  return { ...closed(env, since), open, opened };
}

const constantRelation = (count: number, env: Environment): Relation => {
  const since = env.analysis.mark();
  const columns = Array.from(
    { length: count },
    (_, i) => [`col${i}`, column(env.analysis)] as const,
  );
  return { ...closed(env, since), columns: new Map(columns) };
};

function functionRelation(call: Expression, env: Environment): Relation {
  const since = env.analysis.mark();
  const scope: RowScope = {
    analysis: env.analysis,
    bindings: [],
    outer: env.outer,
    aliases: [],
    known: { facts: [], origins: [] },
    needs: [],
    padding: undefined,
    subquery: (expression, at, isFilter) => subqueryNeeds(expression, at, isFilter, env),
    grouping: undefined,
  };
  const series = call.kind === 'call' ? seriesNeeds(call, scope) : undefined;
  if (!series?.moved) {
    return { ...openRelation(env), needs: series?.needs ?? usedNeeds(rowValue(call, scope)) };
  }
  const only: Column = { of: series.moved.of, needs: [], horizon: undefined };
  const name = nameOfCall(call) ?? '';
  return { ...closed(env, since), columns: new Map([[name, only]]), needs: series.needs };
}

/** A relation read once more: its columns are others than those of the first reading. */
function anew(relation: Relation, { analysis }: Environment): Relation {
  const names = new Map<Variable, Variable>();
  const to = (of: Variable): Variable => {
    if (of < relation.since) return of;
    const found = names.get(of) ?? analysis.fresh();
    names.set(of, found);
    return found;
  };
  const since = analysis.mark();
  const renames = {
    get: (of: Variable | undefined) => (of === undefined ? undefined : to(of)),
  } as Renames;
  const moveColumn = ({ of, needs, horizon }: Column): Column => ({
    of: to(of),
    needs: renameNeeds(needs, renames),
    horizon,
  });
  const { open, columns, needs, known, padding } = relation;
  return {
    id: relation.id,
    columns: new Map([...columns].map(([name, one]) => [name, moveColumn(one)])),
    open: open && ((name) => moveColumn(open(name))),
    opened: new Map(),
    needs: renameNeeds(needs, renames),
    padding: padding && {
      needs: renameNeeds(padding.needs, renames),
      nulls: new Set([...padding.nulls].map(to)),
    },
    known: {
      facts: renameFacts(known.facts, renames),
      origins: known.origins.map(({ relation: id, columns: held }) => ({
        relation: id,
        columns: new Map([...held].map(([name, of]) => [name, to(of)])),
      })),
    },
    since,
  };
}

/** A relation under its name in FROM. */
function bound(
  given: Relation,
  source: Extract<Source, { alias: string | undefined }>,
  name: string | undefined,
): From {
  const relation = renamed(given, source.columnAliases);
  const { columns, open, opened, needs, known, id, padding } = relation;
  const samples = 'samples' in source && source.samples;
  const sampling = samples ? [never('a sample differs from run to run', source.at)] : [];
  const binding: OpenBinding = {
    name: (source.alias ?? name ?? '').toLowerCase(),
    columns,
    open,
    opened,
  };
  return {
    bindings: [binding],
    needs: [...needs, ...sampling],
    known,
    padding,
    only: id,
    joinAt: undefined,
  };
}

function fromJoin(join: Join, env: Environment): From {
  if (join.type === 'right') {
    return fromJoin({ ...join, type: 'left', left: join.right, right: join.left }, env);
  }
  const since = env.analysis.mark();
  const left = fromSource(join.left, env);
  const middle = env.analysis.mark();
  const right = fromSource(join.right, { ...env, outer: [...left.bindings, ...env.outer] });
  const shared = (join.natural ? commonColumns(left.bindings, right.bindings) : join.using).map(
    (name) => name.toLowerCase(),
  );
  const hidden = new Set(shared);
  const bindings = [...left.bindings, ...right.bindings.map((one) => ({ ...one, hidden }))];
  const both: Known = {
    facts: [...left.known.facts, ...right.known.facts],
    origins: [...left.known.origins, ...right.known.origins],
  };
  const scope: RowScope = {
    analysis: env.analysis,
    bindings,
    outer: env.outer,
    aliases: [],
    known: both,
    needs: [...left.needs, ...right.needs],
    padding: undefined,
    subquery: (expression, at, isFilter) => subqueryNeeds(expression, at, isFilter, env),
    grouping: undefined,
  };
  const { needs: conditionNeeds, facts } = passed(join.condition, scope);
  const using = shared.flatMap((name) => sharedFacts(name, left.bindings, right.bindings));
  const known = { ...both, facts: [...both.facts, ...facts, ...using] };
  const at = join.condition?.at ?? join.at;
  const lost = {
    message: `${wordsOf(join)} rows of other as_of dates: join on the as_of date`,
    at,
  };
  const isLeft = (of: Variable) => of < middle;
  const isPlain = join.type === 'inner' && !join.asof && !join.positional;
  const matched = isPlain
    ? [...right.needs, ...conditionNeeds]
    : carryOver([...right.needs, ...conditionNeeds], known, isLeft, lost);
  const unfollowed =
    (join.type === 'full' || join.type === 'other' || join.positional) && scope.needs.length > 0
      ? [never('a join of this kind is not followed', at)]
      : [];
  const keepsRight = join.type !== 'semi' && join.type !== 'anti';
  return {
    bindings: keepsRight ? bindings : left.bindings,
    needs: unique([...left.needs, ...matched, ...unfollowed]),
    known: keepsRight
      ? known
      : { ...left.known, facts: known.facts.filter(({ a, b }) => a < middle && b < middle) },
    padding: undefined,
    only: undefined,
    joinAt: since === middle ? undefined : (at ?? 0),
  };
}

const wordsOf = ({ type, asof }: Join): string =>
  asof ? 'the nearest row is looked for among' : `a ${type} join finds`;

const sharedFacts = (
  name: string,
  left: readonly Binding<Column>[],
  right: readonly Binding<Column>[],
): readonly Fact[] => {
  const [a, b] = [left, right].map((side) =>
    side.find(({ columns }) => columns.has(name))?.columns.get(name),
  );
  return a && b ? equalTo(a.of, b.of) : [];
};

const commonColumns = (
  left: readonly Binding<Column>[],
  right: readonly Binding<Column>[],
): string[] => {
  const names = new Set(left.flatMap(({ columns }) => [...columns.keys()]));
  return right.flatMap(({ columns }) => [...columns.keys()]).filter((name) => names.has(name));
};
