import { rowValue, type Value } from './expression-needs.ts';
import { starColumns } from './names.ts';
import {
  carryOver,
  equalTo,
  type Fact,
  highest,
  isEqual,
  type Known,
  type Need,
  type Origin,
  type Reason,
  type Variable,
} from './needs.ts';
import { paddingAfter } from './padding.ts';
import { type Environment, type From, never, type OpenBinding, type Relation } from './relation.ts';
import { type Column, movedColumn, type RowScope } from './row-scope.ts';
import { isAggregated, nameOf } from './select-parts.ts';
import { filteredAfter, groupedScope, rowsOf } from './select-rows.ts';
import { type Item, type Query, type Select, walk } from './tree.ts';

export function selectRelation(select: Select, query: Query, env: Environment): Relation {
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
