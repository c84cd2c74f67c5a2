import { parse } from '../../api/parse.ts';
import { foundLine } from '../reporters/run-stats.ts';
import type { CommandModule } from './command.ts';
import { apiOptions } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';

/** Reads the project and writes manifest.json; says what it found. */
export const run: CommandModule['run'] = async (invocation) => {
  const { context } = invocation;
  const print = printEvents(invocation);
  await parse(
    apiOptions(invocation, (event) => {
      print(event);
      if (event.type !== 'project-read' || isQuiet(invocation)) return;
      context.stdout.write(`${foundLine(event.manifest)}\n`);
    }),
  );
  return 0;
};
