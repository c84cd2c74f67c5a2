import { join } from 'node:path';
import { clean } from '../../api/clean.ts';
import type { CommandModule } from './command.ts';
import { apiOptions } from './options.ts';
import { printEvents } from './print-events.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const { context } = invocation;
  const folders = await clean(apiOptions(invocation, printEvents(invocation)));
  const { projectDir } = context.display(invocation.options);
  for (const folder of folders) {
    const files = `${join(projectDir, folder)}/*`;
    context.stdout.write(`Checking ${files}\nCleaned ${files}\n`);
  }
  context.stdout.write('Finished cleaning all paths.\n');
  return 0;
};
