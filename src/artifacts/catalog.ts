import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { type ArtifactContext, artifactMetadata } from './metadata.ts';

/** A column of a table or view as it stands in the database. */
export interface CatalogColumn {
  readonly name: string;
  /** From 1. */
  readonly index: number;
  readonly type: string;
  readonly comment: string | null;
}

/** A table or view as it stands in the database. */
export interface CatalogTable {
  readonly database: string | undefined;
  readonly schema: string;
  readonly name: string;
  /** `BASE TABLE`, `VIEW`, `MATERIALIZED VIEW`. */
  readonly type: string;
  readonly comment: string | null;
  readonly owner: string | null;
  readonly columns: readonly CatalogColumn[];
}

export type Catalog = ReadonlyMap<NodeId, CatalogTable>;

/** Which node each table is. Names are compared without case, as the engines do. */
export function catalogOf(nodes: Iterable<Node>, tables: readonly CatalogTable[]): Catalog {
  const byName = new Map(tables.map((table) => [placeOf(table), table]));
  const byShortName = new Map(tables.map((table) => [placeOf(table, ''), table]));
  const found = new Map<NodeId, CatalogTable>();
  for (const { id, relation } of nodes) {
    if (!relation) continue;
    const names = relation.database === undefined ? byShortName : byName;
    const table = names.get(placeOf(relation));
    if (table) found.set(id, table);
  }
  return found;
}

const placeOf = ({ database, schema, name }: Relation, within = database): string =>
  `${within ?? ''}.${schema}.${name}`.toLowerCase();

/** catalog.json, valid against dbt's schema catalog v1. Pure. */
export function catalogArtifact(context: ArtifactContext, catalog: Catalog) {
  const entries = [...catalog].sort(([a], [b]) => (a < b ? -1 : 1));
  const of = (isSource: boolean) =>
    Object.fromEntries(
      entries
        .filter(([id]) => id.startsWith('source.') === isSource)
        .map(([id, table]) => [id, tableEntry(id, table)]),
    );
  return {
    metadata: artifactMetadata('catalog/v1', context),
    nodes: of(false),
    sources: of(true),
    errors: null,
  };
}

const tableEntry = (id: NodeId, table: CatalogTable) => ({
  metadata: {
    type: table.type,
    schema: table.schema,
    name: table.name,
    database: table.database ?? null,
    comment: table.comment,
    owner: table.owner,
  },
  columns: Object.fromEntries(
    table.columns.map(({ name, index, type, comment }) => [name, { type, index, name, comment }]),
  ),
  stats: { has_stats: NO_STATS },
  unique_id: id,
});

/** As dbt says it of engines that count nothing by themselves. */
const NO_STATS = {
  id: 'has_stats',
  label: 'Has Stats?',
  value: false,
  include: false,
  description: 'Indicates whether there are statistics for this table',
} as const;
