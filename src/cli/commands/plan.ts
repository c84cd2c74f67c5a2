import { plan, RUN_COMMANDS, type RunCommand } from '../../api/plan.ts';
import { renderPlan } from '../reporters/plan-table.ts';
import { columnsOf } from '../terminal/screen.ts';
import type { CommandModule } from './command.ts';
import { apiOptions, partOptions, rangeOptions, selectOptions } from './options.ts';
import { printEvents } from './print-events.ts';

/** Prints what a build would do and why; `--output json` prints plan.json. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const asked = String(options['for'] ?? 'build');
  const command = (asked in RUN_COMMANDS ? asked : 'build') as RunCommand;
  const {
    plan: made,
    manifest,
    artifact,
  } = await plan({
    ...apiOptions(invocation, printEvents(invocation)),
    ...selectOptions(invocation),
    ...rangeOptions(invocation),
    ...partOptions(invocation),
    command,
  });
  if (options['output'] === 'json') {
    context.stdout.write(`${JSON.stringify(artifact(), null, 2)}\n`);
    return 0;
  }
  const { style } = context.display(options);
  context.stdout.write(`${renderPlan(made, manifest, columnsOf(context.stdout), style)}\n`);
  return 0;
};
