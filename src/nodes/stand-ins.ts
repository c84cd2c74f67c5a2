import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import type { Value } from '../jinja/value.ts';
import type { Cte } from './ctes.ts';

/** What stands in the place of a model's inputs and surroundings while a unit test renders it. */
export interface StandIns {
  /** A SELECT of the rows an input has. @throws ProjectError when it has none */
  rowsOf(input: Node, span: Span): string;
  /** A SELECT of the rows the model itself has; undefined when none are given. */
  readonly own?: string | undefined;
  /** Vars and environment variables that differ from the run's. */
  scopeOf?(scope: ContextScope): ContextScope;
  /** What macros give, by their names as templates write them: `is_incremental`, `toolbox.cents`. */
  readonly macros?: Overrides | undefined;
}

/** Functions in the place of macros, by `name` or `package.name`. */
export type Overrides = ReadonlyMap<string, Value>;

/** Adds a CTE with the rows of an input, and gives its name: dbt's, with a number where another input has that. */
export function standIn(input: Node, rows: string, ctes: Map<string, Cte>): string {
  const base = `__dbt__cte__${input.name}`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}_${number}`;
    const known = ctes.get(name);
    if (known && known.id !== input.id) continue;
    if (!known) ctes.set(name, { sql: rows, placeOf: () => undefined, id: input.id });
    return name;
  }
}
