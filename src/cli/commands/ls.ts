import { list } from '../../api/list.ts';
import type { CommandModule } from './command.ts';
import { FORMATS } from './list-formats.ts';
import { apiOptions, kindOptions, selectOptions, text, texts } from './options.ts';
import { printLog } from './print-events.ts';

/** Lists the selected nodes, one a line. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const models = texts(options['models']);
  const listed = await list({
    ...apiOptions(invocation, printLog(invocation)),
    ...selectOptions(invocation),
    // As in dbt, -m lists models alone.
    ...kindOptions(invocation),
    asOf: text(options['asOf']),
    ...(models.length > 0 ? { resourceTypes: ['model'] } : {}),
  });
  const keys = texts(options['outputKeys']).flatMap((text) => text.split(' '));
  const format = FORMATS[String(options['output'] ?? 'selector')] ?? (({ name }) => name);
  context.stdout.write(listed.nodes.map((node) => `${format(node, listed, keys)}\n`).join(''));
  return 0;
};
