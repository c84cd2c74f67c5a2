import { type RolledBack, rollback } from '../../api/rollback.ts';
import { formatCount, plural } from '../terminal/number.ts';
import type { CommandModule } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions, selectOptions } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';
import { movingOptions } from './transfer.ts';

/** Puts backups back in the place of their tables. Exit codes: 0 done, 2 could not. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const tell = (message: string) => void context.stderr.write(`[WARNING]: ${message}\n`);
  const interrupt = onInterrupt(tell, () => {});
  try {
    const tables = await rollback({
      ...apiOptions(invocation, printEvents(invocation)),
      ...selectOptions(invocation),
      ...movingOptions(invocation),
      signal: interrupt.signal,
    });
    const isDry = options['dryRun'] === true;
    if (options['output'] === 'json') context.stdout.write(`${jsonText(tables, isDry)}\n`);
    else if (!isQuiet(invocation)) {
      context.stdout.write(tables.map((table) => `${lineOf(table, isDry)}\n`).join(''));
    }
    return 0;
  } finally {
    interrupt.stop();
  }
};

function lineOf({ relation, backup, left, rows, rowsBefore }: RolledBack, isDry: boolean): string {
  const was = rowsBefore === undefined ? 'was not there' : `had ${formatCount(rowsBefore)}`;
  const verb = isDry ? 'would be' : 'is';
  return `${relation.schema}.${relation.name} ${verb} as of ${backup.madeAt} UTC: ${plural(rows, 'row')}, ${was}; ${plural(left, 'older backup')} left`;
}

const jsonText = (tables: readonly RolledBack[], isDry: boolean): string =>
  JSON.stringify(
    tables.map(({ node, relation, backup, left, rows, rowsBefore }) => ({
      node: node.id,
      relation: `${relation.schema}.${relation.name}`,
      status: isDry ? 'previewed' : 'done',
      backup: backup.relation.name,
      made_at: `${backup.madeAt.replace(' ', 'T')}Z`,
      backups_left: left,
      rows,
      rows_before: rowsBefore ?? null,
    })),
    null,
    2,
  );
