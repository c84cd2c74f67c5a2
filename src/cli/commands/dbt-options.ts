import type { OptionEntry } from './command.ts';

/**
 * Options of dbt with nothing to do in velo: they tune what velo does in another way, or not at all. Scripts give them,
 * so they are taken without a word, and left out of the help.
 */
const TAKEN: readonly string[] = [
  '--clean-project-files-only',
  '--no-clean-project-files-only',
  '--cache-selected-only',
  '--no-cache-selected-only',
  '--hints-enabled',
  '--no-hints-enabled',
  '--log-cache-events',
  '--no-log-cache-events',
  '--macro-debugging',
  '--no-macro-debugging',
  '--maximum-seed-size-mib <size>',
  '--partial-parse',
  '--partial-parse-file-diff',
  '--no-partial-parse-file-diff',
  '--populate-cache',
  '--no-populate-cache',
  '--send-anonymous-usage-stats',
  '--no-send-anonymous-usage-stats',
  '--no-show-all-deprecations',
  '--static-parser',
  '--no-static-parser',
  '--use-experimental-parser',
  '--no-use-experimental-parser',
  '--use-fast-test-edges',
  '--no-use-fast-test-edges',
  '--version-check',
];

/** Names by which commander keeps them; they are no answer to `flags` of templates. */
export const DBT_OPTIONS: readonly OptionEntry[] = TAKEN.map((flags) => ({
  flags,
  help: 'dbt’s, without effect',
  hidden: true,
}));
