import { show } from '../../api/show.ts';
import { columnsOf } from '../terminal/screen.ts';
import { renderTable } from '../terminal/table.ts';
import type { CommandModule } from './command.ts';
import { apiOptions, rangeOptions, selectOptions, wholeNumber } from './options.ts';
import { printLog } from './print-events.ts';

/** Prints the first rows of models or of an inline query. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const shown = await show({
    ...apiOptions(invocation, printLog(invocation)),
    ...selectOptions(invocation),
    asOf: rangeOptions(invocation).asOf,
    inline: options['inline'] as string | undefined,
    limit: wholeNumber(options['limit'], '--limit', -1) ?? 5,
  });
  if (options['output'] === 'json') {
    const content = shown.map(({ node, rows }) => ({ node: node.name, show: rows }));
    context.stdout.write(
      `${JSON.stringify(content.length === 1 ? content[0] : content, null, 2)}\n`,
    );
    return 0;
  }
  const width = columnsOf(context.stdout);
  for (const { node, columns, rows } of shown) {
    const titles = columns.map((title) => ({ title }));
    const cells = rows.map((row) => columns.map((column) => row[column]));
    context.stdout.write(`Previewing node '${node.name}':\n`);
    const table = rows.length > 0 ? renderTable(titles, cells, width) : '(no rows)';
    context.stdout.write(`${table}\n`);
  }
  return 0;
};
