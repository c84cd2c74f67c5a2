/** Offset into the SQL, in UTF-16 units; undefined where the parser does not say. */
export type At = number | undefined;

/** A SELECT with what stands around it. Names of windows are resolved: every call holds its own. */
export interface Query {
  readonly ctes: readonly Cte[];
  readonly body: Select | SetOperation | Recursion;
  readonly distinct: Distinct | undefined;
  readonly orderBy: readonly Expression[];
  /** `limit`, `offset` or both. */
  readonly limit: { readonly at: At } | undefined;
}

export interface Cte {
  readonly name: string;
  readonly columnAliases: readonly string[];
  readonly query: Query;
}

/** `on` is empty for a plain `select distinct`. */
export interface Distinct {
  readonly on: readonly Expression[];
}

export interface Select {
  readonly kind: 'select';
  readonly items: readonly Item[];
  readonly from: Source | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  /** `group by all`: the items without an aggregate. */
  readonly groupsByAll: boolean;
  /** Several grouping sets: rows of different sets stand in one result. */
  readonly hasGroupingSets: boolean;
  readonly having: Expression | undefined;
  readonly qualify: Expression | undefined;
  readonly samples: boolean;
}

export interface Item {
  readonly expression: Expression;
  readonly alias: string | undefined;
}

export interface SetOperation {
  readonly kind: 'set';
  readonly operation: 'union' | 'except' | 'intersect';
  readonly all: boolean;
  readonly byName: boolean;
  readonly left: Query;
  readonly right: Query;
}

/** A recursive CTE: `right` reads `name`. */
export interface Recursion {
  readonly kind: 'recursion';
  readonly name: string;
  readonly left: Query;
  readonly right: Query;
}

interface Named {
  readonly at: At;
  readonly alias: string | undefined;
  readonly columnAliases: readonly string[];
}

/** What stands in FROM. `other`: what this tree has no word for, such as PIVOT. */
export type Source =
  | (Named & {
      readonly kind: 'table';
      readonly path: readonly string[];
      readonly samples: boolean;
    })
  | (Named & { readonly kind: 'subquery'; readonly query: Query; readonly samples: boolean })
  | (Named & { readonly kind: 'function'; readonly call: Expression; readonly samples: boolean })
  | (Named & { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] })
  | Join
  | { readonly kind: 'nothing' }
  | (Named & { readonly kind: 'other'; readonly what: string });

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'other';

export interface Join {
  readonly kind: 'join';
  readonly at: At;
  readonly type: JoinType;
  /** Takes at most one row of the right side, the nearest. */
  readonly asof: boolean;
  readonly natural: boolean;
  readonly positional: boolean;
  readonly using: readonly string[];
  readonly condition: Expression | undefined;
  readonly left: Source;
  readonly right: Source;
}

export type Comparison =
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'is distinct from'
  | 'is not distinct from';

/** `call` is also an operator (`+`), an `in (…)` list or an access, named as the parser names it. */
export type Expression = { readonly at: At } & (
  | { readonly kind: 'column'; readonly path: readonly string[] }
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | Call
  | { readonly kind: 'cast'; readonly to: string; readonly arg: Expression }
  | {
      readonly kind: 'compare';
      readonly op: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'logic';
      readonly op: 'and' | 'or' | 'not' | 'is null' | 'is not null';
      readonly args: readonly Expression[];
    }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Expression; readonly gives: Expression }[];
      readonly otherwise: Expression | undefined;
    }
  | Window
  | {
      readonly kind: 'subquery';
      /** `any` is also `in`, negated by a `not` around it; `op` and `operand` are its own. */
      readonly use: 'scalar' | 'exists' | 'any';
      readonly op: Comparison | undefined;
      readonly operand: Expression | undefined;
      readonly query: Query;
    }
  | Star
  | { readonly kind: 'lambda'; readonly params: readonly string[]; readonly body: Expression }
);

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly isAggregate: boolean;
  /** Two calls may differ: `random()`, `now()`, `nextval()`. */
  readonly isVolatile: boolean;
  readonly filter: Expression | undefined;
  readonly orderBy: readonly Expression[];
}

export interface Window {
  readonly kind: 'window';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly filter: Expression | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly Expression[];
  /** The first ordering descends. */
  readonly descends: boolean;
  readonly frame: Frame;
}

export interface Frame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameEnd;
  readonly end: FrameEnd;
  /** `exclude …` is set. */
  readonly excludes: boolean;
}

export interface FrameEnd {
  readonly side: 'preceding' | 'current' | 'following';
  /** Undefined: unbounded (or the current row). */
  readonly distance: Expression | undefined;
}

export interface Star {
  readonly kind: 'star';
  readonly relation: string | undefined;
  readonly exclude: readonly string[];
  readonly replace: readonly { readonly column: string; readonly by: Expression }[];
  readonly rename: readonly { readonly from: string; readonly to: string }[];
  /** `columns(…)` with a pattern or a lambda: which columns it takes is not known here. */
  readonly isPattern: boolean;
}

/** The expressions directly below one; queries of subqueries are not entered. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'constant':
      return [];
    case 'star':
      return expression.replace.map(({ by }) => by);
    case 'cast':
      return [expression.arg];
    case 'compare':
      return [expression.left, expression.right];
    case 'logic':
      return expression.args;
    case 'lambda':
      return [expression.body];
    case 'subquery':
      return expression.operand ? [expression.operand] : [];
    case 'case':
      return [
        ...expression.branches.flatMap(({ when, gives }) => [when, gives]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    case 'call':
      return [
        ...expression.args,
        ...(expression.filter ? [expression.filter] : []),
        ...expression.orderBy,
      ];
    case 'window':
      return [
        ...expression.args,
        ...(expression.filter ? [expression.filter] : []),
        ...expression.partitionBy,
        ...expression.orderBy,
      ];
  }
}

/** An expression and all below it, itself first. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression;
  for (const child of childrenOf(expression)) yield* walk(child);
}
