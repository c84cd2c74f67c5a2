import { manifestArtifact } from '../artifacts/manifest.ts';

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
