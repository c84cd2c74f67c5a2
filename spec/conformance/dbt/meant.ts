/** Calls that differ on purpose, by their cause. The guide has the same table: docs/guides/coming-from-dbt.md. */
export interface MeantDifference {
  readonly what: string;
  readonly dbt: string;
  readonly velo: string;
  readonly calls: readonly number[];
  /** What else than lines differs: `dbt` and `velo` say how. */
  readonly also?: readonly ('exit' | 'rows')[];
  /** Not always. */
  readonly isByChance?: true;
}

export const MEANT: readonly MeantDifference[] = [
  {
    what: '`--version`',
    dbt: 'its packages, and the newest there are',
    velo: 'its version, by the bin: to the commands, which are called here, it is unknown (exit 2)',
    calls: [4],
    also: ['exit'],
  },
  {
    what: 'no command, `debug`',
    dbt: 'its help, Python and settings',
    velo: 'its own',
    calls: [5, 10, 11, 215, 217, 219, 323],
  },
  {
    what: 'a local package that was not installed',
    dbt: 'refused, exit 2',
    velo: 'read where it is',
    calls: [6, 103],
    also: ['exit'],
  },
  {
    what: 'mistakes that show when a project is read',
    dbt: 'found when the node runs, or a warning',
    velo: 'refused, exit 2: macros and variables that do not exist, circles, YAML of what does not exist, keys given twice',
    calls: [145, 147, 148, 149, 150, 173, 180, 189, 190, 194, 195, 196, 198, 349, 356, 362, 363],
    also: ['exit'],
  },
  {
    what: 'models in Python',
    dbt: 'run',
    velo: 'refused when they are built: what they need would be a Python beside velo',
    calls: [2, 21, 22, 23, 36],
    also: ['exit'],
  },
  {
    what: 'unknown settings',
    dbt: 'no word',
    velo: 'a warning with the place and what was probably meant',
    calls: [187, 212],
  },
  {
    what: '`show` of several nodes, or of a seed',
    dbt: 'the first alone; loads the seed; groups digits of seeds',
    velo: 'each; reads the file and leaves the table alone',
    calls: [62, 63],
  },
  {
    what: '`--fail-fast`',
    dbt: 'lines of cancelled queries; what did not start is not tried again by `retry`',
    velo: 'what did not start is skipped, and `retry` does it',
    calls: [136, 137, 138, 142],
  },
  {
    what: 'hooks of a run after one that failed',
    dbt: 'skipped, and counted as errors in one place and as skips in the other',
    velo: 'skipped, counted as skips',
    calls: [164, 165],
  },
  {
    what: 'a batch of a microbatch model that failed',
    dbt: '`ERROR`',
    velo: 'why, with the line',
    calls: [307, 308, 310, 321],
  },
  {
    what: 'a seed that names a column twice',
    dbt: 'renames the second',
    velo: 'refused',
    calls: [167, 168],
    also: ['exit', 'rows'],
  },
  {
    what: 'a seed with the word `null` in a column of numbers',
    dbt: 'takes it for nothing when it chooses the type, and DuckDB refuses it',
    velo: 'nothing, in both',
    calls: [352, 360],
    also: ['exit', 'rows'],
  },
  {
    what: '`seed --show`',
    dbt: 'ends with a trace of Python, exit 2',
    velo: 'the first rows',
    calls: [17, 361],
    also: ['exit'],
  },
  {
    what: 'rows of an incremental model whose `unique_key` is NULL',
    dbt: 'added again by each run',
    velo: 'replaced like others',
    calls: [293],
    also: ['rows'],
  },
  {
    what: "a unit test's inputs that were not built",
    dbt: 'an error',
    velo: 'types come from their SQL over empty inputs',
    calls: [162],
    also: ['exit'],
  },
  {
    what: 'rows that `show` takes of a query without an order',
    dbt: 'as the database comes to them',
    velo: 'as the database comes to them: its order changes with its threads',
    calls: [61],
    isByChance: true,
  },
  {
    what: '`--debug`',
    dbt: 'each statement and connection, its settings and caches',
    velo: 'how long each phase took',
    calls: [109, 118],
  },
  {
    what: 'a name that `--warn-error-options` does not know',
    dbt: 'ends with a trace of Python, exit 1',
    velo: 'no such warning comes: no effect',
    calls: [129],
    also: ['exit'],
  },
  {
    what: '`retry` after `docs generate` or `docs serve`',
    dbt: 'ends with a trace of Python, exit 2',
    velo: 'goes by the last run of nodes',
    calls: [100, 357],
    also: ['exit'],
  },
  {
    what: '`result:` after `docs generate`',
    dbt: 'its own results: each node compiled',
    velo: 'those of the last run of nodes',
    calls: [267, 268, 269],
  },
  {
    what: '`clone` with the target folder as its state',
    dbt: 'overwrites the manifest before it reads it, exit 1',
    velo: 'reads it, and clones',
    calls: [358],
    also: ['exit'],
  },
];
