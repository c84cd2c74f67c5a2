import type { TypedColumnName } from '../adapters/adapter.ts';
import { DatabaseError, ProjectError, VeloError, VeloErrors } from '../core/errors.ts';
import { addGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Scratch } from '../execute/scratch.ts';
import { hasTemplate } from '../nodes/compile.ts';
import type { Compiled } from '../nodes/ctes.ts';
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

/** A scratch, what is known, and for which nodes there are tables in the scratch. */
export interface Binder {
  readonly scratch: Scratch;
  readonly inputs: Inputs;
  readonly made: Set<NodeId>;
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
      const compiled = await scratch.compileTest(test);
      if (compiled) queries.push({ node: test, compiled });
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
    return failed(node, error);
  }
}

/** An empty table for each input that has none yet; an ephemeral model reads its own. */
async function makeInputs(node: Node, binder: Binder): Promise<void> {
  const { scratch, inputs, made } = binder;
  for (const id of inputs.parentsOf(node.id)) {
    const parent = inputs.byId.get(id);
    if (!parent || made.has(id)) continue;
    if (isInlined(parent)) await makeInputs(parent, binder);
    const columns = isInlined(parent) ? undefined : columnsToRead(parent, inputs);
    if (!columns) continue;
    await makeEmptyTable(scratch, parent, columns);
    made.add(id);
  }
}

function bindOne(node: Node, binder: Binder): Promise<Binding> {
  const { scratch } = binder;
  if (node.kind === 'source') {
    return tableOf(node, `select * from ${sourceText(node, scratch.dialect)}`, binder);
  }
  if (node.kind === 'seed') return bindSeed(node, binder);
  return hasTemplate(node) ? bindModel(node, binder) : bindProgram(node, binder);
}

async function bindSeed(node: Node, binder: Binder): Promise<Binding> {
  const { connection } = binder.scratch;
  const loaded = await loadSeed(node, connection, binder.inputs.projectDir);
  const bound = await tableOf(node, `select * from ${loaded}`, binder);
  await connection.execute(`drop table ${loaded}`);
  return bound;
}

/** Nodes whose rows are not those of their SELECT. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(['train', 'score', 'backtest', 'snapshot']);

async function bindModel(node: Node, binder: Binder): Promise<Binding> {
  const compiled = await binder.scratch.compile(node, firstDate(node));
  const query = { node, compiled };
  if (node.kind === 'analysis') return bindQuery(query, binder.scratch);
  if (!OWN_COLUMNS.has(node.materialized)) {
    return located(query, () => tableOf(node, compiled.sql, binder));
  }
  await bindQuery(query, binder.scratch);
  return standingColumns(node, binder.inputs.standing, 'its table is not in the target yet');
}

/** A program says what its columns are when it is given tables without rows. */
async function bindProgram(node: Node, binder: Binder): Promise<Binding> {
  const { scratch, inputs, made } = binder;
  if (!node.path.endsWith('.ts')) {
    return standingColumns(node, inputs.standing, 'velo cannot build it');
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

async function tableOf(node: Node, sql: string, { scratch, made }: Binder): Promise<Binding> {
  const { connection, dialect } = scratch;
  const place = scratch.place(node.name);
  await connection.execute(`create table ${dialect.relation(place)} as\n${sql}\nwith no data`);
  scratch.shadow(node, place);
  made.add(node.id);
  return { status: 'bound', columns: await columnsOf(place, scratch) };
}

async function columnsOf(
  place: Relation,
  { connection, dialect }: Scratch,
): Promise<readonly TypedColumnName[]> {
  // The catalog would be gone through once for each of them.
  const { table } = await connection.fetch(`select * from ${dialect.relation(place)} limit 0`);
  return table.columns.map(({ name, type }) => ({ name, type }));
}

/** A table without rows in the place of a node, for what reads it. @throws DatabaseError */
export async function makeEmptyTable(
  scratch: Scratch,
  node: Node,
  columns: readonly TypedColumnName[],
): Promise<Relation> {
  const { connection, dialect } = scratch;
  const place = scratch.place(node.name);
  const list = columns.map(({ name, type }) => `${dialect.quote(name)} ${type}`).join(', ');
  await connection.execute(`create table ${dialect.relation(place)} (${list})`);
  scratch.shadow(node, place);
  return place;
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

function failed(node: Node, error: unknown): Binding {
  if (error instanceof VeloErrors) return { status: 'error', errors: error.errors };
  if (!(error instanceof VeloError) || error.code === 'interrupted') throw error;
  if (error.code === 'script-error') {
    return { status: 'unknown', why: `it cannot be run without rows: ${error.message}` };
  }
  if (error.span) return { status: 'error', errors: [error] };
  const { code, message, hint } = error;
  const atNode = new ProjectError(code, message, { span: node.span, hint, cause: error });
  return { status: 'error', errors: [atNode] };
}
