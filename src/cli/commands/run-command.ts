import type { ApiOptions } from '../../api/load-project.ts';
import type { RunCommand } from '../../api/plan.ts';
import type { Undone } from '../../api/retry.ts';
import { run } from '../../api/run.ts';
import type { Emit, VeloEvent } from '../../core/events.ts';
import { FAILED, type RunResult } from '../../core/result.ts';
import { ciReporter } from '../reporters/ci-reports.ts';
import { reporters } from '../reporters/index.ts';
import type { Reporter, ReporterOptions } from '../reporters/reporter.ts';
import { systemClock } from '../terminal/clock.ts';
import { ciTargets } from './ci-targets.ts';
import type { Invocation } from './command.ts';
import { logFileReporter, logOption } from './log-file-reporter.ts';
import { onInterrupt } from './on-interrupt.ts';
import {
  apiOptions,
  kindOptions,
  partOptions,
  rangeOptions,
  selectOptions,
  wholeNumber,
} from './options.ts';
import { isQuiet } from './print-events.ts';

/** What else a run is to do. */
export interface RunWishes {
  /** What `velo retry` does again. */
  readonly only?: Undone | undefined;
  /** Told of what came of it, while it can still be told of. */
  readonly atEnd?: ((result: RunResult, emit: Emit) => Promise<void>) | undefined;
}

/** build, run, test and seed: one use case, told of as it goes. */
export async function runCommand(
  command: RunCommand,
  invocation: Invocation,
  { only, atEnd }: RunWishes = {},
): Promise<number> {
  const { options, context } = invocation;
  const reporter = createReporter(invocation);
  const tell = (message: string) => reporter.handle({ type: 'warning', message });
  const interrupt = onInterrupt(tell, reporter.close);
  try {
    const emit = (event: VeloEvent) => reporter.handle(event);
    const result = await run({
      ...ofCommand(command, apiOptions(invocation, emit)),
      ...selectOptions(invocation),
      ...kindOptions(invocation),
      ...rangeOptions(invocation),
      ...partOptions(invocation),
      command,
      only,
      failFast: options['failFast'] === true,
      inMemory: options['inMemory'] === true,
      storeFailures: options['storeFailures'] === true,
      signal: interrupt.signal,
      args: shownArguments(options, context.argv),
    });
    if (result.interrupted) return 130;
    await atEnd?.(result, emit);
    return result.results.some(({ status }) => FAILED.has(status)) ? 1 : 0;
  } catch (error) {
    reporter.failed?.(error);
    throw error;
  } finally {
    reporter.close();
    interrupt.stop();
  }
}

/** To templates a run that is repeated is the command that it repeats. */
export function ofCommand(which: RunCommand, options: ApiOptions): ApiOptions {
  const { flags } = options;
  return flags
    ? { ...options, flags: { ...flags, which, args: { ...flags.args, which } } }
    : options;
}

/** What tells of a run; `mayLive`: in a terminal as a view that changes. */
export function createReporter(invocation: Invocation, mayLive = true): Reporter {
  const { options, context } = invocation;
  const { projectDir, style } = context.display(options);
  const common: ReporterOptions = {
    stream: context.stdout,
    style,
    clock: systemClock,
    projectDir,
    targetPath: typeof options['targetPath'] === 'string' ? options['targetPath'] : 'target',
    lineWidth: wholeNumber(
      logOption(invocation, 'printerWidth', 'PRINTER_WIDTH'),
      '--printer-width',
    ),
  };
  const name = reporterName(invocation, mayLive);
  const level = isDebug(invocation) ? 'debug' : 'info';
  const shown = name === undefined ? SILENT : reporters.get(name).create({ ...common, level });
  const targets = ciTargets(invocation);
  const log = logFileReporter(invocation, common);
  const logged = log ? both(shown, log) : shown;
  return targets ? both(logged, ciReporter(targets)) : logged;
}

/** Whether the run is shown as a view that changes. */
export const isLive = (invocation: Invocation): boolean =>
  reporterName(invocation, true) === 'live';

/** How the run is shown; undefined: not at all. */
function reporterName(invocation: Invocation, mayLive: boolean): string | undefined {
  const format = logOption(invocation, 'logFormat', 'LOG_FORMAT');
  const level = logOption(invocation, 'logLevel', 'LOG_LEVEL');
  if (level === 'none') return undefined;
  if (format === 'json') return 'json';
  if (isQuiet(invocation) || level === 'error' || level === 'warn') return 'quiet';
  if (format === 'debug') return 'debug';
  if (isDebug(invocation)) return 'phases';
  const { isTTY } = invocation.context.stdout;
  return mayLive && isTTY === true && format === undefined ? 'live' : 'lines';
}

const isDebug = (invocation: Invocation): boolean =>
  logOption(invocation, 'logLevel', 'LOG_LEVEL') === 'debug' ||
  /^(?:1|t|true|y|yes|on)$/i.test(String(logOption(invocation, 'debug', 'DEBUG')));

const both = (first: Reporter, second: Reporter): Reporter => ({
  handle(event) {
    first.handle(event);
    second.handle(event);
  },
  failed(error) {
    first.failed?.(error);
    second.failed?.(error);
  },
  close() {
    first.close();
    second.close();
  },
});

const SILENT: Reporter = { handle() {}, close() {} };

/** Flags under dbt's names; the invocation's own text comes last, as in dbt. */
export function shownArguments(
  options: Readonly<Record<string, unknown>>,
  argv: readonly string[],
): Readonly<Record<string, unknown>> {
  const flags = Object.entries(options).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  const invocation = ['velo', ...argv].join(' ');
  return {
    ...(Object.fromEntries(flags) as Record<string, unknown>),
    invocation_command: invocation,
  };
}
