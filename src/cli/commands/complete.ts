import { type Candidate, completeSelector } from '../../api/complete-selector.ts';
import { type KeptNames, keptNames } from '../../api/kept-names.ts';
import { completeWords, type KnownValues } from '../completion/complete-words.ts';
import { printable } from '../terminal/printable.ts';
import type { CommandModule } from './command.ts';
import { commands } from './index.ts';

/** What the shells' scripts ask at each press of the tab key: reads what was kept of the project, and no other file of it. */
export const run: CommandModule['run'] = async ({ args, context }) => {
  const { environment, stdout } = context;
  const named = (flag: string) => lastValue(flag, args);
  const read = () =>
    keptNames(
      {
        projectDir: named('--project-dir'),
        targetPath: named('--target-path'),
        profilesDir: named('--profiles-dir'),
        profile: named('--profile'),
      },
      environment,
    );
  const { candidates, paths } = completeWords(args, commands, knownValues(read));
  const lines = candidates.map(({ value, help }) => {
    const shown = help === undefined ? value : `${value}\t${firstLine(help)}`;
    return `${shown}\n`;
  });
  stdout.write(paths ? `:${paths}\n` : lines.join(''));
  return 0;
};

/** A tab stands between the two. */
const firstLine = (help: string): string => printable(help.split('\n')[0] ?? '').trim();

/** The value of an option that has one, wherever it stands. */
function lastValue(flag: string, words: readonly string[]): string | undefined {
  const at = words.lastIndexOf(flag);
  if (at >= 0) return words[at + 1];
  return words.findLast((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
}

/** The project's settings are read when a name of them is asked for. */
function knownValues(read: () => KeptNames): KnownValues {
  return {
    selectors: (typed) => completeSelector(typed, read().manifest),
    columns: (typed) => columnsOf(typed, read()),
    macros: () => (read().manifest?.macros ?? []).map(({ name }) => name).sort(),
    yamlSelectors: () => Object.keys(read().manifest?.selectors ?? {}),
    targets: () => read().targets(),
    profiles: () => read().profiles(),
    kinds: () => read().kinds(),
  };
}

/** `model`, then `model.column` of those that YAML describes. */
function columnsOf(typed: string, { manifest }: KeptNames): readonly Candidate[] {
  const [model = ''] = typed.split('.');
  const nodes = [...(manifest?.nodes.values() ?? [])].filter(({ kind }) => HAVE_COLUMNS.has(kind));
  const candidates = typed.includes('.')
    ? nodes
        .filter(({ name }) => name === model)
        .flatMap(({ columns }) => columns)
        .map(({ name, description }) => ({ value: `${model}.${name}`, help: description }))
    : nodes.map(({ name, kind }) => ({ value: name, help: kind }));
  return candidates.filter(({ value }) => value.startsWith(typed));
}

const HAVE_COLUMNS: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot']);
