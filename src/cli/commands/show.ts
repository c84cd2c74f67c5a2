import { show } from '../../api/show.ts';
import type { CommandModule } from './command.ts';
import { apiOptions, partOptions, rangeOptions, selectOptions, wholeNumber } from './options.ts';
import { printLog } from './print-events.ts';
import { shownJson, shownTable } from './show-formats.ts';

/** Prints the first rows of models or of an inline query. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const shown = await show({
    ...apiOptions(invocation, printLog(invocation)),
    ...selectOptions(invocation),
    asOf: rangeOptions(invocation).asOf,
    ...partOptions(invocation),
    inline: options['inline'] as string | undefined,
    limit: wholeNumber(options['limit'], '--limit', -1),
  });
  if (shown.length === 0) return 0;
  if (options['output'] === 'json') {
    context.stdout.write(shownJson(shown));
    return 0;
  }
  // What is read by a program, or scrolls in a file, is not cut.
  const width = context.stdout.isTTY ? context.stdout.columns : undefined;
  for (const one of shown) context.stdout.write(shownTable(one, width));
  return 0;
};
