import type { DroppedColumn, OlderColumn, OlderTable } from './older-tables.ts';

const BEGIN = '<!-- columns: made by `npm run older-systems` from models/compat/_compat.yml -->';
const END = '<!-- end of columns -->';

/** The guide with its tables of columns made anew. Raises Error when its two marks are not there. */
export function withTables(guide: string, tables: readonly OlderTable[]): string {
  const begin = guide.indexOf(BEGIN);
  const end = guide.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the guide needs the lines ${BEGIN} and ${END}`);
  return `${guide.slice(0, begin)}${BEGIN}\n\n${tables.map(sectionOf).join('\n\n')}\n\n${guide.slice(end)}`;
}

function sectionOf({ name, description, columns, dropped }: OlderTable): string {
  const families = [...new Set(columns.map(({ family }) => family))];
  const parts = families.map((family) => {
    const table = tableOf(columns.filter((column) => column.family === family));
    return family === undefined ? table : `#### ${capital(family)}\n\n${table}`;
  });
  const left = dropped.length === 0 ? [] : [`#### Dropped\n\n${droppedTable(dropped)}`];
  return [`### \`compat.${name}\``, description, ...parts, ...left].join('\n\n');
}

const tableOf = (columns: readonly OlderColumn[]): string =>
  ['| column | ours | what became of it |', '|---|---|---|', ...columns.map(rowOf)].join('\n');

function rowOf({ name, nameKnown, ours, description, how }: OlderColumn): string {
  const origin = ours === undefined ? cell(description) : `\`${ours}\``;
  return `| ${nameOf(name, nameKnown)} | ${origin} | ${how === undefined ? 'same' : `corrected: ${cell(how)}`} |`;
}

const droppedTable = (dropped: readonly DroppedColumn[]): string =>
  [
    '| column | family | why |',
    '|---|---|---|',
    ...dropped.map(
      ({ name, nameKnown, family, why }) =>
        `| ${nameOf(name, nameKnown)} | ${cell(family)} | ${cell(why)} |`,
    ),
  ].join('\n');

const nameOf = (name: string, known: boolean): string =>
  known ? `**\`${name}\`**` : `\`${name}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|');

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
