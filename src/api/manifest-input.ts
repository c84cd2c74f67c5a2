import { relative } from 'node:path';
import type { ManifestInput } from '../artifacts/manifest.ts';
import type { NodeId } from '../core/node.ts';
import type { LoadedProject } from './load-project.ts';

/** What manifest.json is made from; `compiled` has the SQL of the nodes that were rendered. */
export function manifestInput(
  project: LoadedProject,
  compiled: ReadonlyMap<NodeId, string> = new Map(),
): ManifestInput {
  const { manifest, graph, adapter, settings, invocationId, startedAt, now } = project;
  return {
    manifest,
    graph,
    adapterType: adapter.name,
    invocationId,
    invocationStartedAt: startedAt,
    generatedAt: now(),
    relationName: adapter.dialect.relation,
    compiledCode: (id) => compiled.get(id),
    projectDir: settings.projectDir,
    targetPath: relative(settings.projectDir, settings.targetDir).replaceAll('\\', '/'),
  };
}
