import { debug } from '../../api/debug.ts';
import { renderError } from '../render-error.ts';
import type { CommandModule } from './command.ts';
import { apiOptions } from './options.ts';
import { printEvents } from './print-events.ts';

/** Prints what velo would run with and whether the database answers. */
export const run: CommandModule['run'] = async (invocation) => {
  const { context, options } = invocation;
  const { style, projectDir } = context.display(options);
  const all = await debug(apiOptions(invocation, printEvents(invocation)));
  const checks =
    options['connection'] === true ? all.filter(({ name }) => name === 'connection') : all;
  for (const { name, value, error } of checks) {
    const shown = error ? style.red(value) : value;
    context.stdout.write(`${`${name}:`.padEnd(12)}${shown}\n`);
    if (error) context.stdout.write(`${renderError(error, { projectDir, style })}\n`);
  }
  const bad = checks.some(({ error }) => error);
  context.stdout.write(bad ? 'Some checks failed.\n' : style.green('All checks passed.\n'));
  return bad ? 1 : 0;
};
