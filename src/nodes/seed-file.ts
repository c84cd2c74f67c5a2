import type { TypedColumn, TypedColumns } from '../core/columns.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { type ErrorCode, ProjectError, VeloErrors } from '../core/errors.ts';
import { type Csv, scanCsv, spanAt } from './seed-csv.ts';
import { explicitType, INFERRED, isNullCell, type SeedType } from './seed-types.ts';

export interface SeedOptions {
  /** SQL types by column name, which ignores case. */
  readonly columnTypes: Readonly<Record<string, string>>;
  /** One character; a comma when left out. */
  readonly delimiter?: string | undefined;
}

interface Seed extends Csv {
  readonly text: string;
  readonly file: string;
  readonly header: readonly string[];
  readonly errors: ProjectError[];
}

const MAX_ERRORS = 20;

/**
 * The table a CSV text (UTF-8) holds, its first row the header. Types are those of `columnTypes`, else inferred as dbt
 * does: INTEGER, BIGINT, DOUBLE, DATE, TIMESTAMP, BOOLEAN, VARCHAR. Empty, blank and `null` cells are NULL.
 * @throws VeloErrors of ProjectError, at most 20: seed-format, seed-type
 */
export function readSeed(text: string | Buffer, file: string, options: SeedOptions): TypedColumns {
  const content = typeof text === 'string' ? text : decode(text, file);
  const csv = attempt(() => scanCsv(content, options.delimiter ?? ',', file));
  const header = csv.cells.slice(0, csv.rowStarts[1] ?? 0);
  const seed: Seed = { ...csv, text: content, file, header, errors: [] };
  checkHeader(seed, options.columnTypes);
  checkRows(seed);
  stopOnErrors(seed);
  const types = new Map(
    Object.entries(options.columnTypes).map(([name, type]) => [name.toLowerCase(), type]),
  );
  const columns = header.map((name, column) => [name, readColumn(seed, column, types)] as const);
  stopOnErrors(seed);
  return Object.fromEntries(columns);
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const span = { file, line: 1, column: 1 };
    throw new VeloErrors([
      new ProjectError('seed-format', 'the file is not UTF-8', { span, cause }),
    ]);
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ProjectError ? new VeloErrors([error]) : error;
  }
}

function checkHeader(seed: Seed, columnTypes: SeedOptions['columnTypes']): void {
  const { header } = seed;
  if (header.length === 0)
    report(seed, 'seed-format', 0, 'the file is empty: a seed needs a header');
  const seen = new Set<string>();
  for (const [column, name] of header.entries()) {
    const key = name.toLowerCase();
    if (!name.trim()) report(seed, 'seed-format', column, `column ${column + 1} has no name`);
    else if (seen.has(key)) report(seed, 'seed-format', column, `two columns are named ${name}`);
    seen.add(key);
  }
  for (const name of Object.keys(columnTypes).filter((type) => !seen.has(type.toLowerCase()))) {
    const hint = didYouMean(name, header) ?? `columns: ${header.join(', ')}`;
    report(
      seed,
      'seed-type',
      0,
      `column_types names '${name}', which is no column of the seed`,
      hint,
    );
  }
}

function checkRows(seed: Seed): void {
  const { rowStarts, header } = seed;
  for (let row = 1; row < rowStarts.length - 1; row += 1) {
    const start = rowStarts[row] ?? 0;
    const count = (rowStarts[row + 1] ?? 0) - start;
    if (count === header.length) continue;
    const message = `row ${row} has ${count} values, the header has ${header.length} columns`;
    report(seed, 'seed-format', start, message);
  }
}

function readColumn(seed: Seed, column: number, types: ReadonlyMap<string, string>): TypedColumn {
  const cells = cellsOf(seed, column);
  const given = types.get(seed.header[column]?.toLowerCase() ?? '');
  if (given === undefined) return inferColumn(cells);
  const type = explicitType(given);
  const values = cells.map((text, i) => {
    const value = isNullCell(text) ? null : type.parse(text);
    if (value !== undefined) return value;
    reportValue(seed, column, i + 1, type);
    return null;
  });
  return { type: type.type, values };
}

/** The first type every cell is of; a column of only NULLs is of the first there is, as in dbt. */
function inferColumn(cells: readonly string[]): TypedColumn {
  for (const type of INFERRED) {
    const values = parseAll(cells, type);
    if (values) return { type: type.type, values };
  }
  return { type: 'VARCHAR', values: cells.map((text) => (isNullCell(text) ? null : text)) };
}

function parseAll(
  cells: readonly string[],
  { parse }: SeedType,
): TypedColumn['values'] | undefined {
  const values: (string | number | bigint | boolean | null)[] = [];
  for (const text of cells) {
    const value = isNullCell(text) ? null : parse(text);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function cellsOf({ cells, header }: Seed, column: number): string[] {
  const width = header.length;
  const count = cells.length / width - 1;
  return Array.from({ length: count }, (_, row) => cells[(row + 1) * width + column] ?? '');
}

function reportValue(seed: Seed, column: number, row: number, { type }: SeedType): void {
  const at = row * seed.header.length + column;
  const text = seed.cells[at] ?? '';
  const isWide = type === 'INTEGER' && explicitType('BIGINT').parse(text) !== undefined;
  const problem = isWide
    ? 'is too large for INTEGER, use BIGINT'
    : `is not ${article(type)} ${type}`;
  report(seed, 'seed-type', at, `row ${row}, column ${seed.header[column]}: '${text}' ${problem}`);
}

function article(type: string): string {
  return /^[AEIOU]/i.test(type) ? 'an' : 'a';
}

function report(seed: Seed, code: ErrorCode, cell: number, message: string, hint?: string): void {
  if (seed.errors.length >= MAX_ERRORS) return;
  const span = spanAt(seed.text, seed.offsets[cell] ?? 0, seed.file);
  seed.errors.push(new ProjectError(code, message, { span, hint }));
}

function stopOnErrors({ errors }: Seed): void {
  if (errors.length > 0) throw new VeloErrors(errors);
}
