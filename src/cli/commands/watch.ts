import type { FileChange } from '../../api/file-watch.ts';
import { type WatchEvent, watch } from '../../api/watch.ts';
import { VeloError, VeloErrors } from '../../core/errors.ts';
import type { VeloEvent } from '../../core/events.ts';
import { renderError } from '../render-error.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { plural } from '../terminal/number.ts';
import { closing, tellFaults } from './check.ts';
import type { CommandModule, Invocation } from './command.ts';
import { onInterrupt } from './on-interrupt.ts';
import {
  apiOptions,
  kindOptions,
  partOptions,
  rangeOptions,
  selectOptions,
  wholeNumber,
} from './options.ts';
import { createReporter, isLive, ofCommand, shownArguments } from './run-command.ts';

/** Builds at each save, until Ctrl-C. Exit codes: 0 ended between builds, 2 could not begin, 130 interrupted in one. */
export const run: CommandModule['run'] = async (invocation) => {
  const { options, context } = invocation;
  const reporter = createReporter(invocation);
  let isWaiting = false;
  const interrupt = onInterrupt((message) => {
    if (!isWaiting) reporter.handle({ type: 'warning', message });
  }, reporter.close);
  const given = apiOptions(invocation, firstReading(reporter));
  try {
    const { interrupted } = await watch({
      ...ofCommand('build', given),
      ...selectOptions(invocation),
      ...kindOptions(invocation),
      ...rangeOptions(invocation),
      ...partOptions(invocation),
      command: 'build',
      failFast: options['failFast'] === true,
      storeFailures: options['storeFailures'] === true,
      // Whoever holds the database now has let it go when the next file is saved.
      waitMs: options['wait'] === undefined ? Number.POSITIVE_INFINITY : given.waitMs,
      signal: interrupt.signal,
      args: shownArguments(options, context.argv),
      downstream: options['downstream'] === true,
      onlyCheck: options['check'] === true,
      pollMs: pollMs(options['poll']),
      tell(event) {
        isWaiting = event.type === 'waiting';
        reporter.handle({ type: 'message', ...toldOf(event, invocation) });
      },
    });
    return interrupted ? 130 : 0;
  } finally {
    reporter.close();
    interrupt.stop();
  }
};

function pollMs(poll: unknown): number | undefined {
  if (poll === undefined) return undefined;
  return 1000 * (poll === true ? 1 : (wholeNumber(poll, '--poll') ?? 1));
}

/** What is found in the project is told once, not at each save. */
function firstReading(reporter: Reporter): (event: VeloEvent) => void {
  let isRead = false;
  return (event) => {
    if (event.type === 'project-read' && isRead) return;
    isRead ||= event.type === 'project-read';
    reporter.handle(event);
  };
}

interface Told {
  /** For programs that read the log. */
  readonly name: string;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What the reporter says of it; faults are written at once. */
function toldOf(event: WatchEvent, invocation: Invocation): Told {
  switch (event.type) {
    case 'watching': {
      const { files, project, target } = event;
      const message = `Watching ${plural(files, 'file')} of ${project}, target ${target} (Ctrl-C ends)`;
      return { name: 'WatchStarted', message, data: { files, project, target } };
    }
    case 'saved': {
      const message = timeOf(invocation) + savedText(event.changes);
      return { name: 'FilesChanged', message, data: { files: event.changes } };
    }
    case 'untouched':
      return { name: 'NothingTouched', message: 'Nothing to build: no chosen node has changed' };
    case 'checked': {
      const faults = tellFaults(event.nodes, invocation);
      return { name: 'Checked', message: closing(event.nodes, faults), data: { faults } };
    }
    case 'failed':
      return failure(event.error, invocation);
    case 'waiting': {
      const { files } = event;
      return { name: 'Watching', message: `Watching ${plural(files, 'file')}`, data: { files } };
    }
  }
}

/** Reporters of lines put the time in front themselves. */
function timeOf(invocation: Invocation): string {
  if (!isLive(invocation)) return '';
  const now = new Date();
  const parts = [now.getHours(), now.getMinutes(), now.getSeconds()];
  return `\n${parts.map((part) => String(part).padStart(2, '0')).join(':')}  `;
}

const NAMED = 3;

/** `models/a.sql saved, models/b.sql new and 98 more` */
function savedText(changes: readonly FileChange[]): string {
  const named = changes.slice(0, NAMED).map(({ path, change }) => `${path} ${change}`);
  const rest = changes.length - named.length;
  return named.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function failure(error: unknown, { options, context }: Invocation): Told {
  const { projectDir, style } = context.display(options);
  context.stderr.write(`${renderError(error, { projectDir, style })}\n`);
  const errors = error instanceof VeloErrors ? error.errors : [error];
  const data = errors.map((one) =>
    one instanceof VeloError
      ? { code: one.code, message: one.message, hint: one.hint, ...one.span }
      : { message: String(one) },
  );
  const message = `Nothing built: ${plural(errors.length, 'error')}`;
  return { name: 'WatchFailed', message, data: { errors: data } };
}
