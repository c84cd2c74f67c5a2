import type { VeloError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { TestConfig } from './config-schemas.ts';
import { judge, type Verdict } from './judge.ts';

/** What became of a test. */
export interface CheckOutcome extends Verdict {
  readonly node: Node;
  /** Rows that broke the rule, or what `fail_calc` makes of them. */
  readonly failures: number | undefined;
  /** The table its failing rows are kept in; absent when they are kept nowhere. */
  readonly keptIn?: Relation | undefined;
  readonly compiledCode: string | undefined;
  /** The rows that are kept where the test keeps them, when they are not those of its SQL. */
  readonly storedRows?: string | undefined;
  readonly error: VeloError | undefined;
}

/** No more than the test counts. */
export const limited = (test: Node, failures: number): number =>
  Math.min(failures, (test.config as TestConfig).limit ?? failures);

function judged(node: Node, failures: number, total: number | undefined): Verdict {
  const verdict = judge(failures, node.config as TestConfig, total);
  const isRefused = verdict.status === 'warn' && node.check?.refusesWarnings === true;
  return isRefused ? { ...verdict, status: 'fail' } : verdict;
}

/** @param total the rows that were looked at, for thresholds in percent */
export const outcomeOf = (
  node: Node,
  failures: number,
  compiledCode: string,
  total?: number,
): CheckOutcome => ({
  node,
  ...judged(node, failures, total),
  failures,
  compiledCode,
  error: undefined,
});

export const errorOutcome = (
  node: Node,
  error: VeloError,
  compiledCode: string | undefined,
): CheckOutcome => ({
  node,
  status: 'error',
  message: error.message,
  failures: undefined,
  compiledCode,
  error,
});
