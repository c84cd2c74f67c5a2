import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { readText, sectionsOf } from './documents.ts';

const sections = sectionsOf(readText('docs/guides/commands.md'));
const sectionOf = (name: string): string => sections.get(name) ?? '';

/** Rows of the tables of a section: `| `--limit <rows>` | rows at most |`. */
const optionsIn = (section: string): string[] =>
  [...section.matchAll(/^\| `([^`]*--[^`]*)` \| (.*) \|$/gm)].map(
    ([, flags, help]) => `${flags}: ${help}`,
  );

/** The groups of options a section links to: `[selection](#selection-options)`. */
const groupsIn = (section: string): string[] =>
  [...section.matchAll(/\]\(#([a-z]+)-options\)/g)].map(
    ([, group = '']) => `${group.slice(0, 1).toUpperCase()}${group.slice(1)} options`,
  );

describe.each(commands.map((command) => ({ ...command })))('velo $name', (command) => {
  const section = sectionOf(`velo ${command.name}`);

  it('is described by its summary', () => {
    expect(section).toContain(command.summary);
    for (const alias of command.aliases ?? []) expect(section).toContain(`\`velo ${alias}\``);
    for (const { name } of command.arguments ?? []) expect(section).toContain(`\`${name}\``);
  });

  it('has its options, and no others', () => {
    const documented = [section, ...groupsIn(section).map(sectionOf)].flatMap(optionsIn);
    const shown = command.options.filter(({ hidden }) => !hidden);
    const real = shown.map(({ flags, help }) => `${flags}: ${help}`);
    expect(documented.toSorted()).toEqual(real.toSorted());
  });

  it('has the words its options choose from', () => {
    const text = [section, ...groupsIn(section).map(sectionOf)].join();
    for (const choice of command.options.flatMap(({ choices = [] }) => choices)) {
      expect(text).toContain(`\`${choice}\``);
    }
  });
});

it('describes no command that does not exist', () => {
  const described = [...sections.keys()].filter((title) => title.startsWith('velo '));
  expect(described).toEqual(commands.map(({ name }) => `velo ${name}`));
});
