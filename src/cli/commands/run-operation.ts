import { runOperation } from '../../api/run-operation.ts';
import { DatabaseError, VeloError } from '../../core/errors.ts';
import type { VeloEvent } from '../../core/events.ts';
import { renderError } from '../render-error.ts';
import { reporters } from '../reporters/index.ts';
import { foundLine } from '../reporters/run-stats.ts';
import { systemClock } from '../terminal/clock.ts';
import { printable } from '../terminal/printable.ts';
import type { CommandModule, Invocation } from './command.ts';
import { apiOptions } from './options.ts';

/** Runs a macro. Exit code 1 when the macro fails, 2 when it cannot be run. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, args, context } = invocation;
  const emit = emitter(invocation);
  const text = (name: string) =>
    typeof options[name] === 'string' ? (options[name] as string) : undefined;
  let isRunning = false;
  try {
    await runOperation({
      ...apiOptions(invocation, emit),
      macro: args[0],
      args: text('args'),
      sql: text('sql'),
      onStart: () => {
        isRunning = true;
      },
    });
    return 0;
  } catch (error) {
    if (!isRunning || !(error instanceof VeloError) || error.code === 'interrupted') throw error;
    emit({ type: 'message', message: failure(error) });
    const { projectDir, style } = context.display(options);
    context.stderr.write(`${renderError(error, { projectDir, style })}\n`);
    return 1;
  }
};

/** dbt's words for what failed: what the database refused is a runtime error, all else is one of compiling. */
function failure(error: VeloError): string {
  const kind = error instanceof DatabaseError ? 'Runtime Error' : 'Compilation Error';
  const lines = error.message.split('\n').map((line) => `  ${line}`);
  return `[ERROR]: Encountered an error while running operation: ${kind}\n${lines.join('\n')}`;
}

/** dbt's lines: what was found, and what the macro says. */
function emitter({ options, context }: Invocation): (event: VeloEvent) => void {
  const { projectDir, style } = context.display(options);
  const isJson = options['logFormat'] === 'json';
  const reporter = reporters.get(isJson ? 'json' : 'lines').create({
    stream: context.stdout,
    style,
    clock: systemClock,
    projectDir,
    targetPath: typeof options['targetPath'] === 'string' ? options['targetPath'] : 'target',
  });
  return (event) => {
    const isFound = event.type === 'project-read' && !isJson;
    reporter.handle(
      isFound ? { type: 'message', message: printable(foundLine(event.manifest)) } : event,
    );
  };
}
