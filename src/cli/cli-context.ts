import { resolve } from 'node:path';
import { type Environment, environmentOption, readEnvironment } from '../api/environment.ts';
import { concealSecrets, secretValues } from '../core/secret-names.ts';
import type { TerminalStream } from './terminal/screen.ts';
import { createStyle, type Style, wantsColours } from './terminal/style.ts';

/** The process as the commands see it. */
export interface CliContext {
  readonly argv: readonly string[];
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly environment: Environment;
  /** What is to be done when a command has ended well, in this order. */
  readonly atEnd: (() => void)[];
  /** How to print for these options. */
  display(options: Readonly<Record<string, unknown>>): Display;
}

export interface Display {
  /** Absolute folder of the project, for frames of its files. */
  readonly projectDir: string;
  readonly style: Style;
}

export function createCliContext(argv: readonly string[]): CliContext {
  const environment = readEnvironment();
  const { stdout, stderr } = process;
  // `velo … | head` closes the pipe early: what is under way goes on to its end, unheard.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    argv,
    stdout: discreet(stdout, environment),
    stderr: discreet(stderr, environment),
    environment,
    atEnd: [],
    display(options) {
      const named = options['projectDir'] ?? environmentOption(environment, 'PROJECT_DIR') ?? '.';
      const flag = options['color'] === false ? false : options['useColors'];
      const colours = wantsColours({
        flag: typeof flag === 'boolean' ? flag : useColours(environment),
        env: environment,
        isTTY: stdout.isTTY === true,
      });
      return { projectDir: resolve(String(named)), style: createStyle(colours) };
    },
  };
}

/** What the environment says under velo's name or dbt's. */
function useColours(environment: Environment): boolean | undefined {
  const said = environmentOption(environment, 'USE_COLORS')?.toLowerCase();
  if (said === undefined) return undefined;
  return ['1', 't', 'true', 'y', 'yes', 'on'].includes(said);
}

/** A stream that covers the values of secret environment variables, such as a password in the message of a driver. */
export function discreet(stream: TerminalStream, environment: Environment): TerminalStream {
  if (secretValues(environment).length === 0) return stream;
  return {
    write: (text) => stream.write(concealSecrets(text, environment)),
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    get isTTY() {
      return stream.isTTY;
    },
  };
}
