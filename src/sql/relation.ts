import type { Binding } from './names.ts';
import type { Fact, Known, Need, Padding, Variable } from './needs.ts';
import type { Analysis, Column, RowScope } from './row-scope.ts';
import type { At, Expression, Query, Source } from './tree.ts';

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
  /** Follows a query below, and what it needs inside an expression: both may stand in FROM, and FROM in them. */
  relationOf(query: Query, env: Environment): Relation;
  subqueryNeeds(
    expression: Extract<Expression, { kind: 'subquery' }>,
    scope: RowScope,
    isFilter: boolean,
    env: Environment,
  ): readonly Need[];
}

/** What FROM gives. */
export interface From {
  readonly bindings: readonly Binding<Column>[];
  readonly needs: readonly Need[];
  readonly known: Known;
  readonly padding: Padding | undefined;
  /** Set when it is one relation and nothing else. */
  readonly only: number | undefined;
  /** A join, if there is one. */
  readonly joinAt: At;
}

export const NOTHING: From = {
  bindings: [],
  needs: [],
  known: { facts: [], origins: [] },
  padding: undefined,
  only: undefined,
  joinAt: undefined,
};

export interface OpenBinding extends Binding<Column> {
  readonly opened?: ReadonlyMap<string, Column>;
}

export const never = (message: string, at: At): Need => ({ kind: 'never', why: { message, at } });

export type Renames = ReadonlyMap<Variable | undefined, Variable>;

export const renameNeeds = (needs: readonly Need[], to: Renames): readonly Need[] =>
  needs.map((need): Need => {
    if (need.kind === 'time') return { ...need, of: to.get(need.of) ?? need.of };
    if (need.kind === 'never') return need;
    return { ...need, keys: need.keys.map(({ of, name }) => ({ of: to.get(of) ?? of, name })) };
  });

export const renameFacts = (facts: readonly Fact[], to: Renames): readonly Fact[] =>
  facts.map(({ a, b, atMost }) => ({ a: to.get(a) ?? a, b: to.get(b) ?? b, atMost }));

export function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation;
  const columns = [...relation.columns].map(
    ([name, column], i) => [names[i]?.toLowerCase() ?? name, column] as const,
  );
  const [first = ''] = names;
  // A function's only column has the name that its alias gives.
  const one = relation.columns.size === 0 && relation.opened.get('');
  return { ...relation, columns: new Map(one ? [[first.toLowerCase(), one]] : columns) };
}

const column = (analysis: Analysis): Column => ({
  of: analysis.fresh(),
  needs: [],
  horizon: undefined,
});

export const closed = ({ analysis }: Environment, since: Variable): Relation => ({
  id: analysis.fresh(),
  columns: new Map(),
  open: undefined,
  opened: new Map(),
  needs: [],
  known: { facts: [], origins: [] },
  padding: undefined,
  since,
});

export function openRelation(env: Environment): Relation {
  const since = env.analysis.mark();
  const opened = new Map<string, Column>();
  const open = (name: string): Column => {
    const found = opened.get(name) ?? column(env.analysis);
    opened.set(name, found);
    return found;
  };
  return { ...closed(env, since), open, opened };
}

export const constantRelation = (count: number, env: Environment): Relation => {
  const since = env.analysis.mark();
  const columns = Array.from(
    { length: count },
    (_, i) => [`col${i}`, column(env.analysis)] as const,
  );
  return { ...closed(env, since), columns: new Map(columns) };
};

export function tableRelation(path: readonly string[], env: Environment): Relation {
  const names = env.analysis.columnsOf(path);
  if (!names) return openRelation(env);
  const since = env.analysis.mark();
  const columns = new Map(names.map((name) => [name.toLowerCase(), column(env.analysis)]));
  return { ...closed(env, since), columns };
}

/** A relation read once more: its columns are others than those of the first reading. */
export function anew(relation: Relation, { analysis }: Environment): Relation {
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
export function bound(
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
