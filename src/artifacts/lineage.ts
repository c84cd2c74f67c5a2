import type { ColumnOf } from '../core/leakage.ts';
import type { NodeId } from '../core/node.ts';
import { VELO_VERSION } from '../core/versions.ts';
import { type ArtifactContext, isoInstant } from './metadata.ts';

/** Raised when a key changes its meaning or goes away. */
const LINEAGE_SCHEMA_VERSION = 1;

/** Its name in the target folder, and in `metadata.env.velo_lineage` of manifest.json. */
export const LINEAGE_FILE = 'lineage.json';

/** Which columns the values of columns are made of. */
export interface ColumnLineage {
  /** By model and column, in lower case. */
  readonly models: ReadonlyMap<NodeId, ReadonlyMap<string, readonly ColumnOf[]>>;
  /** Models that cannot be followed: what their columns are made of is not known. */
  readonly unclear: ReadonlySet<NodeId>;
}

/** lineage.json: every column of every model, which dbt's schema of the manifest has no place for. Pure. */
export function lineageArtifact({ models, unclear }: ColumnLineage, context: ArtifactContext) {
  const entry = (id: NodeId, columns: ReadonlyMap<string, readonly ColumnOf[]>) => ({
    is_followed: !unclear.has(id),
    columns: Object.fromEntries(columns),
  });
  return {
    metadata: {
      lineage_schema_version: LINEAGE_SCHEMA_VERSION,
      velo_version: VELO_VERSION,
      generated_at: isoInstant(context.generatedAt),
      invocation_id: context.invocationId,
    },
    nodes: Object.fromEntries([...models].map(([id, columns]) => [id, entry(id, columns)])),
  };
}
