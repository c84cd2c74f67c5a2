import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EarlierManifest,
  type ManifestPlaces,
  writeManifest,
} from '../artifacts/write-manifest.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';

/** What is noted of the manifest.json that was written last. */
interface WrittenManifest {
  /** Of which project it is: see Project.savedAs. */
  readonly project: string | undefined;
  readonly state: string;
  readonly places: ManifestPlaces;
}

/**
 * Reads the project, resolves what it refers to and writes manifest.json, unless it is there already as this command
 * left it. No database is opened. @throws VeloErrors with all faults of the project
 */
export async function parse(options: ApiOptions): Promise<void> {
  const project = await loadProject(options);
  const { savedAs, settings } = project;
  const file = join(settings.targetDir, 'manifest.json');
  const notesFile = join(settings.targetDir, 'parse_manifest.json');
  const written = readNotes(notesFile, file);
  if (written && savedAs !== undefined && written.project === savedAs) return;
  await mkdir(settings.targetDir, { recursive: true });
  const places = writeManifest(file, manifestInput(project), earlier(file, written, project));
  const notes: WrittenManifest = { project: savedAs, state: stateOf(file), places };
  writeFileSync(notesFile, JSON.stringify(notes));
}

/** Undefined when the manifest is not there any more as it was written. */
function readNotes(notesFile: string, manifest: string): WrittenManifest | undefined {
  try {
    const notes = JSON.parse(readFileSync(notesFile, 'utf8')) as WrittenManifest;
    return notes.state === stateOf(manifest) ? notes : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(file: string): string {
  const { size, mtimeMs, ino } = statSync(file);
  return `${size}:${mtimeMs}:${ino}`;
}

/** The manifest there is, when the project differs from it by known nodes. */
function earlier(
  file: string,
  written: WrittenManifest | undefined,
  { update }: LoadedProject,
): EarlierManifest | undefined {
  if (!update || !written || written.project !== update.from) return undefined;
  return { ...update, file, places: written.places };
}
