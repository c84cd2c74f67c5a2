import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flagNames, optionsOf } from '../../src/cli/commands/dbt-options.ts';
import { commands } from '../../src/cli/commands/index.ts';

const FILE = new URL('../../../shared/reference/dbt/options.json', import.meta.url);

interface Recorded {
  readonly name: string;
  readonly kind: string;
  readonly flags: readonly string[];
  readonly off_flags: readonly string[];
}

interface Records {
  readonly commands: Readonly<Record<string, readonly Recorded[]>>;
  /** Names of the global options a command takes after its name, too. */
  readonly takes_global: Readonly<Record<string, readonly string[]>>;
}

/** The bin answers it before any command is known. */
const OF_THE_BIN = new Set(['version']);

/** Every flag of a command of dbt; arguments are none. */
function flagsOf(command: string, { commands: recorded, takes_global }: Records): string[] {
  const global = (recorded['dbt'] ?? []).filter(({ name }) =>
    takes_global[command]?.includes(name),
  );
  return [...(recorded[command] ?? []), ...global]
    .filter(({ name, kind }) => kind === 'option' && !OF_THE_BIN.has(name))
    .flatMap(({ flags, off_flags }) => [...flags, ...off_flags]);
}

test.skipIf(!existsSync(FILE))(
  'every option of every command of dbt is taken (skipped without ../shared)',
  () => {
    const records = JSON.parse(readFileSync(FILE, 'utf8')) as Records;
    const unknown = Object.keys(records.commands).flatMap((command) => {
      const [, word] = command.split(' ');
      if (word === undefined) return [];
      const entry = commands.find(({ name, aliases = [] }) => [name, ...aliases].includes(word));
      if (!entry) return command;
      const taken = new Set(optionsOf(entry).flatMap(({ flags }) => flagNames(flags)));
      return flagsOf(command, records)
        .filter((flag) => !taken.has(flag))
        .map((flag) => `${command} ${flag}`);
    });
    expect(unknown).toEqual([]);
  },
);

test('no command has an option twice', () => {
  for (const entry of commands) {
    const names = optionsOf(entry).flatMap(({ flags }) => flagNames(flags));
    expect(names, entry.name).toEqual([...new Set(names)]);
  }
});
