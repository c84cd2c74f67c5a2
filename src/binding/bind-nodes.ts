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
import { type SourceDetail, sourceText } from '../nodes/source-text.ts';
import { type BindingRecord, bindingKey, type ColumnsOf } from './binding-record.ts';

/** What is known of a node's columns. `why`: what keeps it from being looked at. */
export type Binding =
  | { readonly status: 'bound' | 'kept'; readonly columns: readonly TypedColumnName[] }
  | { readonly status: 'unknown'; readonly why: string }
  | { readonly status: 'error'; readonly errors: readonly VeloError[] };

export interface BindingInput {
  /** Nodes to look at and all they read, parents first. */
  readonly nodes: readonly Node[];
  readonly parentsOf: (id: NodeId) => readonly NodeId[];
  readonly projectDir: string;
  /** What earlier checks found. */
  readonly record: BindingRecord;
  /** The engine reads files in place; else their rows stand in tables of the target. */
  readonly readsFiles: boolean;
  /** Columns of a relation as it stands in the target; undefined where it does not. */
  readonly standing: (relation: Relation) => Promise<readonly TypedColumnName[] | undefined>;
  /** Lends a place in which tables can be made, for as long as `work` takes. Called only when something has changed. */
  readonly lend: <T>(work: (scratch: Scratch) => Promise<T>) => Promise<T>;
}

export interface Bindings {
  readonly found: ReadonlyMap<NodeId, Binding>;
  /** For the next check. */
  readonly record: BindingRecord;
}

/**
 * Has the engine resolve every name and type of the nodes' SQL: each becomes an empty table that those after it read. No row
 * is read. What did not change since the check that made `record` is not looked at again.
 */
export async function bindNodes(input: BindingInput): Promise<Bindings> {
  const { nodes, parentsOf, record } = input;
  const found = new Map<NodeId, Binding>();
  // Others make these tables: what they are now is looked up each time.
  for (const node of nodes.filter((node) => isTable(node, input)))
    found.set(node.id, await tableSource(node, input));
  const last: ColumnsOf = (id) => record.nodes[id]?.columns;
  const keep = (node: Node, columnsOf: ColumnsOf): boolean => {
    const columns = last(node.id);
    const isSame = record.nodes[node.id]?.key === bindingKey(node, parentsOf(node.id), columnsOf);
    if (columns && isSame) found.set(node.id, { status: 'kept', columns });
    return columns !== undefined && isSame;
  };
  const own = nodes.filter((node) => !found.has(node.id));
  const known: ColumnsOf = (id) => columnsIn(found, id);
  const inputs: Inputs = { ...input, byId: new Map(nodes.map((node) => [node.id, node])), found };
  const settled = (node: Node): boolean => {
    if (keep(node, (id) => known(id) ?? last(id))) return true;
    const why = whyNotRead(node, inputs);
    if (why !== undefined) found.set(node.id, { status: 'unknown', why });
    return why !== undefined;
  };
  const hasChanged = own.map(settled).includes(false);
  if (hasChanged) {
    for (const { id } of own) found.delete(id);
    await input.lend(async (scratch) => {
      const binder = binderIn(scratch, inputs);
      // Nothing reads a test: those that have changed are looked at together.
      const tests: Node[] = [];
      for (const node of own) {
        if (keep(node, known)) continue;
        if (node.check) tests.push(node);
        else found.set(node.id, await binder.bind(node));
      }
      await binder.bindTests(tests, (test, binding) => void found.set(test.id, binding));
    });
  }
  const entries = own.flatMap((node) => {
    const columns = known(node.id);
    return columns
      ? [[node.id, entryOf(bindingKey(node, parentsOf(node.id), known), columns)]]
      : [];
  });
  return { found, record: { nodes: { ...record.nodes, ...Object.fromEntries(entries) } } };
}

const entryOf = (key: string, columns: readonly TypedColumnName[]) => ({
  key,
  columns: columns.map(({ name, type }) => ({ name, type })),
});

function columnsIn(found: ReadonlyMap<NodeId, Binding>, id: NodeId) {
  const binding = found.get(id);
  return binding && 'columns' in binding ? binding.columns : undefined;
}

const isTable = ({ kind, detail }: Node, { readsFiles }: BindingInput): boolean =>
  kind === 'source' && !(readsFiles && (detail as SourceDetail).external);

const tableSource = (node: Node, { standing }: BindingInput): Promise<Binding> =>
  standingColumns(node, standing, 'the table is not in the target');

/** The columns a contract or the target's own table says a node has. */
async function standingColumns(
  node: Node,
  standing: BindingInput['standing'],
  why: string,
): Promise<Binding> {
  const columns = declaredColumns(node) ?? (node.relation && (await standing(node.relation)));
  return columns ? { status: 'bound', columns } : { status: 'unknown', why };
}

type Bind = (node: Node) => Promise<Binding>;

interface Binder {
  readonly bind: Bind;
  /** The same for tests, many with one statement. */
  bindTests(tests: readonly Node[], onBound: (test: Node, binding: Binding) => void): Promise<void>;
}

/** Tests of one statement: with more, one that fails makes too many be looked at again. */
const TESTS_AT_ONCE = 50;

function binderIn(scratch: Scratch, inputs: Inputs): Binder {
  const { parentsOf, standing, projectDir, byId } = inputs;
  const { connection, dialect } = scratch;
  const made = new Set<NodeId>();
  const shadow = (node: Node, place: Relation) => {
    scratch.shadow(node, place);
    made.add(node.id);
  };
  const columnsOf = async (place: Relation): Promise<readonly TypedColumnName[]> => {
    // The catalog would be gone through once for each of them.
    const { table } = await connection.fetch(`select * from ${dialect.relation(place)} limit 0`);
    return table.columns.map(({ name, type }) => ({ name, type }));
  };
  const tableOf = async (node: Node, sql: string): Promise<Binding> => {
    const place = scratch.place(node.name);
    const text = `create table ${dialect.relation(place)} as\n${sql}\nwith no data`;
    await connection.execute(text);
    shadow(node, place);
    return { status: 'bound', columns: await columnsOf(place) };
  };
  const bindSeed: Bind = async (node) => {
    const loaded = await loadSeed(node, connection, projectDir);
    const bound = await tableOf(node, `select * from ${loaded}`);
    await connection.execute(`drop table ${loaded}`);
    return bound;
  };
  const bindTest = async (test: Node, compiled: Compiled): Promise<Binding> => {
    await located(test, compiled, () => connection.wireColumns(compiled.sql));
    return BOUND;
  };
  const bindQuery: Bind = async (node) => {
    const compiled = await scratch.compile(node, undefined);
    await located(node, compiled, () => connection.wireColumns(compiled.sql));
    return BOUND;
  };
  const bindModel: Bind = async (node) => {
    if (!hasTemplate(node)) return bindProgram(node);
    const compiled = await scratch.compile(node, firstDate(node));
    if (!OWN_COLUMNS.has(node.materialized)) {
      return located(node, compiled, () => tableOf(node, compiled.sql));
    }
    await located(node, compiled, () => connection.wireColumns(compiled.sql));
    return standingColumns(node, standing, 'its table is not in the target yet');
  };
  /** A program says what its columns are when it is given tables without rows. */
  const bindProgram: Bind = async (node) => {
    if (!node.path.endsWith('.ts')) return standingColumns(node, standing, 'velo cannot build it');
    const range = firstDate(node);
    const place = await scratch.build(node, { ranges: range && [range] });
    shadow(node, place);
    return { status: 'bound', columns: await columnsOf(place) };
  };
  const bindOne = (node: Node): Promise<Binding> => {
    if (node.kind === 'source') return tableOf(node, `select * from ${sourceText(node, dialect)}`);
    if (node.kind === 'seed') return bindSeed(node);
    return node.kind === 'analysis' ? bindQuery(node) : bindModel(node);
  };
  /** An empty table for each input that has none yet; an ephemeral model reads its own. */
  const makeInputs = async (node: Node): Promise<void> => {
    for (const id of parentsOf(node.id)) {
      const parent = byId.get(id);
      if (!parent || made.has(id)) continue;
      if (isInlined(parent)) await makeInputs(parent);
      const columns = isInlined(parent) ? undefined : columnsToRead(parent, inputs);
      if (!columns) continue;
      await makeEmptyTable(scratch, parent, columns);
      made.add(id);
    }
  };
  /** What `work` finds, once there are tables for what the node reads. */
  const withInputs = async (node: Node, work: () => Promise<Binding>): Promise<Binding> => {
    const why = whyNotRead(node, inputs);
    if (why !== undefined) return { status: 'unknown', why };
    try {
      await makeInputs(node);
      return await scratch.attempt(work);
    } catch (error) {
      return failed(node, error);
    }
  };
  return {
    bind: (node) => withInputs(node, () => bindOne(node)),
    async bindTests(tests, onBound) {
      const queries: { readonly test: Node; readonly compiled: Compiled }[] = [];
      for (const test of tests) {
        const binding = await withInputs(test, async () => {
          const compiled = await scratch.compileTest(test);
          if (compiled) queries.push({ test, compiled });
          return BOUND;
        });
        onBound(test, binding);
      }
      for (let from = 0; from < queries.length; from += TESTS_AT_ONCE) {
        const some = queries.slice(from, from + TESTS_AT_ONCE);
        const all = some.map(({ compiled }, i) => `exists (\n${compiled.sql}\n) as test_${i}`);
        const together = await scratch
          .attempt(() => connection.wireColumns(`select ${all.join(', ')}`))
          .catch((error: unknown) => failed(some[0]?.test, error));
        if (!('status' in together)) continue;
        for (const { test, compiled } of some) {
          onBound(test, await withInputs(test, () => bindTest(test, compiled)));
        }
      }
    },
  };
}

const BOUND: Binding = { status: 'bound', columns: [] };

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

/** Nodes whose rows are not those of their SELECT. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(['train', 'score', 'backtest', 'snapshot']);

/** What a contract says. */
function declaredColumns({ columns, config, kind }: Node): readonly TypedColumnName[] | undefined {
  const contract = config['contract'] as { readonly enforced?: unknown } | undefined;
  const isDeclared = kind === 'source' || contract?.enforced === true;
  const typed = columns.flatMap(({ name, dataType }) =>
    dataType ? [{ name, type: dataType }] : [],
  );
  return isDeclared && typed.length > 0 && typed.length === columns.length ? typed : undefined;
}

/** It has no table: its SQL becomes a part of what reads it. */
const isInlined = ({ materialized }: Node): boolean => materialized === 'ephemeral';

interface Inputs extends BindingInput {
  readonly byId: ReadonlyMap<NodeId, Node>;
  readonly found: ReadonlyMap<NodeId, Binding>;
}

/** One with an error is taken to have the columns it had: what reads it may have errors of its own. */
const columnsToRead = ({ id }: Node, { found, record }: Inputs) =>
  columnsIn(found, id) ?? record.nodes[id]?.columns;

/** Why a node cannot be looked at: it reads what nobody knows the columns of. The cause is told, not what came of it. */
function whyNotRead(node: Node, inputs: Inputs): string | undefined {
  const { parentsOf, byId, found } = inputs;
  for (const id of parentsOf(node.id)) {
    const parent = byId.get(id);
    if (!parent) continue;
    const binding = found.get(id);
    const isReadable = isInlined(parent)
      ? binding?.status !== 'error'
      : columnsToRead(parent, inputs) !== undefined;
    const inner = isInlined(parent) ? whyNotRead(parent, inputs) : undefined;
    if (inner !== undefined) return inner;
    if (isReadable) continue;
    const why = binding?.status === 'unknown' ? binding.why : 'it has an error';
    return why.startsWith(UNKNOWN) ? why : `${UNKNOWN} ${parent.name} are not known: ${why}`;
  }
  return undefined;
}

const UNKNOWN = 'the columns of';

async function located<T>(node: Node, compiled: Compiled, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
  }
}

function failed(node: Node | undefined, error: unknown): Binding {
  if (error instanceof VeloErrors) return { status: 'error', errors: error.errors };
  if (!(error instanceof VeloError) || error.code === 'interrupted') throw error;
  if (error.code === 'script-error') {
    return { status: 'unknown', why: `it cannot be run without rows: ${error.message}` };
  }
  if (error.span) return { status: 'error', errors: [error] };
  const { code, message, hint } = error;
  const atNode = new ProjectError(code, message, { span: node?.span, hint, cause: error });
  return { status: 'error', errors: [atNode] };
}
