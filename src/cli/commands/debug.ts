import { debug, profilesFolder } from '../../api/debug.ts';
import { renderError } from '../render-error.ts';
import type { CommandModule } from './command.ts';
import { apiOptions } from './options.ts';
import { printEvents } from './print-events.ts';

/** What shows a folder on this system. */
const OPENER =
  { darwin: 'open', win32: 'start' }[process.platform as 'darwin' | 'win32'] ?? 'xdg-open';

/** Prints what velo would run with and whether the database answers. */
export const run: CommandModule['run'] = async (invocation) => {
  const { context, options } = invocation;
  const { style, projectDir } = context.display(options);
  const settings = apiOptions(invocation, printEvents(invocation));
  if (options['configDir'] === true) {
    const folder = await profilesFolder(settings);
    context.stdout.write(`To view your profiles.yml file, run:\n\n${OPENER} ${folder}\n`);
    return 0;
  }
  const all = await debug(settings);
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
