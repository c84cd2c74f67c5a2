import type { CommandEntry } from './command.ts';
import {
  AS_OF_OPTION,
  BATCH_OPTIONS,
  IN_MEMORY_OPTION,
  INTROSPECT_OPTION,
  KIND_OPTIONS,
  LOG_FORMAT_OPTION,
  PRINT_OPTION,
  PROJECT_OPTIONS,
  RANGE_OPTIONS,
  REUSE_OPTION,
  RUN_OPTIONS,
  SELECT_OPTIONS,
  STORE_OPTION,
  THREADS_OPTION,
  WAIT_OPTION,
  WAP_OPTION,
} from './options.ts';

const building = [
  ...SELECT_OPTIONS,
  ...RANGE_OPTIONS,
  REUSE_OPTION,
  ...RUN_OPTIONS,
  ...PROJECT_OPTIONS,
];
const chosen = [...SELECT_OPTIONS, AS_OF_OPTION, ...PROJECT_OPTIONS];
const MOVING_OPTIONS = [
  { flags: '--dry-run', help: 'show what would be done; change nothing' },
  {
    flags: '--lock-timeout <seconds>',
    help: 'how long a try may hold up readers of the table (default: 5)',
  },
  { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
  WAIT_OPTION,
  ...SELECT_OPTIONS,
  ...PROJECT_OPTIONS,
];
const INLINE = { flags: '--inline <sql>', help: 'a query with Jinja instead of nodes' };

/** What velo can do, in the order of its help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'build',
    summary: 'Load seeds, build models and test them: what is missing or changed, and no more',
    options: [WAP_OPTION, STORE_OPTION, ...KIND_OPTIONS, ...building],
    load: () => import('./build.ts'),
  },
  {
    name: 'run',
    summary: 'Build models without their tests',
    options: building,
    load: () => import('./run.ts'),
  },
  {
    name: 'test',
    summary: 'Test what is in the database, and models on rows of unit tests',
    options: [IN_MEMORY_OPTION, STORE_OPTION, ...KIND_OPTIONS, ...building],
    load: () => import('./test.ts'),
  },
  {
    name: 'seed',
    summary: 'Load the CSV files of seeds/',
    options: building,
    load: () => import('./seed.ts'),
  },
  {
    name: 'snapshot',
    summary: 'Keep what changed in the rows of snapshots/',
    options: building,
    load: () => import('./snapshot.ts'),
  },
  {
    name: 'backfill',
    summary: 'Build and test some as_of dates: --from … --to …',
    options: [
      { flags: '--from <date>', help: 'first as_of date to build' },
      { flags: '--to <date>', help: 'last one (default: yesterday in the project’s time zone)' },
      ...SELECT_OPTIONS,
      ...BATCH_OPTIONS,
      ...RUN_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./backfill.ts'),
  },
  {
    name: 'retry',
    summary: 'Do again what the last run failed at or left out, with its flags',
    options: [
      { flags: '--state <dir>', help: 'folder of the run_results.json to go by' },
      { flags: '-f, --full-refresh', help: 'build it anew' },
      ...RUN_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./retry.ts'),
  },
  {
    name: 'plan',
    summary: 'Show what a build would do, and why; change nothing',
    options: [
      {
        flags: '--for <command>',
        help: 'command to plan',
        choices: ['build', 'run', 'test', 'seed', 'snapshot'],
      },
      { flags: '--output <format>', help: 'how to print it', choices: ['table', 'json'] },
      ...SELECT_OPTIONS,
      ...RANGE_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./plan.ts'),
  },
  {
    name: 'verify',
    summary: 'Show that as_of models have the same rows however they are built; change nothing',
    options: [
      {
        flags: '--dates <dates>',
        help: "as_of dates of each model: how many (default: 10), 'all', or dates with commas",
      },
      { flags: '--seed <number>', help: 'another number samples other dates (default: 0)' },
      { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
      {
        flags: '--as-of <date>',
        help: 'last as_of date (default: the newest finished one of each model)',
      },
      THREADS_OPTION,
      WAIT_OPTION,
      ...SELECT_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./verify.ts'),
  },
  {
    name: 'leakage',
    summary: 'Find features that saw the future; change nothing',
    options: [
      {
        flags: '--dates <dates>',
        help: "days to try: how many (default: 3), 'all', or dates with commas",
      },
      {
        flags: '--seed <number>',
        help: 'another number tries other days and changes (default: 0)',
      },
      {
        flags: '--strict',
        help: 'fail for suspicions, too: outcomes that no time bound keeps out',
      },
      { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
      ...chosen,
    ],
    load: () => import('./leakage.ts'),
  },
  {
    name: 'push',
    summary: 'Publish tables in another target: previewed, copied aside, tested there, swapped',
    options: [
      { flags: '--to <target>', help: 'target of the profile that gets the rows' },
      { flags: '--backups <count>', help: 'backups of a table to keep (default: 3)' },
      { flags: '--full-refresh', help: 'send whole tables, also where some days would do' },
      ...MOVING_OPTIONS,
    ],
    load: () => import('./push.ts'),
  },
  {
    name: 'pull',
    summary: 'Copy source tables of another target into this one',
    options: [
      { flags: '--from <target>', help: 'target of the profile that has the rows' },
      { flags: '--full-refresh', help: 'copy whole tables, also where newer rows would do' },
      ...MOVING_OPTIONS,
    ],
    load: () => import('./pull.ts'),
  },
  {
    name: 'rollback',
    summary: 'Put the newest backup of a table back in its place',
    options: MOVING_OPTIONS,
    load: () => import('./rollback.ts'),
  },
  {
    name: 'diff',
    summary: 'Compare the rows of two targets or schemas; change nothing',
    options: [
      { flags: '--to <target>', help: 'other target of the profile, or other schema of this one' },
      {
        flags: '--exclude-columns <columns...>',
        help: 'columns not to compare, such as when a row was made',
      },
      { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
      THREADS_OPTION,
      WAIT_OPTION,
      ...SELECT_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./diff.ts'),
  },
  {
    name: 'models',
    summary:
      'Look after trained models: list, show, compare, promote, rollback, export, import, prune',
    arguments: [
      { name: '[action]', help: 'what to do (default: list)' },
      {
        name: '[names...]',
        help: 'name of the model, then versions (numbers or aliases); what to import',
      },
    ],
    options: [
      { flags: '--alias <alias>', help: 'alias to move (default: champion)' },
      { flags: '--folder <folder>', help: 'folder to export to' },
      {
        flags: '--name <name>',
        help: 'name to import a text of LightGBM under (default: the file’s)',
      },
      {
        flags: '--trained-to <date>',
        help: 'last day an imported text learned from (default: yesterday)',
      },
      {
        flags: '--keep <count>',
        help: 'newest versions of each name that prune leaves (default: 5)',
      },
      { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
      WAIT_OPTION,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./models.ts'),
  },
  {
    name: 'source',
    summary: 'Tell how old the rows of sources are: source freshness',
    arguments: [{ name: '[action]', help: 'freshness' }],
    options: [
      { flags: '-o, --output <file>', help: 'where to write it instead of target/sources.json' },
      THREADS_OPTION,
      LOG_FORMAT_OPTION,
      WAIT_OPTION,
      ...SELECT_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./source.ts'),
  },
  {
    name: 'docs',
    summary: 'Make the page of the project: docs generate; show it: docs serve',
    arguments: [{ name: '[action]', help: 'generate or serve' }],
    options: [
      { flags: '--no-compile', help: 'render no SQL' },
      { flags: '--empty-catalog', help: 'leave the database alone: no types of columns' },
      { flags: '--static', help: 'write static_index.html, too: the same page' },
      { flags: '--host <address>', help: 'address to serve at (default: 127.0.0.1)' },
      { flags: '--port <port>', help: 'port to serve at, 0 for a free one (default: 8080)' },
      { flags: '--no-browser', help: 'do not open a browser' },
      THREADS_OPTION,
      LOG_FORMAT_OPTION,
      WAIT_OPTION,
      ...SELECT_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./docs.ts'),
  },
  {
    name: 'parse',
    summary: 'Read the project and write manifest.json',
    options: PROJECT_OPTIONS,
    load: () => import('./parse.ts'),
  },
  {
    name: 'check',
    summary: 'Find wrong SQL: names and types of every model and test, before anything runs',
    options: [
      { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
      ...SELECT_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./check.ts'),
  },
  {
    name: 'lineage',
    summary: 'Show which columns a column comes from: velo lineage model.column',
    arguments: [{ name: '[column]', help: 'model.column, or a model for all its columns' }],
    options: [
      { flags: '--downstream', help: 'show what is made of it instead' },
      { flags: '--rows', help: 'also what decides which rows a model has: filters, joins, groups' },
      { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./lineage.ts'),
  },
  {
    name: 'compile',
    summary: 'Render SQL into target/compiled',
    options: [
      INLINE,
      { flags: '--output <format>', help: 'how to print it', choices: ['text', 'json'] },
      INTROSPECT_OPTION,
      WAIT_OPTION,
      ...chosen,
    ],
    load: () => import('./compile.ts'),
  },
  {
    name: 'show',
    summary: 'Print rows of a model or of a query',
    options: [
      INLINE,
      { flags: '--limit <rows>', help: 'rows at most, -1 for all (default: 5)' },
      { flags: '--output <format>', help: 'how to print them', choices: ['text', 'json'] },
      WAIT_OPTION,
      ...chosen,
    ],
    load: () => import('./show.ts'),
  },
  {
    name: 'run-operation',
    summary: 'Run a macro',
    arguments: [{ name: '[macro]', help: 'its name, or package.name' }],
    options: [
      { flags: '--args <yaml>', help: "its arguments, such as '{name: value}'" },
      { flags: '--sql <sql>', help: 'a statement with Jinja instead of a macro' },
      PRINT_OPTION,
      LOG_FORMAT_OPTION,
      WAIT_OPTION,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./run-operation.ts'),
  },
  {
    name: 'ls',
    aliases: ['list'],
    summary: 'List nodes',
    options: [
      ...KIND_OPTIONS,
      {
        flags: '--output <format>',
        help: 'how to print them',
        choices: ['selector', 'name', 'path', 'json'],
      },
      {
        flags: '--output-keys <keys...>',
        help: 'what JSON is to have of each, such as config.materialized',
      },
      ...SELECT_OPTIONS,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./ls.ts'),
  },
  {
    name: 'deps',
    summary: 'Install the packages of packages.yml',
    options: [
      { flags: '--lock', help: 'only write package-lock.yml' },
      { flags: '--upgrade', help: 'look for newer versions than the locked ones' },
      { flags: '--add-package <package>', help: 'add name@version to the list first' },
      { flags: '--source <source>', help: 'what is added', choices: ['hub', 'git', 'local'] },
      { flags: '--dry-run', help: 'say what would be installed; write nothing' },
      LOG_FORMAT_OPTION,
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./deps.ts'),
  },
  {
    name: 'debug',
    summary: 'Show settings and try the database',
    options: [
      { flags: '--connection', help: 'only try the database' },
      { flags: '--config-dir', help: 'only show where profiles.yml is' },
      ...PROJECT_OPTIONS,
    ],
    load: () => import('./debug.ts'),
  },
  {
    name: 'clean',
    summary: 'Remove what velo has made',
    options: PROJECT_OPTIONS,
    load: () => import('./clean.ts'),
  },
  {
    name: 'init',
    summary: 'Make a new project',
    arguments: [{ name: '[folder]', help: 'folder to make' }],
    options: PROJECT_OPTIONS.filter(({ flags }) => flags === '--no-color'),
    load: () => import('./init.ts'),
  },
];
