import { rowValue, usedNeeds, type Value } from './expression-needs.ts';
import {
  carryOver,
  equalTo,
  type Fact,
  highest,
  isEqual,
  type Known,
  type Need,
  type Reason,
  type Variable,
} from './needs.ts';
import type { Environment } from './relation.ts';
import { movedColumn, type RowScope } from './row-scope.ts';
import { isAggregated } from './select-parts.ts';
import { type Rows, rowsOf } from './select-rows.ts';
import type { At, Expression, Select } from './tree.ts';

/**
 * What a query inside an expression needs, said of the columns around it. As a filter, `in` and `exists` may also
 * keep rows of other dates: whether a row of the date itself is kept is then a matter of its keys.
 */
export function subqueryNeeds(
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
    const { needs, columns, known } = env.relationOf(query, inner);
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
