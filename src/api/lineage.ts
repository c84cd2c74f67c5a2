import { makeEmptyTables } from '../binding/binder.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import type { ColumnOf } from '../core/leakage.ts';
import type { Manifest, Node, NodeId } from '../core/node.ts';
import { type ReadColumns, readColumns } from '../leakage/column-graph.ts';
import { type BoundProject, bindProject, lendToBind } from './bind-project.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';

export interface LineageOptions extends ApiOptions {
  /** `training_dataset.sr_90d`, or a node alone: all its columns. */
  readonly column: string;
  /** Follow what is made of it, and not what it is made of. */
  readonly downstream?: boolean | undefined;
  /** Also what decides which rows the node has: its filters, joins, groups. */
  readonly rows?: boolean | undefined;
}

/** A column and what it is made of, or with `downstream` what is made of it; each column's own ways stand once. */
export interface LineageColumn extends ColumnOf {
  /** How it was reached from the column above: as a value, or by deciding which rows count. Absent for the first. */
  readonly role?: 'value' | 'rows' | undefined;
  /** Its node's SQL cannot be followed: it may come from any column that is read there. */
  readonly isOpaque: boolean;
  /** It stands elsewhere with its ways. */
  readonly isShown: boolean;
  readonly ways: readonly LineageColumn[];
}

export interface FoundLineage {
  readonly columns: readonly LineageColumn[];
  readonly manifest: Manifest;
}

/**
 * From which columns a column comes, through every SELECT on the way down to sources and seeds. Columns are those the engine
 * says the nodes have. @throws VeloError, VeloErrors; ConfigError 'unknown-name' for a node or column that is not there
 */
export async function lineage(options: LineageOptions): Promise<FoundLineage> {
  const project = await loadProject(options);
  const { node, column } = parseColumn(options.column, project);
  const asked = options.downstream ? withDescendants(node.id, project) : new Set([node.id]);
  const bound = await bindProject(project, asked, options.signal);
  const names = columnNames(node, bound);
  const wanted = column === undefined ? names : [knownColumn(column, names, node)];
  const read = await followColumns(project, bound, options.signal);
  const walk = walker(read, options);
  return {
    columns: wanted.map((name) => walk({ node: node.id, column: name }, undefined)),
    manifest: project.manifest,
  };
}

/** Where the columns of bound nodes come from. @throws DatabaseError */
export const followColumns = (
  project: LoadedProject,
  { nodes, found }: BoundProject,
  signal: AbortSignal | undefined,
): Promise<ReadColumns> =>
  lendToBind(project, signal, async (scratch) => {
    const known = nodes.filter(hasColumns).flatMap((node) => {
      const binding = found.get(node.id);
      return binding && 'columns' in binding ? [{ node, columns: binding.columns }] : [];
    });
    const tables = await makeEmptyTables(scratch, known);
    const relations = new Map(tables.map(({ node, relation }) => [node.id, relation]));
    const names = new Map(
      known.map(({ node, columns }) => [node.id, columns.map(({ name }) => name)]),
    );
    return readColumns(scratch, nodes, relations, project.graph, names);
  });

const hasColumns = ({ check, kind, materialized }: Node): boolean =>
  check === undefined && kind !== 'analysis' && materialized !== 'ephemeral';

/** The longest name of a node that `text` begins with; the rest is the column. */
function parseColumn(text: string, { graph }: LoadedProject) {
  const nodes = [...graph.nodes.values()].filter(hasColumns);
  const named = (name: string) =>
    nodes.find((node) => node.name === name || node.id.split('.').slice(2).join('.') === name);
  const whole = named(text);
  if (whole) return { node: whole, column: undefined };
  const dot = text.lastIndexOf('.');
  const node = named(text.slice(0, dot));
  if (dot > 0 && node) return { node, column: text.slice(dot + 1).toLowerCase() };
  const asked = dot > 0 ? text.slice(0, dot) : text;
  throw new ConfigError('unknown-name', `there is no model, seed or source '${asked}'`, {
    hint:
      didYouMean(
        asked,
        nodes.map(({ name }) => name),
      ) ?? 'write model.column',
  });
}

function withDescendants(id: NodeId, { graph }: LoadedProject): ReadonlySet<NodeId> {
  const found = new Set([id]);
  for (const one of found) for (const child of graph.children(one)) found.add(child);
  return found;
}

function columnNames(node: Node, { found }: BoundProject): readonly string[] {
  const binding = found.get(node.id);
  if (binding && 'columns' in binding) return binding.columns.map(({ name }) => name.toLowerCase());
  if (binding?.status === 'error') throw binding.errors[0];
  throw new ConfigError('unknown-name', `the columns of ${node.name} are not known`, {
    hint: binding?.status === 'unknown' ? binding.why : 'velo check says why',
  });
}

function knownColumn(column: string, names: readonly string[], node: Node): string {
  if (names.includes(column)) return column;
  const alike = names.filter((name) => name.includes(column));
  const listed = alike.length > 0 ? alike : names;
  throw new ConfigError('unknown-name', `${node.name} has no column '${column}'`, {
    hint: didYouMean(column, names) ?? `it has ${listed.slice(0, 8).join(', ')}`,
  });
}

type Walk = (column: ColumnOf, role: LineageColumn['role']) => LineageColumn;

/** Each column is followed once, where it comes first. */
function walker({ graph, opaque }: ReadColumns, { downstream, rows }: LineageOptions): Walk {
  const isOpaque = new Set(opaque.map(({ id }) => id));
  const seen = new Set<string>();
  const forward = downstream ? childrenOf(graph, rows === true) : undefined;
  const edgesOf = ({ node, column }: ColumnOf) => {
    if (forward) return forward.get(keyOf({ node, column })) ?? [];
    const known = graph.get(node);
    if (!known || isOpaque.has(node)) return [];
    const edges = [...(known.columns.get(column) ?? []), ...(rows ? known.everywhere : [])];
    return edges.map(({ from, role }) => ({ to: from, role }));
  };
  const walk: Walk = ({ node, column }, role) => {
    const key = keyOf({ node, column });
    const isShown = seen.has(key);
    seen.add(key);
    const wanted = edgesOf({ node, column });
    const ways = isShown ? [] : unique(wanted).map((edge) => walk(edge.to, edge.role));
    return {
      node,
      column,
      role,
      isOpaque: isOpaque.has(node),
      isShown: isShown && wanted.length > 0,
      ways,
    };
  };
  return walk;
}

interface Way {
  readonly to: ColumnOf;
  readonly role: 'value' | 'rows';
}

const keyOf = ({ node, column }: ColumnOf): string => `${node}\n${column}`;

/** Values before what decides rows; each column once. */
function unique(ways: readonly Way[]): readonly Way[] {
  const found = new Map<string, Way>();
  for (const role of ['value', 'rows'] as const) {
    for (const way of ways) {
      if (way.role === role && !found.has(keyOf(way.to))) found.set(keyOf(way.to), way);
    }
  }
  return [...found.values()];
}

function childrenOf(
  graph: ReadColumns['graph'],
  rows: boolean,
): ReadonlyMap<string, readonly Way[]> {
  const found = new Map<string, Way[]>();
  for (const [node, { columns, everywhere }] of graph) {
    for (const [column, own] of columns) {
      for (const { from, role } of rows ? [...own, ...everywhere] : own) {
        const key = keyOf(from);
        found.set(key, [...(found.get(key) ?? []), { to: { node, column }, role }]);
      }
    }
  }
  return found;
}
