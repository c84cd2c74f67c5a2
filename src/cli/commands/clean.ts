import { clean } from '../../api/clean.ts';
import type { CommandModule } from './command.ts';
import { apiOptions } from './options.ts';
import { printEvents } from './print-events.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const { context } = invocation;
  const folders = await clean(apiOptions(invocation, printEvents(invocation)));
  for (const folder of folders) context.stdout.write(`Removed ${folder}\n`);
  return 0;
};
