import type { CommandEntry } from './commands/command.ts';
import { flagNames, optionsOf } from './commands/dbt-options.ts';

/**
 * A command line with the options that stand before the command behind all the rest, as dbt takes them:
 * `--quiet --target ci run -s a b` is `run -s a b --quiet --target ci`. Without a command it stays as it is.
 */
export function commandFirst(
  argv: readonly string[],
  commands: readonly CommandEntry[],
): readonly string[] {
  if (!argv[0]?.startsWith('-')) return argv;
  const valued = valuedFlags(commands);
  let at = 0;
  while (argv[at]?.startsWith('-')) at += valued.has(argv[at] ?? '') ? 2 : 1;
  if (at >= argv.length) return argv;
  return [...argv.slice(at), ...argv.slice(0, at)];
}

/** Options of any command that a value follows. */
const valuedFlags = (commands: readonly CommandEntry[]): ReadonlySet<string> =>
  new Set(
    commands
      .flatMap(optionsOf)
      .flatMap(({ flags }) => (flags.includes('<') ? flagNames(flags) : [])),
  );
