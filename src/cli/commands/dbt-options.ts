import type { CommandEntry, OptionEntry } from './command.ts';

/** A switch of dbt: `--name` and `--no-name`; some have a letter. */
const SWITCHES: readonly string[] = [
  ...['browser', 'cache-selected-only', 'clean-project-files-only', 'compile', '-d debug', 'defer'],
  ...['empty', 'export-saved-queries', '-x fail-fast', 'favor-state'],
  ...['hints-enabled', 'include-saved-query', 'inject-ephemeral-ctes', 'introspect'],
  ...['log-cache-events', 'macro-debugging', 'partial-parse', 'partial-parse-file-diff'],
  ...['populate-cache', 'print', '-q quiet', 'send-anonymous-usage-stats'],
  ...['show-all-deprecations', 'single-threaded', 'snowflake-projects-otel', 'static-parser'],
  ...['upload-to-artifacts-ingest-api', 'use-colors', 'use-colors-file', 'write-json'],
  ...['use-experimental-parser', 'use-fast-test-edges', 'use-v2-parser', 'version-check'],
];

const OTHERS: readonly string[] = [
  ...['--deprecated-print', '--deprecated-no-print', '--deprecated-defer'],
  ...['--deprecated-favor-state', '--deprecated-state <dir>'],
  ...['-f, --full-refresh', '--show', '--skip-debug', '-s, --skip-profile-setup', '--v2-parser'],
  ...['--defer-state <dir>', '--indirect-selection <mode>', '--log-file-max-bytes <bytes>'],
  ...['--log-format <format>', '--log-format-file <format>', '--log-level <level>'],
  ...['--log-level-file <level>', '--log-path <dir>', '--maximum-seed-size-mib <size>'],
  ...['--model <selectors...>', '--partial-parse-file-path <file>', '--printer-width <columns>'],
  ...['--profile <name>', '--profiles-dir <dir>', '--project-dir <dir>', '--sqlparse <yaml>'],
  ...['-r, --record-timing-info <file>', '--show-resource-report', '--state <dir>'],
  ...['-t, --target <name>', '--threads <count>', '--vars <yaml>', '--warn-error'],
  ...['--warn-error-options <yaml>'],
];

/** dbt takes most with every command. What a command of velo has no use for is taken without effect. */
const TAKEN: readonly string[] = [
  ...OTHERS,
  ...SWITCHES.flatMap((words) => {
    const [name = '', letter] = words.split(' ').reverse();
    return [letter === undefined ? `--${name}` : `${letter}, --${name}`, `--no-${name}`];
  }),
];

/** `-q` and `--quiet` of `-q, --quiet`. */
export const flagNames = (flags: string): readonly string[] =>
  flags.split(/[ ,]+/).filter((word) => word.startsWith('-'));

/** The options of a command and, hidden, those of dbt that it does not have: scripts give them. */
export function optionsOf({ options }: Pick<CommandEntry, 'options'>): readonly OptionEntry[] {
  const own = new Set(options.flatMap(({ flags }) => flagNames(flags)));
  const more = TAKEN.flatMap((flags) => {
    const long = flagNames(flags).at(-1) ?? '';
    if (own.has(long)) return [];
    const isLetterFree = flagNames(flags).every((name) => !own.has(name));
    return {
      flags: isLetterFree ? flags : flags.slice(flags.indexOf('--')),
      help: '',
      hidden: true,
    };
  });
  return [...options, ...more];
}
