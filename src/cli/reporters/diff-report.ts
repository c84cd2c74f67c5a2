import type { Diffed, ModelDiff } from '../../api/diff.ts';
import type { RowExample, TableDifferences } from '../../core/table-differences.ts';
import { renderError } from '../render-error.ts';
import { formatCount, plural } from '../terminal/number.ts';
import type { Style } from '../terminal/style.ts';
import { renderTable } from '../terminal/table.ts';
import { cutEnd } from '../terminal/width.ts';

export interface DiffLook {
  readonly style: Style;
  readonly projectDir: string;
  /** Cells of a line. */
  readonly width: number;
  /** What it was compared with. */
  readonly to: string;
}

/** A line for each node, then what differs, with some rows, then a sum. */
export function diffReport({ models, notBuilt }: Diffed, look: DiffLook): string {
  const titles = ['node', 'rows here', 'rows there', 'only here', 'only there', 'changed', ''];
  const columns = titles.map((title, i) =>
    i > 0 && i < titles.length - 1 ? { title, align: 'right' as const } : { title },
  );
  const table = renderTable(columns, models.map(cellsOf), look.width, { frame: 'open' });
  const details = models.flatMap((model) => detailsOf(model, look));
  const missing = notBuilt.length > 0 ? [notBuiltLine(notBuilt.map(({ name }) => name))] : [];
  return [table, ...details, ...missing, look.style.bold(closing(models, look.to))].join('\n\n');
}

const WORDS = {
  same: 'same',
  different: 'DIFFERENT',
  here: 'ONLY HERE',
  there: 'ONLY THERE',
  error: 'ERROR',
} as const;

function cellsOf({ node, status, differences }: ModelDiff): readonly unknown[] {
  const numbers = differences
    ? [
        differences.rowsHere,
        differences.rowsThere,
        differences.onlyHere,
        differences.onlyThere,
        differences.changed,
      ].map(formatCount)
    : ['', '', '', '', ''];
  return [node.name, ...numbers, WORDS[status]];
}

const SHOWN_NAMES = 5;

function notBuiltLine(names: readonly string[]): string {
  const more = names.length > SHOWN_NAMES ? ' …' : '';
  return `${plural(names.length, 'node')} built in neither: ${names.slice(0, SHOWN_NAMES).join(', ')}${more}`;
}

function detailsOf({ node, differences, error, status }: ModelDiff, look: DiffLook): string[] {
  if (error) return [renderError(error, look)];
  if (!differences || status !== 'different') return [];
  const { key, columns, columnsOnlyHere, columnsOnlyThere, examples } = differences;
  const by = key ? `rows meet by ${key.join(', ')}` : 'no key is known: rows meet by all values';
  const lines = [
    `${look.style.bold(node.name)} ${look.style.dim(`(${by})`)}`,
    ...namesLine('columns only here', columnsOnlyHere),
    ...namesLine('columns only there', columnsOnlyThere),
    ...namesLine(
      'columns that differ',
      columns.map(({ name, rows }) => `${name} (${plural(rows, 'row')})`),
    ),
    ...examples.map((example) => exampleText(example, key, look)),
  ];
  return [lines.join('\n').replaceAll('\n', '\n  ')];
}

/** Cells of a value in a line of them. */
const MOST_OF_A_VALUE = 40;

const namesLine = (title: string, names: readonly string[]): string[] =>
  names.length > 0 ? [`${title}: ${names.join(', ')}`] : [];

function exampleText(
  { where, key, columns }: RowExample,
  known: TableDifferences['key'],
  { width }: DiffLook,
): string {
  const named = Object.entries(key).map(
    ([name, value]) => `${name} ${cutEnd(shown(value), MOST_OF_A_VALUE)}`,
  );
  const row = named.slice(0, known ? named.length : SHOWN_NAMES).join(', ');
  if (where !== 'both') return `only ${where}: ${row}`;
  const titles = [{ title: 'column' }, { title: 'here' }, { title: 'there' }];
  const cells = columns.map(({ name, here, there }) => [name, shown(here), shown(there)]);
  return `${row}\n${renderTable(titles, cells, width - 4, { frame: 'open' })}`;
}

/** Texts stand in quotes where they could be taken for NULL or for nothing. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return value === '' || value === 'NULL' ? `'${value}'` : value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `50 of 52 nodes are the same as in postgres: 1 is different, 1 is only here.` */
function closing(models: readonly ModelDiff[], to: string): string {
  const count = (status: ModelDiff['status']) =>
    models.filter((model) => model.status === status).length;
  const rows = models
    .filter(({ status }) => status === 'same')
    .reduce((sum, { differences }) => sum + (differences?.rowsHere ?? 0), 0);
  const others = (['different', 'here', 'there', 'error'] as const).flatMap((status) =>
    count(status) > 0 ? [`${count(status)} ${CLOSING[status]}`] : [],
  );
  const same = `${count('same')} of ${plural(models.length, 'node')} the same as in ${to} (${plural(rows, 'row')})`;
  return `${[same, ...others].join(', ')}.`;
}

const CLOSING = {
  different: 'different',
  here: 'only here',
  there: 'only there',
  error: 'could not be compared',
} as const;
