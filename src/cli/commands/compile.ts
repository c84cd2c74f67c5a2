import { compile } from '../../api/compile.ts';
import type { CommandModule } from './command.ts';
import { apiOptions, rangeOptions, selectOptions } from './options.ts';
import { printEvents } from './print-events.ts';

/** Writes target/compiled; prints the SQL of an inline query or of a single node. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const compiled = await compile({
    ...apiOptions(invocation, printEvents(context)),
    ...selectOptions(invocation),
    asOf: rangeOptions(invocation).asOf,
    inline: options['inline'] as string | undefined,
    introspect: options['introspect'] !== false,
  });
  const [only] = compiled;
  const count = `Compiled ${compiled.length} node${compiled.length === 1 ? '' : 's'}`;
  context.stdout.write(only && compiled.length === 1 ? `${only.sql}\n` : `${count}\n`);
  return 0;
};
