import { usedNeeds } from './expression-needs.ts';
import { type Fact, highest, unique } from './needs.ts';
import { unionPadding } from './padding.ts';
import {
  type Environment,
  never,
  type Relation,
  renamed,
  renameFacts,
  renameNeeds,
} from './relation.ts';
import type { Analysis, Column } from './row-scope.ts';
import { selectRelation } from './select-relation.ts';
import { subqueryNeeds } from './subquery-needs.ts';
import type { Query, SetOperation } from './tree.ts';

/** Follows a query from what it reads to what it gives. */
export const followQuery = (query: Query, analysis: Analysis): Relation =>
  relationOf(query, { analysis, ctes: new Map(), outer: [], relationOf, subqueryNeeds });

function relationOf(query: Query, given: Environment): Relation {
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

/** `limit` takes from all dates together, unless there is nothing of any date. */
function limited(relation: Relation, { limit }: Query): Relation {
  if (!limit || relation.needs.length === 0) return relation;
  const need = never('limit counts the rows of all as_of dates of the batch together', limit.at);
  return { ...relation, needs: [...relation.needs, need] };
}

function recursiveRelation({ body }: Query, env: Environment): Relation {
  if (body.kind !== 'recursion') throw new Error('not a recursion');
  const since = env.analysis.mark();
  const start = relationOf(body.left, env);
  const again = new Map(env.ctes).set(body.name.toLowerCase(), start);
  const rest = relationOf(body.right, { ...env, ctes: again });
  const needs = [start, rest].flatMap((part) => part.needs);
  if (needs.length === 0) return start;
  // In steps over the values of the row around it there are no rows but that one.
  const used = [...needs, ...[...rest.columns.values()].flatMap(usedNeeds)];
  if (used.every((need) => need.kind === 'time' && need.of < since)) {
    return { ...start, needs: unique(used) };
  }
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

/** What both sides say, as loosely as the looser one says it. */
const inBoth = (some: readonly Fact[], others: readonly Fact[]): readonly Fact[] =>
  some.flatMap(({ a, b, atMost }) => {
    const other = highest(a, others).get(b);
    return other === undefined ? [] : [{ a, b, atMost: Math.max(atMost, other) }];
  });
