import { type Diffed, diff } from '../../api/diff.ts';
import { diffJson } from '../reporters/diff-json.ts';
import { diffReport } from '../reporters/diff-report.ts';
import { plural } from '../terminal/number.ts';
import { columnsOf, createScreen } from '../terminal/screen.ts';
import type { CommandModule, Invocation } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import { apiOptions, selectOptions, texts } from './options.ts';
import { isQuiet, printEvents } from './print-events.ts';

/** Compares the rows of two targets or schemas. Exit codes: 0 the same, 1 different, 2 something could not be compared. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const isJson = options['output'] === 'json';
  const progress = isJson || isQuiet(invocation) ? undefined : progressOf(invocation);
  const close = () => progress?.close();
  const tell = (message: string) => void context.stderr.write(`[WARNING]: ${message}\n`);
  const interrupt = onInterrupt(tell, close);
  try {
    const found = await diff({
      ...apiOptions(invocation, printEvents(invocation)),
      ...selectOptions(invocation),
      to: options['to'] as string | undefined,
      excludeColumns: texts(options['excludeColumns']),
      signal: interrupt.signal,
      watch: progress?.count,
    });
    close();
    const { style, projectDir } = context.display(options);
    const look = { style, projectDir, width: columnsOf(context.stdout), to: String(options['to']) };
    const text = isJson ? JSON.stringify(diffJson(found), null, 2) : diffReport(found, look);
    context.stdout.write(`${text}\n`);
    return exitCode(found);
  } finally {
    close();
    interrupt.stop();
  }
};

function exitCode({ models }: Diffed): number {
  if (models.some(({ status }) => status === 'error')) return 2;
  return models.every(({ status }) => status === 'same') ? 0 : 1;
}

/** In a terminal: how many were compared so far. */
function progressOf({ context }: Invocation) {
  if (context.stdout.isTTY !== true) return undefined;
  const screen = createScreen(context.stdout);
  let compared = 0;
  return {
    count() {
      compared += 1;
      screen.draw([], [`… ${plural(compared, 'node')} compared`]);
    },
    close: () => screen.close(),
  };
}
