import { VeloError } from '../core/errors.ts';
import { addGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { ColumnOf } from '../core/leakage.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Span } from '../core/span.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { Graph } from '../graph/build-graph.ts';
import { hasTemplate } from '../nodes/compile.ts';
import type { Compiled } from '../nodes/ctes.ts';
import type { Flow, TimeBound } from '../sql/flow.ts';
import { lineageOf } from '../sql/lineage.ts';
import { type Query, walk } from '../sql/tree.ts';
import type { ColumnGraph, Edge, NodeColumns } from './column-paths.ts';

/** What the columns of nodes come from, and the nodes of which that cannot be said. */
export interface ReadColumns {
  readonly graph: ColumnGraph;
  /** Every column of these is taken to come from every column they read. */
  readonly opaque: readonly Node[];
}

/**
 * Follows columns through the SELECTs of `nodes`, parents first, each shadowed by its relation. `known` has the columns of
 * those whose relations need not be asked. @throws DatabaseError
 */
export async function readColumns(
  scratch: Scratch,
  nodes: readonly Node[],
  relations: ReadonlyMap<NodeId, Relation>,
  { parents }: Pick<Graph, 'parents'>,
  known: ReadonlyMap<NodeId, readonly string[]> = new Map(),
): Promise<ReadColumns> {
  const tables = await tablesOf(scratch, nodes, relations, known);
  const graph = new Map<NodeId, NodeColumns>();
  const opaque: Node[] = [];
  for (const node of nodes) {
    if (node.kind !== 'model' || !node.buildable) continue;
    const found = await followedColumns(scratch, node, tables);
    if (!found) opaque.push(node);
    graph.set(node.id, found ?? fromAll(node, parents(node.id), tables));
  }
  return { graph, opaque };
}

interface Table {
  readonly node: Node;
  /** In lower case. */
  readonly columns: readonly string[];
}

/** By their names in SQL, parts joined with '.', in lower case. */
type Tables = ReadonlyMap<string, Table>;

async function tablesOf(
  { connection, dialect }: Scratch,
  nodes: readonly Node[],
  relations: ReadonlyMap<NodeId, Relation>,
  known: ReadonlyMap<NodeId, readonly string[]>,
): Promise<Tables> {
  const standing = async (relation: Relation) => {
    const { table } = await connection.fetch(`select * from ${dialect.relation(relation)} limit 0`);
    return table.columns.map(({ name }) => name);
  };
  const tables = new Map<string, Table>();
  for (const node of nodes) {
    const relation = relations.get(node.id);
    if (!relation) continue;
    const names = known.get(node.id) ?? (await standing(relation));
    const columns = names.map((name) => name.toLowerCase());
    tables.set(pathOf(relation), { node, columns });
  }
  return tables;
}

const pathOf = ({ database, schema, name }: Relation): string =>
  [database, schema, name]
    .filter((part) => part !== undefined && part !== '')
    .join('.')
    .toLowerCase();

/** Undefined when the SELECT cannot be read. */
async function followedColumns(
  scratch: Scratch,
  node: Node,
  tables: Tables,
): Promise<NodeColumns | undefined> {
  const { asOf } = node;
  if (!hasTemplate(node)) return undefined;
  // Of two dates: what is only bounded by the end of a batch is not bounded for its first one.
  const batch = asOf && { start: asOf.begin, end: addGrains(asOf.begin, 2, asOf.grain) };
  const compiled = await compiledOf(scratch, node, batch);
  const query = compiled && (await scratch.connection.parseQuery(compiled.sql));
  if (!compiled || !query) return undefined;
  const lineage = lineageOf(query, (path) => tables.get(path.join('.').toLowerCase())?.columns);
  if (lineage.isPartial) return undefined;
  const reading: Reading = { tables, batch, compiled };
  const edges = (flows: readonly Flow[], at: number | undefined) =>
    flows.flatMap((flow) => edgeOf(flow, at, reading) ?? []);
  const items = itemPlaces(query);
  const columns = new Map(
    lineage.columns.map(({ name, flows }) => [name, edges(flows, items.get(name))]),
  );
  return { columns, everywhere: edges(lineage.rows, undefined) };
}

/** Undefined for a template that cannot be rendered outside of a build. */
async function compiledOf(
  scratch: Scratch,
  node: Node,
  batch: Interval | undefined,
): Promise<Compiled | undefined> {
  try {
    return await scratch.compile(node, batch);
  } catch (error) {
    if (error instanceof VeloError && error.code !== 'interrupted') return undefined;
    throw error;
  }
}

/** Where each column of a query is written, as offsets. */
function itemPlaces({ body }: Query): ReadonlyMap<string, number> {
  if (body.kind !== 'select') return new Map();
  return new Map(
    body.items.flatMap(({ alias, expression }): [string, number][] => {
      const name =
        alias ?? (expression.kind === 'column' ? expression.path.at(-1) : undefined) ?? '';
      const at = [...walk(expression)].find((part) => part.at !== undefined)?.at;
      return at === undefined ? [] : [[name.toLowerCase(), at]];
    }),
  );
}

interface Reading {
  readonly tables: Tables;
  readonly batch: Interval | undefined;
  readonly compiled: Compiled;
}

function edgeOf(
  { table, column, role, bounds, steps }: Flow,
  itemAt: number | undefined,
  { tables, batch, compiled }: Reading,
): Edge | undefined {
  const from = tables.get(table);
  if (!from) return undefined;
  const loose = bounds.filter(
    ({ isStrict, against }) => !isStrict && against.instantMs === undefined,
  );
  return {
    from: { node: from.node.id, column },
    role,
    isBound: bounds.some((bound) => isBefore(bound, batch)),
    places: placesOf([...steps, itemAt], compiled),
    looseBounds: placesOf(
      loose.map(({ at }) => at),
      compiled,
    ),
  };
}

/** Before the day of the row it is for, or before the first day that is built. */
const isBefore = ({ isStrict, against }: TimeBound, batch: Interval | undefined): boolean =>
  isStrict &&
  (against.columns.length > 0 ||
    (batch !== undefined && against.instantMs !== undefined && against.instantMs <= batch.start));

/** Each line once. */
function placesOf(
  offsets: readonly (number | undefined)[],
  { sql, placeOf }: Compiled,
): readonly Span[] {
  const lines = offsets.flatMap((offset) =>
    offset === undefined ? [] : [sql.slice(0, offset).split('\n').length],
  );
  const spans = lines.flatMap((line) => placeOf(line)?.span ?? []);
  return [...new Map(spans.map((span) => [`${span.file}:${span.line}`, span])).values()];
}

function fromAll(node: Node, parents: readonly NodeId[], tables: Tables): NodeColumns {
  const inputs = [...tables.values()].filter((table) => parents.includes(table.node.id));
  const everywhere = inputs.flatMap((input) =>
    input.columns.map((column): Edge => {
      const from: ColumnOf = { node: input.node.id, column };
      return { from, role: 'value', isBound: false, places: [node.span], looseBounds: [] };
    }),
  );
  return { columns: new Map(), everywhere };
}
