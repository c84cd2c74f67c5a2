import { DatabaseError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { backtestTables, figuresOf } from '../modeling/backtest-tables.ts';
import { readCandidates } from '../modeling/read-candidates.ts';
import { backtest } from '../settlement/backtest.ts';
import { summarise } from '../settlement/summary.ts';
import { backtestRequestOf } from './backtest-settings.ts';
import type { ModelConfig } from './config-schemas.ts';
import { locally } from './errors-at-node.ts';
import { locateError } from './locate-error.ts';
import { materialize } from './materialize.ts';
import type { BuildContext, Builder, BuildOutcome } from './node-kind.ts';

/**
 * Bets on the rows of its SELECT in the order of time and settles them. The node's table has one row a bet; the daily
 * curve, the summary, A/E by band and the calibration stand beside it.
 */
export const backtestBuilder: Builder = {
  claims: ({ kind, materialized }) => kind === 'model' && materialized === 'backtest',
  async build(node, context) {
    const { columns, settings, seed } = backtestRequestOf(
      node.config as ModelConfig,
      () => node.span,
    );
    const { connection, dialect, models } = context;
    const compiled = await context.compile(node, { batch: undefined, isIncremental: false });
    const candidates = await locally(node, () =>
      readCandidates(columns, { sql: compiled.sql, connection, dialect, span: node.span }),
    ).catch((error: unknown) => {
      throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
    });
    const { tables, figures } = await locally(node, async () => {
      const result = backtest(candidates, settings);
      const summary = summarise(result, settings.bank, { seed });
      return {
        tables: backtestTables(result, summary, settings.bank),
        figures: figuresOf(summary, result),
      };
    });
    let outcome: BuildOutcome | undefined;
    for (const [suffix, rows] of Object.entries(tables)) {
      const loaded = await connection.loadColumns(rows);
      const select = `select * from ${loaded}`;
      if (suffix === '') {
        outcome = await materialize(node, { sql: select, placeOf: () => undefined }, context);
      } else await replaceBeside(node, suffix, select, context);
      await connection.execute(`drop table ${loaded}`);
    }
    models.backtested(node.id, figures);
    return { rows: undefined, message: 'OK', ...outcome, compiledCode: compiled.sql };
  },
};

async function replaceBeside(
  { relation }: Node,
  suffix: string,
  sql: string,
  { connection, dialect }: BuildContext,
): Promise<void> {
  if (!relation) return;
  const beside = { ...relation, name: `${relation.name}${suffix}` };
  for (const statement of dialect.replaceTable(beside, sql, 'table')) {
    await connection.execute(statement);
  }
}
