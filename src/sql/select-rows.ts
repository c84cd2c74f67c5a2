import { passed } from './condition-needs.ts';
import { rowValue, usedNeeds } from './expression-needs.ts';
import { fromSource } from './from-rows.ts';
import { carryOver, type Need, unique, type Variable } from './needs.ts';
import { groupedPadding } from './padding.ts';
import { type Environment, type From, NOTHING, never } from './relation.ts';
import type { RowScope } from './row-scope.ts';
import { groupKeys, hasAggregate } from './select-parts.ts';
import { type At, type Expression, type Select, walk } from './tree.ts';

/** The rows of a SELECT before they are grouped or projected. */
export interface Rows {
  readonly scope: RowScope;
  readonly from: From;
  readonly since: Variable;
}

export function rowsOf(select: Select, env: Environment): Rows {
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
    subquery: (expression, at, isFilter) => env.subqueryNeeds(expression, at, isFilter, env),
    grouping: undefined,
  };
  const { needs, facts } = passed(select.where, scope);
  const known = { ...from.known, facts: [...from.known.facts, ...facts] };
  return { scope: { ...scope, known, needs: unique([...from.needs, ...needs]) }, from, since };
}

/** The groups: what their rows need must hold for all rows of a group, so it is said of the keys. */
export function groupedScope(select: Select, scope: RowScope, since: Variable): RowScope {
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

const firstAggregate = (expression: Expression | undefined): Expression | undefined =>
  expression && [...walk(expression)].find((one) => one.kind === 'call' && one.isAggregate);

/** HAVING and QUALIFY. */
export function filteredAfter({ having, qualify }: Select, scope: RowScope): RowScope {
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
