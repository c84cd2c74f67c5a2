import type { TypedColumnName } from '../adapters/adapter.ts';
import { DatabaseError, ProjectError, VeloError, VeloErrors } from '../core/errors.ts';
import { addGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { OnAsk, Scratch } from '../execute/scratch.ts';
import { hasTemplate } from '../nodes/compile.ts';
import type { Compiled } from '../nodes/ctes.ts';
import { customOf } from '../nodes/custom-materialization.ts';
import { locateError } from '../nodes/locate-error.ts';
import { loadSeed } from '../nodes/seed.ts';
import { sourceText } from '../nodes/source-text.ts';
import {
  type Binding,
  columnsToRead,
  type Inputs,
  isInlined,
  standingColumns,
  whyNotRead,
} from './inputs.ts';
import { queryColumns } from './query-columns.ts';

/** A scratch, what is known, and for which nodes there are tables in the scratch. */
export interface Binder {
  readonly scratch: Scratch;
  readonly inputs: Inputs;
  readonly made: Set<NodeId>;
  /** The SQL of the nodes looked at. */
  readonly compiled: Map<NodeId, string>;
}

const BOUND: Binding = { status: 'bound', columns: [] };

/** Has the engine look at a node that is no test; what reads it finds a table without rows. */
export const bindNode = (node: Node, binder: Binder): Promise<Binding> =>
  withInputs(node, binder, () => bindOne(node, binder));

/** Tests of one statement: with more, one that fails makes too many be looked at again. */
const TESTS_AT_ONCE = 50;

/** The same for tests, many with one statement. */
export async function bindTests(
  tests: readonly Node[],
  binder: Binder,
  onBound: (test: Node, binding: Binding) => void,
): Promise<void> {
  const { scratch } = binder;
  const queries: Query[] = [];
  for (const test of tests) {
    const binding = await withInputs(test, binder, async () => {
      const compiled = await scratch.compileTest(test, refuseRows);
      if (!compiled) return BOUND;
      queries.push({ node: test, compiled });
      binder.compiled.set(test.id, compiled.sql);
      return BOUND;
    });
    onBound(test, binding);
  }
  for (let from = 0; from < queries.length; from += TESTS_AT_ONCE) {
    const some = queries.slice(from, from + TESTS_AT_ONCE);
    if (await areAllBound(some, scratch)) continue;
    for (const query of some) {
      onBound(query.node, await withInputs(query.node, binder, () => bindQuery(query, scratch)));
    }
  }
}

interface Query {
  readonly node: Node;
  readonly compiled: Compiled;
}

async function areAllBound(queries: readonly Query[], scratch: Scratch): Promise<boolean> {
  const all = queries.map(({ compiled }, i) => `exists (\n${compiled.sql}\n) as test_${i}`);
  try {
    await scratch.attempt(() => scratch.connection.wireColumns(`select ${all.join(', ')}`));
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code !== 'interrupted') return false;
    throw error;
  }
}

/** What `work` finds, once there are tables for what the node reads. */
async function withInputs(
  node: Node,
  binder: Binder,
  work: () => Promise<Binding>,
): Promise<Binding> {
  const why = whyNotRead(node, binder.inputs);
  if (why !== undefined) return { status: 'unknown', why };
  try {
    await makeInputs(node, binder);
    return await binder.scratch.attempt(work);
  } catch (error) {
    if (error instanceof AsksForRows) return withoutItsSql(node, ASKS, binder.inputs);
    return failed(node, error, binder);
  }
}

/** Thrown where a template asks for rows, which are not there yet; never leaves this file. */
class AsksForRows extends Error {}

const ASKS = 'its template asks the database for rows';

/** What it would be told of empty tables might be other SQL than that of a build; and what it asks may change something. */
const refuseRows: OnAsk = (request) => {
  if (request.kind === 'query' && !request.asksCatalog) throw new AsksForRows();
};

/** A node whose columns its SQL does not tell: those it had, but for one that is about to be built. */
const withoutItsSql = async (node: Node, why: string, inputs: Inputs): Promise<Binding> =>
  node.check || node.kind === 'analysis'
    ? { status: 'unknown', why }
    : standingColumns(node, inputs.run ? nowhere : inputs.standing, why);

const nowhere = async () => undefined;

/** An empty table for each input that has none yet; an ephemeral model reads its own. */
async function makeInputs(node: Node, binder: Binder): Promise<void> {
  const missing = new Map<NodeId, KnownColumns>();
  findInputs(node, binder, missing);
  await makeEmptyTables(binder.scratch, [...missing.values()]);
  for (const id of missing.keys()) binder.made.add(id);
}

function findInputs(
  node: Node,
  { inputs, made }: Pick<Binder, 'inputs' | 'made'>,
  missing: Map<NodeId, KnownColumns>,
) {
  for (const id of inputs.parentsOf(node.id)) {
    const parent = inputs.byId.get(id);
    if (!parent || made.has(id)) continue;
    if (isInlined(parent)) findInputs(parent, { inputs, made }, missing);
    const columns = isInlined(parent) ? undefined : columnsToRead(parent, inputs);
    if (columns) missing.set(id, { node: parent, columns });
  }
}

function bindOne(node: Node, binder: Binder): Promise<Binding> {
  const { scratch } = binder;
  if (node.kind === 'source') {
    return columnsOfSelect(node, `select * from ${sourceText(node, scratch.dialect)}`, binder);
  }
  if (node.kind === 'seed') return bindSeed(node, binder);
  return hasTemplate(node) ? bindModel(node, binder) : bindProgram(node, binder);
}

async function bindSeed(node: Node, binder: Binder): Promise<Binding> {
  const { connection } = binder.scratch;
  const loaded = await loadSeed(node, connection, binder.inputs.projectDir);
  const bound = await columnsOfSelect(node, `select * from ${loaded}`, binder);
  await connection.execute(`drop table ${loaded}`);
  return bound;
}

/** Nodes whose rows are not those of their SELECT. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(['train', 'score', 'backtest', 'snapshot']);

/** DuckDB's PIVOT without a list has a column for each value it finds. */
const PIVOT = /\bpivot(?:_wider)?\b(?!\s*\()/i;

async function bindModel(node: Node, binder: Binder): Promise<Binding> {
  const { scratch, inputs } = binder;
  const isCustom = customOf(node) !== undefined;
  if (isCustom && inputs.run) return withoutItsSql(node, BY_MACROS, inputs);
  const compiled = await scratch.compile(node, firstDate(node), refuseRows);
  const query = { node, compiled };
  binder.compiled.set(node.id, compiled.sql);
  if (PIVOT.test(compiled.sql))
    return withoutItsSql(node, 'its columns are values (PIVOT)', inputs);
  if (node.kind === 'analysis') return bindQuery(query, scratch);
  const isOwn = OWN_COLUMNS.has(node.materialized);
  const isByMacros = inputs.run?.isMadeByMacros(node) === true;
  if (!isOwn && !isByMacros) return bindSelect(query, binder);
  await bindQuery(query, scratch);
  return withoutItsSql(node, isOwn ? 'its table is not in the target yet' : BY_MACROS, inputs);
}

const BY_MACROS = 'macros of the project make it';

const bindSelect = ({ node, compiled }: Query, binder: Binder): Promise<Binding> =>
  located({ node, compiled }, async () => {
    const bound = await columnsOfSelect(node, compiled.sql, binder);
    await binder.scratch.checkContract(node, compiled.sql);
    return bound;
  });

/** A program says what its columns are when it is given tables without rows. */
async function bindProgram(node: Node, binder: Binder): Promise<Binding> {
  const { scratch, inputs, made } = binder;
  if (!node.path.endsWith('.ts')) {
    return withoutItsSql(node, 'velo cannot build it', inputs);
  }
  const range = firstDate(node);
  const place = await scratch.build(node, { ranges: range && [range] });
  scratch.shadow(node, place);
  made.add(node.id);
  return { status: 'bound', columns: await columnsOf(place, scratch) };
}

async function bindQuery(query: Query, { connection }: Scratch): Promise<Binding> {
  await located(query, () => connection.wireColumns(query.compiled.sql));
  return BOUND;
}

/** Where the engine says the columns, a table is made of them once somebody reads it. */
async function columnsOfSelect(node: Node, sql: string, binder: Binder): Promise<Binding> {
  const { scratch, made, inputs } = binder;
  const { connection, dialect } = scratch;
  const beside = (columns: readonly TypedColumnName[]) =>
    keptBeside(columns, inputs.kept.get(node.id) ?? []);
  if (connection.describe) {
    const columns = await connection.describe(sql);
    return { status: 'bound', columns: [...columns, ...beside(columns)] };
  }
  const place = scratch.place(node.name);
  await connection.execute(`create table ${dialect.relation(place)} as\n${sql}\nwith no data`);
  const columns = await columnsOf(place, scratch);
  const kept = beside(columns);
  if (kept.length === 0) {
    scratch.shadow(node, place);
    made.add(node.id);
  }
  return { status: 'bound', columns: [...columns, ...kept] };
}

function keptBeside(
  columns: readonly TypedColumnName[],
  kept: readonly TypedColumnName[],
): readonly TypedColumnName[] {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  return kept.filter(({ name }) => !names.has(name.toLowerCase()));
}

/** The catalog would be gone through once for each of them. */
const columnsOf = (place: Relation, { connection, dialect }: Scratch) =>
  queryColumns(connection, `select * from ${dialect.relation(place)}`);

interface KnownColumns {
  readonly node: Node;
  readonly columns: readonly TypedColumnName[];
}

/** Tables of one statement. */
const TABLES_AT_ONCE = 100;

/** Tables without rows in the places of nodes, for what reads them. @throws DatabaseError */
export async function makeEmptyTables(
  scratch: Scratch,
  known: readonly KnownColumns[],
): Promise<readonly (KnownColumns & { readonly relation: Relation })[]> {
  const { connection, dialect } = scratch;
  const tables = known.map((one) => ({ ...one, relation: scratch.place(one.node.name) }));
  for (let from = 0; from < tables.length; from += TABLES_AT_ONCE) {
    const some = tables.slice(from, from + TABLES_AT_ONCE).map(({ columns, relation }) => {
      const list = columns.map(({ name, type }) => `${dialect.quote(name)} ${type}`).join(', ');
      return `create table ${dialect.relation(relation)} (${list})`;
    });
    await connection.fetch(some.join(';\n'));
  }
  for (const { node, relation } of tables) scratch.shadow(node, relation);
  return tables;
}

/** as_of models are rendered for one date. */
const firstDate = ({ asOf }: Node): Interval | undefined =>
  asOf && { start: asOf.begin, end: addGrains(asOf.begin, 1, asOf.grain) };

async function located<T>({ node, compiled }: Query, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
  }
}

function failed(node: Node, error: unknown, { inputs: { run }, compiled }: Binder): Binding {
  const errors = error instanceof VeloErrors ? error.errors : [error];
  const faults = errors.map((one) => {
    if (!(one instanceof VeloError) || one.code === 'interrupted') throw one;
    return one;
  });
  const script = faults.find(({ code }) => code === 'script-error');
  if (script) {
    return { status: 'unknown', why: `it cannot be run without rows: ${script.message}` };
  }
  const certain = run ? faults.filter((fault) => run.isCertain(fault, node)) : faults;
  const [doubted] = faults;
  if (certain.length === 0 && doubted) return { status: 'unknown', why: doubted.message };
  const located = certain.map((fault) => placed(fault, node));
  return { status: 'error', errors: located, compiledCode: compiled.get(node.id) };
}

function placed(error: VeloError, node: Node): VeloError {
  if (error.span) return error;
  const { code, message, hint } = error;
  return new ProjectError(code, message, { span: node.span, hint, cause: error });
}
