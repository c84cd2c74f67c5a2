import { showTables } from '../../api/show.ts';
import type { Emit } from '../../core/events.ts';
import type { RunResult } from '../../core/result.ts';
import type { CommandModule, Invocation } from './command.ts';
import { apiOptions } from './options.ts';
import { runCommand } from './run-command.ts';
import { loadedTable } from './show-formats.ts';

/** So many rows dbt shows of a seed, too. */
const SHOWN_ROWS = 10;

export const run: CommandModule['run'] = (invocation) => {
  const isShown = invocation.options['show'] === true;
  const atEnd = (result: RunResult, emit: Emit) => tellRows(result, invocation, emit);
  return runCommand('seed', invocation, isShown ? { atEnd } : {});
};

/** The first rows of each seed that is there now, whether it was loaded by this run or is up to date. */
async function tellRows(result: RunResult, invocation: Invocation, emit: Emit): Promise<void> {
  const there = result.results.filter(
    ({ node, status }) => node.startsWith('seed.') && (status === 'success' || status === 'reused'),
  );
  if (there.length === 0) return;
  const options = { ...apiOptions(invocation, () => {}), limit: SHOWN_ROWS };
  const shown = await showTables(options, new Set(there.map(({ node }) => node)));
  const { isTTY, columns } = invocation.context.stdout;
  for (const one of shown) {
    emit({ type: 'printed', message: loadedTable(one, isTTY ? columns : undefined) });
  }
}
