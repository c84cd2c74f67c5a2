import { entryContext, entryOf, manifestArtifact } from '../artifacts/manifest.ts';
import type { Node } from '../core/node.ts';
import { toValue, type Value } from '../jinja/value.ts';
import type { LoadedProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';

/** The project as templates see it: `model` and `graph`, in the manifest's words. */
export interface ManifestValues {
  describe(node: Node): unknown;
  graph(): Value;
}

/** Made when a template asks, and once: most never do. */
export function manifestValues(project: LoadedProject): ManifestValues {
  const input = manifestInput(project);
  let context: ReturnType<typeof entryContext> | undefined;
  let graphValue: Value;
  return {
    describe(node) {
      context ??= entryContext(input);
      return entryOf(node, context);
    },
    graph() {
      graphValue ??= toValue(graphSections(manifestArtifact(input)));
      return graphValue;
    },
  };
}

/** What dbt's `graph` holds: no macros, docs or maps. */
function graphSections(artifact: ReturnType<typeof manifestArtifact>) {
  const { nodes, sources, exposures, metrics, groups } = artifact;
  const { semantic_models, saved_queries, functions } = artifact;
  return { nodes, sources, exposures, metrics, groups, semantic_models, saved_queries, functions };
}
