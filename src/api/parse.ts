import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestArtifact } from '../artifacts/manifest.ts';
import { writeArtifacts } from '../artifacts/write-artifacts.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';

const MANIFEST = 'manifest.json';
/** Says of which project manifest.json is. */
const WRITTEN = 'parse_manifest.json';

/**
 * Reads the project, resolves what it refers to and writes manifest.json, unless it is there already as this command
 * left it. No database is opened. @throws VeloErrors with all faults of the project
 */
export async function parse(options: ApiOptions): Promise<void> {
  const project = await loadProject(options);
  const { targetDir } = project.settings;
  if (project.savedAs !== undefined && isWritten(project)) return;
  await writeArtifacts(targetDir, { [MANIFEST]: manifestArtifact(manifestInput(project)) });
  const written = JSON.stringify(stateOf(project));
  writeFileSync(join(targetDir, WRITTEN), written);
}

function isWritten(project: LoadedProject): boolean {
  try {
    const written = readFileSync(join(project.settings.targetDir, WRITTEN), 'utf8');
    return written === JSON.stringify(stateOf(project));
  } catch {
    return false;
  }
}

function stateOf({ savedAs, settings }: LoadedProject) {
  const { size, mtimeMs, ino } = statSync(join(settings.targetDir, MANIFEST));
  return { project: savedAs ?? null, manifest: [size, mtimeMs, ino] };
}
