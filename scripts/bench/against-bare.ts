import { bareDuckdb, compiledModel, stepTimes, velo } from './bench.ts';
import { median } from './median.ts';
import type { Row, Target } from './row.ts';
import { inTurn, medianUsage } from './run-process.ts';

export interface AgainstBare {
  readonly model: string;
  /** Holds the built database. */
  readonly targetFolder: string;
  /** Arguments of every velo command: vars and the as_of date. */
  readonly args: readonly string[];
  readonly runs: number;
  readonly stepTarget: Target;
  readonly processTarget?: Target;
}

/**
 * Two rows for a model built anew for every date, against its own compiled SQL sent to DuckDB alone, on the same
 * database file: the step (the statement, the ledger's entry, the commit) against the statement, process against process.
 */
export async function againstBare(given: AgainstBare): Promise<Row[]> {
  const { model, targetFolder, args, runs, stepTarget, processTarget } = given;
  const sqlFile = await compiledModel(model, targetFolder, args);
  const command = ['run', '--full-refresh', '--select', model, '--target-path', targetFolder];
  const ours = async () => {
    const usage = await velo(...command, ...args);
    return { ...usage, sqlMs: (await stepTimes(targetFolder)).get(model) ?? Number.NaN };
  };
  const [built = [], bare = []] = await inTurn(runs, [
    ours,
    () => bareDuckdb(targetFolder, sqlFile),
  ]);
  const sqlMs = (all: typeof built) => median(all.map((one) => one.sqlMs));
  return [
    {
      name: `${model}, every day: the step`,
      runs,
      wallMs: sqlMs(built),
      against: { name: 'the SQL in bare DuckDB', wallMs: sqlMs(bare) },
      target: stepTarget,
    },
    {
      name: `${model}, every day: the process`,
      runs,
      ...medianUsage(built),
      against: { name: 'Node with bare DuckDB', wallMs: medianUsage(bare).wallMs },
      ...(processTarget && { target: processTarget }),
    },
  ];
}
