import { passed } from './condition-needs.ts';
import { rowValue, seriesNeeds, usedNeeds } from './expression-needs.ts';
import type { Binding } from './names.ts';
import { carryOver, equalTo, type Fact, type Known, unique, type Variable } from './needs.ts';
import {
  anew,
  bound,
  closed,
  constantRelation,
  type Environment,
  type From,
  NOTHING,
  never,
  openRelation,
  type Relation,
  tableRelation,
} from './relation.ts';
import type { Column, RowScope } from './row-scope.ts';
import { commonColumns } from './select-parts.ts';
import type { Expression, Join, Source } from './tree.ts';

export function fromSource(source: Source, env: Environment): From {
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
      return bound(env.relationOf(source.query, env), source, undefined);
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
    subquery: (expression, at, isFilter) => env.subqueryNeeds(expression, at, isFilter, env),
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
    subquery: (expression, at, isFilter) => env.subqueryNeeds(expression, at, isFilter, env),
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
