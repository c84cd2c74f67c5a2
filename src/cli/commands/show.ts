import { show } from '../../api/show.ts';
import type { CommandModule } from './command.ts';
import {
  apiOptions,
  compileRange,
  partOptions,
  selectOptions,
  text,
  wholeNumber,
} from './options.ts';
import { printLog } from './print-events.ts';
import { shownJson, shownTable } from './show-formats.ts';

/** Prints the first rows of models or of an inline query. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const shown = await show({
    ...apiOptions(invocation, printLog(invocation)),
    ...selectOptions(invocation),
    ...compileRange(invocation),
    ...partOptions(invocation),
    inline: text(options['inline']) ?? verbatim(text(options['inlineDirect'])),
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

/** SQL in which nothing is a template. */
const verbatim = (sql: string | undefined): string | undefined =>
  sql === undefined ? undefined : `{{ ${JSON.stringify(sql)} }}`;
