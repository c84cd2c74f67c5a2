import { type ManifestInput, manifestArtifact } from '../artifacts/manifest.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';

/** Reads the project, resolves what it refers to and writes manifest.json. No database is opened. @throws VeloErrors with all faults of the project */
export async function parse(options: ApiOptions): Promise<void> {
  const project = await loadProject(options);
  await writeArtifacts(project.settings.targetDir, {
    'manifest.json': manifestArtifact(manifestInput(project)),
  });
}

/** What the manifest says of a project nothing was compiled of. */
export function manifestInput(project: LoadedProject): ManifestInput {
  const { manifest, graph, adapter, invocationId, startedAt, now } = project;
  return {
    manifest,
    graph,
    adapterType: adapter.name,
    invocationId,
    invocationStartedAt: startedAt,
    generatedAt: now(),
    relationName: adapter.dialect.relation,
    compiledCode: () => undefined,
  };
}
