import { ignoresNulls, isNullPadded } from './expression-needs.ts';
import { type Need, type Padding, unique, type Variable } from './needs.ts';
import { type Relation, type Renames, renameNeeds } from './relation.ts';
import type { Column, RowScope } from './row-scope.ts';
import { nameOf } from './select-parts.ts';
import { type Expression, type Query, type Select, walk } from './tree.ts';

type Side = readonly [query: Query, relation: Relation, to: Renames];

/** A side that is NULL in some columns is padding for who looks at those alone. */
export function unionPadding(...sides: readonly [Side, Side]): Padding | undefined {
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

/** Padding that is still padding in what a SELECT gives. */
export function paddingAfter(
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

/** Groups of padding alone are padding; others do not change if no aggregate notices it. */
export function groupedPadding(
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
