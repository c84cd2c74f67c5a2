import { environmentOption, readWarnErrorOptions } from '../../api/environment.ts';
import type { ExcerptOptions } from '../../api/excerpt.ts';
import type { KindOptions } from '../../api/kind-filter.ts';
import type { ApiOptions, Notice } from '../../api/load-project.ts';
import type { SelectOptions } from '../../api/select-nodes.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Emit } from '../../core/events.ts';
import type { Invocation, OptionEntry } from './command.ts';
import { tellDeprecations } from './deprecations.ts';

/** Where and with what to run: every command has these. */
export const PROJECT_OPTIONS: readonly OptionEntry[] = [
  { flags: '--project-dir <dir>', help: 'folder of the project (default: this one)' },
  { flags: '--profiles-dir <dir>', help: 'folder of profiles.yml' },
  { flags: '--profile <name>', help: 'profile to use' },
  { flags: '-t, --target <name>', help: 'target of the profile' },
  { flags: '--target-path <dir>', help: 'folder of artifacts and of the default database' },
  { flags: '--vars <yaml>', help: "variables, such as '{source: hk}'" },
  { flags: '--no-color', help: 'print without colours' },
  { flags: '-q, --quiet', help: 'print answers and errors only' },
  { flags: '--warn-error', help: 'take warnings as errors' },
  {
    flags: '--warn-error-options <yaml>',
    help: "some of them: '{error: [names] or all, warn: [names], silence: [names]}'",
  },
  {
    flags: '--show-all-deprecations',
    help: 'tell of each deprecation, not of the first of its kind alone',
  },
  { flags: '--no-github', help: 'write no annotations and no summary for GitHub Actions' },
  { flags: '--no-write-json', help: 'leave manifest.json and the other artifacts as they are' },
  { flags: '--no-version-check', help: 'run whatever versions the project asks for' },
  { flags: '--no-partial-parse', help: 'read all files anew' },
  {
    flags: '--max-template-loops <count>',
    help: 'iterations of all loops of a template (default: 10000000)',
  },
  {
    flags: '--max-template-depth <count>',
    help: 'macro calls within macro calls (default: 400)',
  },
  {
    flags: '--max-template-output <characters>',
    help: 'text a template may write (default: 50000000)',
  },
];

export const SELECT_OPTIONS: readonly OptionEntry[] = [
  { flags: '-s, --select <selectors...>', help: 'nodes to take (names, paths, tag:x, +x, x+, @x)' },
  { flags: '-m, --models <selectors...>', help: 'old name of --select' },
  { flags: '--exclude <selectors...>', help: 'nodes to leave out' },
  { flags: '--selector <name>', help: 'a selection of selectors.yml' },
  {
    flags: '--indirect-selection <mode>',
    help: 'which tests of selected nodes to take (default: eager)',
    choices: ['eager', 'cautious', 'buildable', 'empty'],
  },
  {
    flags: '--state <dir>',
    help: 'folder of what an earlier run left, for state:, result: and source_status:',
  },
];

/** For references to what is not built here. */
export const DEFER_OPTIONS: readonly OptionEntry[] = [
  {
    flags: '--defer',
    help: 'read what is neither selected nor built here from where the manifest of --state has it',
  },
  { flags: '--no-defer', help: 'read what is built here alone', hidden: true },
  { flags: '--favor-state', help: 'with --defer: also what is built here, if it is not selected' },
  { flags: '--no-favor-state', help: 'what is built here comes first', hidden: true },
  { flags: '--defer-state <dir>', help: 'folder of that manifest, in place of --state' },
];

export const AS_OF_OPTION: OptionEntry = {
  flags: '--as-of <date>',
  help: 'last as_of date to build (default: yesterday in the project’s time zone)',
};

/** How the dates that are asked for are built. */
export const BATCH_OPTIONS: readonly OptionEntry[] = [
  { flags: '-f, --full-refresh', help: 'build everything anew' },
  { flags: '--batch-size <grains>', help: "as_of grains a statement: a number, 'all' or 'auto'" },
  {
    flags: '--restate <dates>',
    help: 'as_of dates to build again though they are finished: 2024-01-01..2024-02-01',
  },
  { flags: '--no-late', help: 'leave dates that late rows touch for another run' },
];

/** What decides which dates are built and how. */
export const RANGE_OPTIONS: readonly OptionEntry[] = [
  AS_OF_OPTION,
  { flags: '--from <date>', help: 'first as_of date to build; what is missing before it stays so' },
  ...BATCH_OPTIONS,
  { flags: '--no-reuse', help: 'build what is up to date again, as dbt does' },
  { flags: '--event-time-start <time>', help: 'first event time of microbatch models, UTC' },
  { flags: '--event-time-end <time>', help: 'event time their batches end at, UTC' },
];

export const LOG_FORMAT_OPTION: OptionEntry = {
  flags: '--log-format <format>',
  help: 'how to tell of progress',
  choices: ['text', 'json'],
};

export const JUNIT_OPTION: OptionEntry = {
  flags: '--junit <file>',
  help: 'write results as JUnit XML, for CI',
};

/** What of a run is told, and how wide. */
const LOG_OPTIONS: readonly OptionEntry[] = [
  { ...LOG_FORMAT_OPTION, choices: ['text', 'json', 'debug', 'default'] },
  {
    flags: '--log-level <level>',
    help: 'the least that is told (default: info)',
    choices: ['debug', 'info', 'warn', 'error', 'none'],
  },
  { flags: '-d, --debug', help: 'tell also how long each phase took' },
  { flags: '--log-path <dir>', help: 'folder of velo.log (default: logs)' },
  {
    flags: '--log-level-file <level>',
    help: 'the least that velo.log tells (default: debug)',
    choices: ['debug', 'info', 'warn', 'error', 'none'],
  },
  {
    flags: '--log-format-file <format>',
    help: 'how velo.log tells it (default: debug)',
    choices: ['text', 'json', 'debug', 'default'],
  },
  {
    flags: '--log-file-max-bytes <bytes>',
    help: 'size at which velo.log becomes velo.log.1, 0 for none (default: 10485760)',
  },
  { flags: '--printer-width <columns>', help: 'where the lines of nodes end (default: 80)' },
];

export const THREADS_OPTION: OptionEntry = {
  flags: '--threads <number>',
  help: 'nodes built at once',
};

/** For commands that open the database to write. */
export const WAIT_OPTION: OptionEntry = {
  flags: '--wait [seconds]',
  help: 'wait for a database that another process holds (default: as long as it takes)',
};

export const RUN_OPTIONS: readonly OptionEntry[] = [
  THREADS_OPTION,
  { flags: '-x, --fail-fast', help: 'start nothing more after the first failure' },
  ...LOG_OPTIONS,
  JUNIT_OPTION,
  WAIT_OPTION,
];

export const WAP_OPTION: OptionEntry = {
  flags: '--no-wap',
  help: 'publish rows before they are tested, as dbt does',
};

/** For commands that look for wrong SQL first unless they are told not to. */
export const NO_CHECK_OPTIONS: readonly OptionEntry[] = [
  { flags: '--check', help: 'look for wrong SQL first', hidden: true },
  { flags: '--no-check', help: 'do not look for wrong SQL first: run what can be run' },
];

/** For those that do so when they are told to. */
export const CHECK_OPTIONS: readonly OptionEntry[] = [
  { flags: '--check', help: 'look for wrong SQL first, and run nothing when there is some' },
  { flags: '--no-check', help: 'run what can be run', hidden: true },
];

export const KIND_OPTIONS: readonly OptionEntry[] = [
  {
    flags: '--resource-type, --resource-types <kinds...>',
    help: "only nodes of these kinds; 'all' and 'default' are known",
  },
  {
    flags: '--exclude-resource-type, --exclude-resource-types <kinds...>',
    help: 'no nodes of these kinds',
  },
];

export const EMPTY_OPTION: OptionEntry = {
  flags: '--empty',
  help: 'read inputs without their rows: types and names are tried, little is computed',
};

/** For commands that build, or show what would be. */
export const PART_OPTIONS: readonly OptionEntry[] = [
  EMPTY_OPTION,
  {
    flags: '--sample <window>',
    help: "read inputs by their event time: '3 days', '{start: 2024-01-04, end: 2024-01-06}'",
  },
];

export const STORE_OPTION: OptionEntry = {
  flags: '--store-failures',
  help: 'keep the rows data tests find in tables of their own',
};

export const IN_MEMORY_OPTION: OptionEntry = {
  flags: '--in-memory',
  help: 'run unit tests alone, in an empty DuckDB in memory; the target is not opened',
};

export const COMPILE_ANEW_OPTION: OptionEntry = {
  flags: '-f, --full-refresh',
  help: 'compile incremental models as if they were not there',
};

export const PRINT_OPTION: OptionEntry = {
  flags: '--no-print',
  help: 'leave out what print() prints',
};

export const INTROSPECT_OPTION: OptionEntry = {
  flags: '--no-introspect',
  help: 'templates may not ask the database',
};

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The values of an option that may be given several times. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];

/** What is not given is left to the environment and to the project file. @throws ConfigError 'usage' */
function globalFlags(options: Invocation['options']): ApiOptions['globalFlags'] {
  const given = (value: unknown, word: boolean) => (value === word ? word : undefined);
  const count = (name: string, flag: string) => wholeNumber(options[name], flag);
  return {
    warnError: given(options['warnError'], true),
    warnErrorOptions:
      options['warnErrorOptions'] === undefined
        ? undefined
        : readWarnErrorOptions(options['warnErrorOptions']),
    writeJson: given(options['writeJson'], false),
    versionCheck: given(options['versionCheck'], false),
    partialParse: given(options['partialParse'], false),
    reuse: given(options['reuse'], false),
    wap: given(options['wap'], false),
    check: options['check'] as boolean | undefined,
    defer: options['defer'] as boolean | undefined,
    favorState: options['favorState'] as boolean | undefined,
    maxTemplateLoops: count('maxTemplateLoops', '--max-template-loops'),
    maxTemplateDepth: count('maxTemplateDepth', '--max-template-depth'),
    maxTemplateOutput: count('maxTemplateOutput', '--max-template-output'),
  };
}

/** The options every use case takes; what of a selection is of no effect is told of. @throws ConfigError 'usage' */
export function apiOptions({ options, context }: Invocation, given: Emit): ApiOptions {
  const { emit, close } = tellDeprecations(given, isAllShown(options, context));
  context.atEnd.push(close);
  if (
    options['selector'] !== undefined &&
    (options['select'] ?? options['models'] ?? options['model'] ?? options['exclude'])
  ) {
    emit({ type: 'message', message: SELECTION_IGNORED });
  }
  return {
    projectDir: text(options['projectDir']),
    profilesDir: text(options['profilesDir']),
    profile: text(options['profile']),
    target: text(options['target']),
    targetPath: text(options['targetPath']),
    vars: text(options['vars']),
    threads: options['singleThreaded'] === true ? 1 : wholeNumber(options['threads'], '--threads'),
    notices: options['models'] || options['model'] ? [MODELS_IS_OLD] : [],
    globalFlags: globalFlags(options),
    waitMs: waitMs(options['wait']),
    state: text(options['state']),
    deferState: text(options['deferState']),
    environment: context.environment,
    flags: templateFlags(options, context.argv),
    emit,
  };
}

function isAllShown(options: Invocation['options'], context: Invocation['context']): boolean {
  const said = environmentOption(context.environment, 'SHOW_ALL_DEPRECATIONS') ?? '';
  return (
    (options['showAllDeprecations'] as boolean | undefined) ?? /^(?:1|t|true|y|yes|on)$/i.test(said)
  );
}

const MODELS_IS_OLD: Notice = {
  name: 'ModelParamUsageDeprecation',
  message: 'Usage of `--models`, `--model`, and `-m` is deprecated in favor of `--select` or `-s`.',
};

const SELECTION_IGNORED =
  'The --select and --exclude arguments are being ignored for node selection because --selector is provided';

const waitMs = (wait: unknown): number | undefined =>
  wait === true ? Number.POSITIVE_INFINITY : (wholeNumber(wait, '--wait') ?? 0) * 1000;

/** The command line as `flags` and `invocation_args_dict` of templates have it. */
function templateFlags(
  options: Invocation['options'],
  argv: readonly string[],
): NonNullable<ApiOptions['flags']> {
  const named = Object.entries(options).map(
    ([name, value]) =>
      [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value] as const,
  );
  const which = argv.find((word) => !word.startsWith('-')) ?? '';
  return {
    which,
    flags: Object.fromEntries(named.map(([name, value]) => [name.toUpperCase(), value])),
    args: { ...Object.fromEntries(named), which, invocation_command: ['velo', ...argv].join(' ') },
  };
}

export function selectOptions({ options }: Invocation): SelectOptions {
  return {
    select: texts(options['select']),
    models: [...texts(options['models']), ...texts(options['model'])],
    exclude: texts(options['exclude']),
    selector: text(options['selector']),
    indirectSelection: options['indirectSelection'] as SelectOptions['indirectSelection'],
  };
}

/** What of the inputs is read. */
export const partOptions = ({ options }: Invocation): ExcerptOptions => ({
  empty: options['empty'] === true ? true : undefined,
  sample: text(options['sample']),
});

export const kindOptions = ({ options }: Invocation): KindOptions => ({
  resourceTypes: texts(options['resourceTypes']),
  excludeResourceTypes: texts(options['excludeResourceTypes']),
});

/** @throws ConfigError 'usage' */
export function rangeOptions({ options }: Invocation) {
  const size = text(options['batchSize']);
  const isWord = size === 'auto' || size === 'all';
  return {
    asOf: text(options['asOf']),
    fullRefresh: options['fullRefresh'] === true,
    eventTimeStart: text(options['eventTimeStart']),
    eventTimeEnd: text(options['eventTimeEnd']),
    from: text(options['from']),
    restate: text(options['restate']),
    late: options['late'] !== false,
    batchSize: isWord ? (size as 'auto' | 'all') : wholeNumber(size, '--batch-size'),
  };
}

/** How models with dates, or with rows of their own, are compiled. @throws ConfigError 'usage' */
export function compileRange(invocation: Invocation) {
  const { asOf, fullRefresh } = rangeOptions(invocation);
  return { asOf, fullRefresh };
}

export function wholeNumber(value: unknown, flag: string, least = 1): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= least) return number;
  throw new ConfigError(
    'usage',
    `${flag} '${String(value)}' is not a whole number of at least ${least}`,
  );
}
