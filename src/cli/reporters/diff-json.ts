import type { Diffed, ModelDiff } from '../../api/diff.ts';
import type { Relation } from '../../core/relation.ts';

/** The outcome as programs read it. */
export const diffJson = ({ models, notBuilt }: Diffed) => ({
  models: models.map(modelJson),
  not_built: notBuilt.map(({ id }) => id),
});

function modelJson({ node, status, here, there, differences, error, durationMs }: ModelDiff) {
  return {
    node: node.id,
    name: node.name,
    status: status === 'here' || status === 'there' ? `only_${status}` : status,
    here: nameOf(here),
    there: nameOf(there),
    ...(differences && {
      key: differences.key ?? null,
      rows_here: differences.rowsHere,
      rows_there: differences.rowsThere,
      only_here: differences.onlyHere,
      only_there: differences.onlyThere,
      changed: differences.changed,
      columns: differences.columns,
      columns_only_here: differences.columnsOnlyHere,
      columns_only_there: differences.columnsOnlyThere,
      examples: differences.examples,
    }),
    ...(error && { error: { code: error.code, message: error.message, hint: error.hint } }),
    duration_ms: Math.round(durationMs),
  };
}

const nameOf = (relation: Relation | undefined): string | null =>
  relation ? `${relation.schema}.${relation.name}` : null;
