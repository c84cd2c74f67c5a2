<<<<<<< HEAD

import { manifestArtifact } from '../artifacts/manifest.ts';

=======

import { relative } from 'node:path';
import { type ManifestInput, manifestArtifact } from '../artifacts/manifest.ts';

>>>>>>> h/artifacts

import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { type ApiOptions, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';

/** Reads the project, resolves what it refers to and writes manifest.json. No database is opened. @throws VeloErrors with all faults of the project */
export async function parse(options: ApiOptions): Promise<void> {
  const project = await loadProject(options);
  await writeArtifacts(project.settings.targetDir, {
    'manifest.json': manifestArtifact(manifestInput(project)),
  });
}
<<<<<<< HEAD
=======

/** What the manifest says of a project nothing was compiled of. */
export function manifestInput(project: LoadedProject): ManifestInput {
  const { manifest, graph, adapter, invocationId, startedAt, now, settings } = project;
  return {
    manifest,
    graph,
    adapterType: adapter.name,
    invocationId,
    invocationStartedAt: startedAt,
    generatedAt: now(),
    relationName: adapter.dialect.relation,
    compiledCode: () => undefined,
    projectDir: settings.projectDir,
    targetPath: relative(settings.projectDir, settings.targetDir).replaceAll('\\', '/'),
  };
}
>>>>>>> h/artifacts
