import { Option } from 'commander';
import type { Candidate } from '../../api/complete-selector.ts';
import type { CommandEntry } from '../commands/command.ts';

/** What may stand in the place of the last word; `paths`: files or folders, which the shell knows itself. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly paths?: 'files' | 'folders' | undefined;
}

/** Values that are known only where the command line is typed. */
export interface KnownValues {
  selectors(typed: string): readonly Candidate[];
  columns(typed: string): readonly Candidate[];
  macros(): readonly string[];
  yamlSelectors(): readonly string[];
  targets(): readonly string[];
  profiles(): readonly string[];
  kinds(): readonly string[];
}

/** @param words what stands behind `velo`; the last one is being typed and may be empty */
export function completeWords(
  words: readonly string[],
  commands: readonly CommandEntry[],
  known: KnownValues,
): Completion {
  const [name = '', ...rest] = words;
  if (rest.length === 0) return fitting(commandNames(commands), name);
  const command = commands.find((one) => one.name === name || one.aliases?.includes(name));
  if (!command) return NOTHING;
  const typed = rest.at(-1) ?? '';
  const before = rest.slice(0, -1);
  const options = optionsOf(command);
  const assigned = /^(--[^=]+)=(.*)$/s.exec(typed);
  if (assigned) {
    const [, flag = '', start = ''] = assigned;
    const option = options.find(({ names }) => names.includes(flag));
    return option ? prefixed(`${flag}=`, valuesOf(option, command.name, start, known)) : NOTHING;
  }
  if (typed.startsWith('-')) return fitting(optionNames(options, before), typed);
  const open = openOption(before, options);
  if (open) return valuesOf(open, command.name, typed, known);
  return positional(command, before.length, typed, known);
}

const NOTHING: Completion = { candidates: [] };

const fitting = (candidates: readonly Candidate[], typed: string): Completion => ({
  candidates: candidates.filter(({ value }) => value.startsWith(typed)),
});

const plain = (values: readonly string[]): readonly Candidate[] =>
  values.map((value) => ({ value }));

const prefixed = (prefix: string, { candidates }: Completion): Completion => ({
  candidates: candidates.map((one) => ({ ...one, value: prefix + one.value })),
});

const commandNames = (commands: readonly CommandEntry[]): readonly Candidate[] => [
  ...commands.map(({ name, summary }) => ({ value: name, help: summary })),
  { value: '--help', help: 'list the commands' },
  { value: '--version', help: 'print the version' },
];

interface KnownOption {
  /** `-s`, `--select`. */
  readonly names: readonly string[];
  readonly help: string;
  readonly choices: readonly string[];
  readonly takes: 'nothing' | 'one' | 'many';
}

/** Hidden ones are taken, and not offered. */
const optionsOf = ({ options }: CommandEntry): readonly KnownOption[] =>
  options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, help, choices = [] }) => {
      const { short, long, required, optional, variadic } = new Option(flags);
      const names = [short, long].filter((name) => name !== undefined);
      return {
        names,
        help,
        choices,
        takes: variadic ? 'many' : required || optional ? 'one' : 'nothing',
      };
    });

/** Long names that were not given yet; those that take many values may be given again. */
const optionNames = (
  options: readonly KnownOption[],
  before: readonly string[],
): readonly Candidate[] => [
  ...options
    .filter(({ names, takes }) => takes === 'many' || !names.some((name) => before.includes(name)))
    .map(({ names, help }) => ({ value: names.at(-1) ?? '', help })),
  { value: '--help', help: 'what the command does' },
];

/** The option whose value comes next. */
function openOption(
  before: readonly string[],
  options: readonly KnownOption[],
): KnownOption | undefined {
  const at = before.findLastIndex((word) => word.startsWith('-'));
  const option = options.find(({ names }) => names.includes(before[at] ?? ''));
  if (option?.takes === 'many') return option;
  return option?.takes === 'one' && at === before.length - 1 ? option : undefined;
}

type ValueKind = keyof Omit<KnownValues, 'columns'> | 'files' | 'folders';

/** What the values of options are, by their long names. */
const VALUES: Readonly<Record<string, ValueKind>> = {
  '--select': 'selectors',
  '--models': 'selectors',
  '--exclude': 'selectors',
  '--selector': 'yamlSelectors',
  '--target': 'targets',
  '--profile': 'profiles',
  '--resource-types': 'kinds',
  '--exclude-resource-types': 'kinds',
  '--project-dir': 'folders',
  '--profiles-dir': 'folders',
  '--target-path': 'folders',
  '--state': 'folders',
  '--defer-state': 'folders',
  '--log-path': 'folders',
  '--folder': 'folders',
};

/** Where the same option means something else. */
const VALUES_OF_COMMANDS: Readonly<Record<string, ValueKind>> = {
  'push --to': 'targets',
  'diff --to': 'targets',
  'pull --from': 'targets',
  'source --output': 'files',
};

function valuesOf(
  { names, choices }: KnownOption,
  command: string,
  typed: string,
  known: KnownValues,
): Completion {
  const name = names.at(-1) ?? '';
  const kind = VALUES_OF_COMMANDS[`${command} ${name}`] ?? VALUES[name];
  if (kind === 'files' || kind === 'folders') return { candidates: [], paths: kind };
  if (kind === 'selectors') return { candidates: known.selectors(typed) };
  return fitting(plain(kind ? known[kind]() : choices), typed);
}

/** Words that stand alone. */
function positional(
  { name, arguments: given = [] }: CommandEntry,
  at: number,
  typed: string,
  known: KnownValues,
): Completion {
  const argument = given[at];
  if (name === 'lineage') return { candidates: known.columns(typed) };
  if (name === 'run-operation' && at === 0) return fitting(plain(known.macros()), typed);
  if (name === 'init') return { candidates: [], paths: 'folders' };
  return fitting(plain(argument?.choices ?? []), typed);
}
