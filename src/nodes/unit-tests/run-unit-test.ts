import type { TypedColumnName } from '../../adapters/adapter.ts';
import { type Cells, type ComparedColumn, matchRows } from '../../compare/expected-rows.ts';
import { rowDiff } from '../../compare/row-diff.ts';
import { DatabaseError, ProjectError, type TraceEntry, VeloError } from '../../core/errors.ts';
import type { Node, NodeId, Reference } from '../../core/node.ts';
import type { Span } from '../../core/span.ts';
import { hasTemplate } from '../compile.ts';
import type { Compiled } from '../ctes.ts';
import { locateError } from '../locate-error.ts';
import type { StandIns } from '../stand-ins.ts';
import { asOfDates } from './as-of-dates.ts';
import { type FixtureRow, fixtureSelect, givenColumns } from './fixture-select.ts';
import { type BindContext, columnsOf, inputColumns, type KnownColumns } from './input-columns.ts';
import { overridesOf, type WrittenOverrides } from './overrides.ts';

/** What a unit test keeps for running: for each of its inputs what it stands for, and where that is written. */
export interface UnitTestDetail {
  readonly test: 'unit';
  readonly inputs: readonly {
    /** Undefined: the model's own rows, `this`. */
    readonly reference: Reference | undefined;
    readonly span: Span;
  }[];
  readonly expectSpan: Span;
}

/** Rows as the manifest has them: a list, or a SELECT. */
interface WrittenRows {
  readonly rows: readonly FixtureRow[] | string;
}

/** The parts of a unit test in the manifest that running it needs. */
interface WrittenTest {
  readonly given: readonly (WrittenRows & { readonly input: string })[];
  readonly expect: WrittenRows;
  readonly overrides: WrittenOverrides | null;
}

export interface UnitTestOutcome {
  /** Empty when the rows are as expected; else what differs, as a table. */
  readonly difference: string;
  /** The model's SELECT over the given rows. */
  readonly compiledCode: string | undefined;
  readonly error: VeloError | undefined;
}

/** Builds a model from the given rows and compares what comes out. Faults of the test or the model are outcomes. */
export async function runUnitTest(test: Node, context: BindContext): Promise<UnitTestOutcome> {
  let compiled: Compiled | undefined;
  try {
    const model = testedModel(test, context);
    compiled = await compileModel(test, model, context);
    const difference = await compare(test, model, compiled, context);
    return { difference, compiledCode: compiled.sql, error: undefined };
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    return { difference: '', compiledCode: compiled?.sql, error };
  }
}

/** Rows given as SQL, without the semicolon that would end the statement they become part of. */
const selectText = (rows: string): string => rows.replace(/;\s*$/, '');

const writtenTest = ({ extra }: Node): WrittenTest => extra as unknown as WrittenTest;

function testedModel(test: Node, { resolve }: BindContext): Node {
  const [reference] = test.references;
  if (!reference) throw new Error(`${test.id} names no model`);
  const model = resolve(test, reference);
  if (hasTemplate(model)) return model;
  throw new ProjectError('unit-test', `'${model.name}' is not a model in SQL`, {
    span: test.span,
    hint: 'only these can be built from given rows',
  });
}

async function compileModel(test: Node, model: Node, context: BindContext): Promise<Compiled> {
  const { expect, overrides } = writtenTest(test);
  const { own, rowsOf } = await givenRows(test, model, context);
  const standIns: StandIns = { own, rowsOf, ...overridesOf(overrides) };
  const expected = typeof expect.rows === 'string' ? [] : expect.rows;
  const batch = asOfDates(test, model, expected);
  const compiled = await context.compile(model, { batch, isIncremental: false, standIns });
  const itself = model.relation && context.dialect.relation(model.relation);
  if (own !== undefined || itself === undefined || !compiled.sql.includes(itself)) return compiled;
  throw notGiven('this', test, { text: model.name, span: model.span });
}

/** The given rows of each input as SELECTs. */
async function givenRows(test: Node, model: Node, context: BindContext) {
  const known: KnownColumns = new Map();
  const selects = new Map<NodeId, string>();
  const { inputs } = test.detail as UnitTestDetail;
  for (const [at, { rows, input }] of writtenTest(test).given.entries()) {
    const { reference, span = test.span } = inputs[at] ?? {};
    const node = reference ? context.resolve(test, reference) : model;
    if (typeof rows === 'string') selects.set(node.id, selectText(rows));
    else {
      const columns = await inputColumns(node, span, context, known);
      const fixture = { rows, columns, what: `the rows of ${input}`, span };
      selects.set(node.id, fixtureSelect(fixture, context.dialect));
    }
  }
  const rowsOf = (input: Node, span: Span): string => {
    const select = selects.get(input.id);
    if (select !== undefined) return select;
    throw notGiven(inputText(input), test, { text: model.name, span });
  };
  return { own: selects.get(model.id), rowsOf };
}

const inputText = ({ kind, name, fqn, version }: Node): string =>
  kind === 'source'
    ? `source('${fqn.at(-2)}', '${fqn.at(-1)}')`
    : `ref('${name}'${version ? `, v=${version.label}` : ''})`;

const notGiven = (input: string, test: Node, from: TraceEntry): ProjectError =>
  new ProjectError('unit-test', `the unit test '${test.name}' gives no rows for ${input}`, {
    span: test.span,
    hint: `the model reads it: add \`- input: ${input}\` with its rows, or with \`rows: []\``,
    trace: [from],
  });

/** The difference of expected and actual rows; '' when there is none. */
async function compare(
  test: Node,
  model: Node,
  compiled: Compiled,
  context: BindContext,
): Promise<string> {
  const { connection, dialect } = context;
  const actual = `(\n${compiled.sql}\n) as actual_rows`;
  const types = await located(model, compiled, () =>
    columnsOf(`select * from ${actual}`, connection),
  );
  const expected = await expectedRows(test, types, context);
  const names = expected.columns.map((name) => dialect.quote(name)).join(', ');
  const both = `select 'actual' as velo_side, ${names}\nfrom ${actual}
union all
select 'expected', ${names}\nfrom (\n${expected.sql}\n) as expected_rows`;
  const { table } = await located(model, compiled, () => connection.fetch(both));
  const [, ...columns] = table.columns;
  const rows = (side: string): Cells[] =>
    table.rows.filter((row) => row[0] === side).map((row) => comparable(row.slice(1), columns));
  const compared: readonly ComparedColumn[] = columns.map(({ name, type }) => ({
    name,
    tolerance: dialect.comparing.precision(type).tolerance,
  }));
  return rowDiff(matchRows(rows('expected'), rows('actual'), compared), expected.columns);
}

/** A fault of the model is shown at its line. */
async function located<T>(model: Node, compiled: Compiled, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DatabaseError ? locateError(error, model, compiled) : error;
  }
}

/** The expected rows as a SELECT, and which columns they speak of: all of the model's when there is no row. */
async function expectedRows(
  test: Node,
  types: readonly TypedColumnName[],
  { connection, dialect }: BindContext,
): Promise<{ readonly sql: string; readonly columns: readonly string[] }> {
  const { rows } = writtenTest(test).expect;
  const span = (test.detail as UnitTestDetail).expectSpan;
  if (typeof rows === 'string') {
    const sql = selectText(rows);
    const columns = await columnsOf(`select * from (\n${sql}\n) as expected_rows`, connection);
    return { sql, columns: columns.map(({ name }) => name) };
  }
  const fixture = { rows, columns: types, what: 'the expected rows', span };
  const columns = rows.length === 0 ? types : givenColumns(fixture);
  const sql = fixtureSelect({ ...fixture, columns }, dialect);
  return { sql, columns: columns.map(({ name }) => name) };
}

const JSON_TYPE = /^jsonb?$/i;

/** JSON in text is compared by what it says. */
const comparable = (cells: Cells, columns: readonly TypedColumnName[]): Cells =>
  cells.map((cell, at) =>
    typeof cell === 'string' && JSON_TYPE.test(columns[at]?.type ?? '') ? JSON.parse(cell) : cell,
  );
