import { resolve } from 'node:path';
import { environmentOption } from '../../api/environment.ts';
import type { ApiOptions } from '../../api/load-project.ts';
import type { RunCommand } from '../../api/plan.ts';
import type { Undone } from '../../api/retry.ts';
import { run } from '../../api/run.ts';
import type { Emit, VeloEvent } from '../../core/events.ts';
import { FAILED, type RunResult } from '../../core/result.ts';
import { discreet } from '../cli-context.ts';
import { ciReporter } from '../reporters/ci-reports.ts';
import { reporters } from '../reporters/index.ts';
import { openLogFile } from '../reporters/log-file.ts';
import type { LogLevel, Reporter, ReporterOptions } from '../reporters/reporter.ts';
import { systemClock } from '../terminal/clock.ts';
import { PLAIN } from '../terminal/style.ts';
import { ciTargets } from './ci-targets.ts';
import type { Invocation } from './command.ts';
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
  const logged = withLogFile(shown, invocation, common);
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

/** What is shown, and velo.log where a folder for it is named. */
function withLogFile(shown: Reporter, invocation: Invocation, common: ReporterOptions): Reporter {
  const folder = logOption(invocation, 'logPath', 'LOG_PATH');
  const level = logOption(invocation, 'logLevelFile', 'LOG_LEVEL_FILE') as LogLevel | undefined;
  if (typeof folder !== 'string' || level === 'none') return shown;
  const size = logOption(invocation, 'logFileMaxBytes', 'LOG_FILE_MAX_BYTES');
  const maxBytes = wholeNumber(size, '--log-file-max-bytes', 0) ?? MOST_LOG_BYTES;
  const file = openLogFile(resolve(common.projectDir, folder), maxBytes);
  const isJson = logOption(invocation, 'logFormatFile', 'LOG_FORMAT_FILE') === 'json';
  const stream = discreet(file, invocation.context.environment);
  const written = reporters
    .get(isJson ? 'json' : 'debug')
    .create({ ...common, stream, style: PLAIN, level });
  return both(shown, written);
}

const both = (first: Reporter, second: Reporter): Reporter => ({
  handle(event) {
    first.handle(event);
    second.handle(event);
  },
  close() {
    first.close();
    second.close();
  },
});

/** dbt's limit. */
const MOST_LOG_BYTES = 10 * 1024 * 1024;

/** The command line wins over the environment. */
const logOption = ({ options, context }: Invocation, option: string, variable: string): unknown =>
  options[option] ?? environmentOption(context.environment, variable);

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
