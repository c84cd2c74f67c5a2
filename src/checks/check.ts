import type { z } from 'zod';
import type { Dialect } from '../adapters/adapter.ts';
import type { Experiment } from '../core/leakage.ts';

/** What a check sees: SQL text only, so that it can be tested without a database. */
export interface CheckContext<A> {
  readonly dialect: Dialect;
  /** Something to select from: the relation, or a subquery of its rows in question. */
  readonly relation: string;
  /** The tested column, quoted; empty for tests of a whole model. */
  readonly column: string;
  readonly args: A;
}

/**
 * The rows that break a rule. A `condition` is true of each bad row by itself: many of them share one scan.
 * A `query` returns the bad rows, or one row for each bad group.
 */
export type FailingRows =
  | {
      readonly condition: string;
      /** Count the distinct values of this among the bad rows, not the rows. */
      readonly distinct?: string;
    }
  | { readonly query: string }
  /** No SELECT finds them: the model is built again from other inputs. */
  | { readonly experiment: Experiment };

/** A generic test. */
export interface Check {
  readonly name: string;
  /** Whether it is written for a column, for a model, or for either. */
  readonly scope: 'column' | 'model' | 'either';
  readonly args: z.ZodType;
  /** What it finds lies in the code, not in the rows there are: having passed, it waits for other code. */
  readonly judgesCode?: true | undefined;
  /** What it says of the same rows changes with time: it runs each time. */
  readonly readsClock?: true | undefined;
  /** Whether the rows of one as_of range can be judged without the others. */
  isSeparable(args: unknown, column: string | undefined, asOfColumn: string): boolean;
  failingRows(context: CheckContext<unknown>): FailingRows;
}

export function defineCheck<S extends z.ZodType>(spec: {
  readonly name: string;
  readonly scope: Check['scope'];
  readonly args: S;
  readonly judgesCode?: true;
  readonly readsClock?: true;
  isSeparable(args: z.output<S>, column: string | undefined, asOfColumn: string): boolean;
  failingRows(context: CheckContext<z.output<S>>): FailingRows;
}): Check {
  return {
    ...spec,
    isSeparable: (args, column, asOfColumn) =>
      spec.isSeparable(spec.args.parse(args) as z.output<S>, column, asOfColumn),
    failingRows: (context) =>
      spec.failingRows({ ...context, args: spec.args.parse(context.args) as z.output<S> }),
  };
}
