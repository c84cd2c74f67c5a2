import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { environmentVariable } from '../config/environment.ts';
import type { Settings } from '../config/settings.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { MacroInfo, Manifest, Node } from '../core/node.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import type { SourceDetail } from '../nodes/source-text.ts';
import type { FoundFile } from './discover-files.ts';
import type { ProjectPackage } from './project-packages.ts';

/** Raised when the shape of nodes changes: older caches are ignored. */
const FORMAT = 4;

interface CacheFile {
  readonly format: number;
  readonly key: string;
  /** Environment variables the project read, and what they were. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Files outside the project's folders that it imports, and their states. */
  readonly imported: readonly (readonly [path: string, state: string])[];
  readonly nodes: readonly Node[];
  readonly disabled: readonly Node[];
  readonly macros: readonly MacroInfo[];
  readonly docs: Manifest['docs'];
  readonly groups: Manifest['groups'];
  readonly selectors: Manifest['selectors'];
  readonly warnings: Manifest['warnings'];
}

function fileState(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? `${found.size}:${found.mtimeMs}:${found.ino}` : 'gone';
  } catch {
    // A link to itself, a folder that may not be entered: whoever reads the file says so.
    return 'gone';
  }
}

/** What a manifest depends on, besides the environment and the files of sources. */
export function projectKey(
  settings: Settings,
  scope: ContextScope,
  packages: readonly ProjectPackage[],
): string {
  const states = packages.map(({ project, files }) => [
    project.config,
    Object.values(files).flatMap((found: readonly FoundFile[]) =>
      found.map(({ shownPath, absolutePath }) => [shownPath, fileState(absolutePath)]),
    ),
  ]);
  const selectors = fileState(join(settings.projectDir, 'selectors.yml'));
  return hashOf([FORMAT, scope.vars, scope.target ?? null, selectors, states]);
}

/** The manifest of the last run, if nothing it was read from has changed. A damaged or foreign file is no harm. */
export async function readCachedManifest(
  file: string,
  key: string,
  { projectDir, environment, project }: Settings,
): Promise<Manifest | undefined> {
  let cache: CacheFile;
  try {
    cache = JSON.parse(readFileSync(file, 'utf8')) as CacheFile;
  } catch {
    return undefined;
  }
  if (cache.format !== FORMAT || cache.key !== key) return undefined;
  const sameEnvironment = Object.entries(cache.environment).every(
    ([name, value]) => (environmentVariable(environment, name) ?? null) === value,
  );
  const sameImports = cache.imported.every(([path, state]) => fileState(path) === state);
  if (!sameEnvironment || !sameImports) return undefined;
  if (!(await sourcesUnchanged(cache.nodes, projectDir))) return undefined;
  const byId = (nodes: readonly Node[]) => new Map(nodes.map((node) => [node.id, node]));
  return {
    projectName: project.config.name,
    nodes: byId(cache.nodes),
    disabled: byId(cache.disabled),
    macros: cache.macros,
    docs: cache.docs,
    groups: cache.groups,
    selectors: cache.selectors,
    warnings: cache.warnings,
  };
}

/** A source's fingerprint is made of its files' sizes and times. */
async function sourcesUnchanged(nodes: readonly Node[], projectDir: string): Promise<boolean> {
  const ofFiles = nodes.flatMap(({ kind, detail, fingerprint }) => {
    const external = kind === 'source' ? (detail as SourceDetail).external : undefined;
    return external ? [{ location: external.location, files: fingerprint['files'] }] : [];
  });
  if (ofFiles.length === 0) return true;
  const { listFiles } = await import('../nodes/source-files.ts');
  return ofFiles.every(
    ({ location, files }) => hashOf(listFiles(location, projectDir).states) === files,
  );
}

/** Keeps a manifest for the next run. */
export async function writeCachedManifest(
  file: string,
  key: string,
  manifest: Manifest,
  read: {
    readonly environment: CacheFile['environment'];
    readonly imported: ReadonlySet<string>;
  },
): Promise<void> {
  const cache: CacheFile = {
    format: FORMAT,
    key,
    environment: read.environment,
    imported: [...read.imported].map((path) => [path, fileState(path)]),
    nodes: [...manifest.nodes.values()],
    disabled: [...manifest.disabled.values()],
    macros: manifest.macros,
    docs: manifest.docs,
    groups: manifest.groups,
    selectors: manifest.selectors,
    warnings: manifest.warnings,
  };
  await mkdir(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, JSON.stringify(cache));
  await rename(aside, file);
}
