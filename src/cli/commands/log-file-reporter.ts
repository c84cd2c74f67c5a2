import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environmentOption } from '../../api/environment.ts';
import { ConfigError } from '../../core/errors.ts';
import { discreet } from '../cli-context.ts';
import { reporters } from '../reporters/index.ts';
import { openLogFile } from '../reporters/log-file.ts';
import type { LogLevel, Reporter, ReporterOptions } from '../reporters/reporter.ts';
import type { TerminalStream } from '../terminal/screen.ts';
import { PLAIN } from '../terminal/style.ts';
import type { Invocation } from './command.ts';
import { wholeNumber } from './options.ts';

/** Where dbt has its log, too. */
const USUAL_FOLDER = 'logs';

/** dbt's limit. */
const MOST_BYTES = 10 * 1024 * 1024;

/**
 * What writes velo.log; undefined when none is wanted, or when there is no project whose folder it could go to.
 * @throws ConfigError 'usage' when the folder that was asked for cannot be written to
 */
export function logFileReporter(
  invocation: Invocation,
  common: ReporterOptions,
): Reporter | undefined {
  const level = logOption(invocation, 'logLevelFile', 'LOG_LEVEL_FILE') as LogLevel | undefined;
  if (level === 'none') return undefined;
  const file = openFile(invocation, common.projectDir);
  if (!file) return undefined;
  const isJson = logOption(invocation, 'logFormatFile', 'LOG_FORMAT_FILE') === 'json';
  const stream = discreet(file, invocation.context.environment);
  return reporters
    .get(isJson ? 'json' : 'debug')
    .create({ ...common, stream, style: PLAIN, level: level ?? 'debug' });
}

function openFile(invocation: Invocation, projectDir: string): TerminalStream | undefined {
  const size = logOption(invocation, 'logFileMaxBytes', 'LOG_FILE_MAX_BYTES');
  const maxBytes = wholeNumber(size, '--log-file-max-bytes', 0) ?? MOST_BYTES;
  const given = logOption(invocation, 'logPath', 'LOG_PATH');
  const isGiven = typeof given === 'string';
  if (!isGiven && !isProject(projectDir)) return undefined;
  try {
    return openLogFile(resolve(projectDir, isGiven ? given : USUAL_FOLDER), maxBytes);
  } catch (cause) {
    // A project that cannot be written to can be run from, with the target elsewhere.
    if (!isGiven) return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('usage', `--log-path '${given}': ${reason}`, { cause });
  }
}

const isProject = (folder: string): boolean =>
  ['velo_project.yml', 'dbt_project.yml'].some((name) => existsSync(join(folder, name)));

/** The command line wins over the environment. */
export const logOption = (
  { options, context }: Invocation,
  option: string,
  variable: string,
): unknown => options[option] ?? environmentOption(context.environment, variable);
