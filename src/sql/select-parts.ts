import type { Binding } from './names.ts';
import { type Expression, type Item, type Select, walk } from './tree.ts';

export const isAggregated = (select: Select): boolean =>
  select.groupBy.length > 0 ||
  select.groupsByAll ||
  select.items.some(({ expression }) => hasAggregate(expression));

export const hasAggregate = (expression: Expression): boolean =>
  [...walk(expression)].some((one) => one.kind === 'call' && one.isAggregate);

/** What a SELECT groups by: positions and `all` resolved. */
export function groupKeys({ groupBy, groupsByAll, items }: Select): readonly Expression[] {
  if (groupsByAll) {
    return items
      .filter(({ expression }) => !hasAggregate(expression))
      .map(({ expression }) => expression);
  }
  return groupBy.map((key) =>
    key.kind === 'constant' ? (items[Number(key.value) - 1]?.expression ?? key) : key,
  );
}

/** The name an item has in the result; of expressions without one only their place matters. */
export const nameOf = ({ alias, expression }: Item): string =>
  (
    alias ??
    (expression.kind === 'column'
      ? expression.path.at(-1)
      : `${expression.kind}@${expression.at}`) ??
    ''
  ).toLowerCase();

export const commonColumns = (
  left: readonly Binding<unknown>[],
  right: readonly Binding<unknown>[],
): string[] => {
  const names = new Set(left.flatMap(({ columns }) => [...columns.keys()]));
  return right.flatMap(({ columns }) => [...columns.keys()]).filter((name) => names.has(name));
};
