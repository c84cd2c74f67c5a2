import { rowValue, usedNeeds } from './expression-needs.ts';
import { conjuncts, isEquality, orderedBy } from './instants.ts';
import { findColumn } from './names.ts';
import { equalTo, type Fact, type Need } from './needs.ts';
import { type Column, movedColumn, type RowScope } from './row-scope.ts';
import type { Expression } from './tree.ts';

/** What rows that pass a condition need to pass it alone as well, and what is known of them. */
export interface Passed {
  readonly needs: readonly Need[];
  readonly facts: readonly Fact[];
}

export function passed(condition: Expression | undefined, scope: RowScope): Passed {
  const parts = conjuncts(condition);
  return {
    facts: parts.flatMap((part) => factsOf(part, scope)),
    needs: parts.flatMap((part) => needsOf(part, scope)),
  };
}

function needsOf(part: Expression, scope: RowScope): readonly Need[] {
  if (part.kind === 'subquery' && part.use !== 'scalar') {
    const operand = part.operand ? usedNeeds(rowValue(part.operand, scope)) : [];
    return [...operand, ...scope.subquery(part, scope, true)];
  }
  return stillOpen(part, scope) ?? usedNeeds(rowValue(part, scope));
}

/** What comparisons of columns assert. */
function factsOf(part: Expression, scope: RowScope): readonly Fact[] {
  if (part.kind !== 'compare') return [];
  if (isEquality(part.op)) {
    const [left, right] = [movedColumn(part.left, scope), movedColumn(part.right, scope)];
    return left && right ? equalTo(left.of, right.of, right.shiftMs - left.shiftMs) : [];
  }
  const order = orderedBy(part);
  if (!order || typeof order.earlier === 'number' || typeof order.later === 'number') return [];
  const [earlier, later] = [movedColumn(order.earlier, scope), movedColumn(order.later, scope)];
  if (!earlier || !later) return [];
  const slack = order.slack.ms + later.shiftMs - earlier.shiftMs;
  return [{ a: earlier.of, b: later.of, atMost: order.isStrict ? slack - 1 : slack }];
}

/**
 * `next_t is null or next_t > t` over a column beyond whose horizon it is NULL or later than everything a date sees:
 * true in both cases, for each t within the horizon.
 */
function stillOpen(part: Expression, scope: RowScope): readonly Need[] | undefined {
  if (part.kind !== 'logic' || part.op !== 'or' || part.args.length !== 2) return undefined;
  const nulls = part.args.find((one) => one.kind === 'logic' && one.op === 'is null');
  const order = part.args.map(orderedBy).find((one) => one !== undefined);
  if (nulls?.kind !== 'logic' || !order) return undefined;
  if (typeof order.earlier === 'number' || typeof order.later === 'number') return undefined;
  const next = columnOf(nulls.args[0], scope);
  const later = columnOf(order.later, scope);
  const time = movedColumn(order.earlier, scope);
  if (!next?.horizon || later?.of !== next.of || !time) return undefined;
  const shift = time.shiftMs - order.slack.ms;
  const to = next.horizon.to - shift;
  const seen: Need = {
    kind: 'time',
    of: time.of,
    from: Number.NEGATIVE_INFINITY,
    to,
    why: next.horizon.why,
  };
  return [...next.needs, ...usedNeeds(rowValue(order.earlier, scope)), seen];
}

const columnOf = (expression: Expression | undefined, scope: RowScope): Column | undefined =>
  expression?.kind === 'column' ? findColumn(expression.path, scope.bindings) : undefined;
