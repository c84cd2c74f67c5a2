import { environmentVariable } from '../config/environment.ts';
import type { Settings } from '../config/settings.ts';
import type { VeloError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Manifest, Node } from '../core/node.ts';
import { buildGraph, type Graph } from '../graph/build-graph.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { cacheState, type OpenCache, openCache } from './cache/cache-index.ts';
import { type StatedFile, statedFiles } from './cache/file-states.ts';
import { isDeprecated } from './cache/node-columns.ts';
import {
  openProject,
  type ProjectUpdate,
  restOf,
  type TableProject,
} from './cache/open-project.ts';
import { projectKey } from './cache/project-key.ts';
import { type Changes, whatChanged } from './cache/what-changed.ts';
import { type ProjectPackage, packageScope, projectPackages } from './project-packages.ts';
import { createUnread } from './unread.ts';

/** What is known of a project without faults. */
export interface ResolvedProject {
  readonly graph: Graph;
  /** Models with a deprecation date. */
  readonly deprecated: readonly Node[];
  /** The same for two runs that read the same project; undefined when that cannot be told. */
  readonly savedAs?: string | undefined;
  readonly update?: ProjectUpdate | undefined;
}

/** A project's nodes, and its macros for whoever renders. */
export interface Project {
  readonly manifest: Manifest;
  /** Every fault of every file; with one, the manifest is not whole. */
  readonly errors: readonly VeloError[];
  /** Whether something of that name may stand in a file that could not be read. */
  isUnread(name: string): boolean;
  /** The graph of a project without faults. @throws VeloErrors as buildGraph does */
  resolve(): ResolvedProject;
  macros(): Promise<MacroLibrary>;
  /** What templates of a package see: its vars are its own. */
  scopeOf(packageName: string): ContextScope;
}

/**
 * The nodes of a project. Of files that have not changed since the last run, nor anything they were read in the light
 * of, only the states are looked at. @throws VeloErrors when its packages cannot be found
 */
export async function readProject(
  settings: Settings,
  scope: ContextScope,
  inline?: string,
): Promise<Project> {
  const packages = await projectPackages(settings);
  const { flags } = settings;
  if (flags.versionCheck) await checkPackageVersions(packages);
  const project = await findProject({ settings, scope, packages, inline });
  const scopes = new Map(
    packages.map((one) => [one.name, packageScope(one, settings, scope)] as const),
  );
  return {
    ...project,
    scopeOf: (packageName) => scopes.get(packageName) ?? scope,
    async macros() {
      const { readMacros } = await import('./read-macros.ts');
      return readMacros(settings, packages, [], createUnread()).library;
    },
  };
}

/** A project as its files say it. */
type ReadProject = Pick<Project, 'manifest' | 'errors' | 'isUnread' | 'resolve'>;

interface Request {
  readonly settings: Settings;
  readonly scope: ContextScope;
  readonly packages: readonly ProjectPackage[];
  /** A query to be read as one more model. */
  readonly inline: string | undefined;
}

/** One way to the cache and around it. */
interface Reading extends Request {
  readonly key: string;
  readonly files: ReadonlyMap<string, StatedFile>;
}

async function findProject(request: Request): Promise<ReadProject> {
  const { settings, scope, packages, inline } = request;
  const key = projectKey(settings, scope, packages);
  const reading: Reading = { ...request, key, files: statedFiles(packages) };
  const { partialParse, warnError } = settings.flags;
  const cache = partialParse && !warnError ? openCache(settings.targetDir, key) : undefined;
  if (!cache || !hasEnvironment(cache, settings)) return readWhole(reading);
  const changes = await changesSince(cache, reading);
  if (!changes) return readWhole(reading);
  if (changes.files.size > 0 || changes.isKeepable || inline !== undefined) {
    const updated = await readPart(cache, changes, reading);
    return updated ? withoutFaults(updated) : readWhole(reading);
  }
  const savedAs = cacheState(settings.targetDir);
  return withoutFaults({ ...openProject(settings.project.config.name, cache), savedAs });
}

const hasEnvironment = ({ index }: OpenCache, { environment }: Settings): boolean =>
  Object.entries(index.environment).every(
    ([name, value]) => (environmentVariable(environment, name) ?? null) === value,
  );

async function changesSince(
  cache: OpenCache,
  { files, settings }: Reading,
): Promise<Changes | undefined> {
  const { listFiles } =
    cache.index.listings.length > 0
      ? await import('../nodes/source-files.ts')
      : { listFiles: undefined };
  return whatChanged({
    cache,
    files,
    listingOf: (location) => hashOf(listFiles?.(location, settings.projectDir).states),
  });
}

async function readWhole(reading: Reading): Promise<ReadProject> {
  const { settings, inline, key, files } = reading;
  const { parseRecorded } = await import('./parse-recorded.ts');
  const { keepProject } = await import('./cache/keep-project.ts');
  const { manifest, errors, unread, isKeepable, read } = await parseRecorded(reading, { inline });
  const isUnread = unread.has;
  return {
    manifest,
    errors,
    isUnread,
    resolve() {
      const graph = buildGraph(manifest, isUnread);
      const deprecated = [...manifest.nodes.values()].filter(isDeprecated);
      if (errors.length > 0 || inline !== undefined || !isKeepable) return { graph, deprecated };
      const folder = settings.targetDir;
      keepProject({ folder, key, files, read, manifest, graph, shownPath: shower(reading) });
      return { graph, deprecated, savedAs: cacheState(folder) };
    },
  };
}

const withoutFaults = (project: TableProject): ReadProject => ({
  manifest: project.manifest,
  errors: [],
  isUnread: () => false,
  resolve: () => project,
});

/** Undefined when more has to be read than the files that changed, or there is a fault in one of them. */
async function readPart(
  cache: OpenCache,
  changes: Changes,
  reading: Reading,
): Promise<TableProject | undefined> {
  const { settings, packages, inline, key, files } = reading;
  const { groups, warnings } = restOf(cache);
  // Some warnings are of several files.
  if (warnings.length > 0) return undefined;
  const { partOfPackages } = await import('./cache/part-of-project.ts');
  const { updateProject } = await import('./cache/update-project.ts');
  const { parseRecorded } = await import('./parse-recorded.ts');
  const part = { ...reading, packages: partOfPackages(packages, changes.files) };
  const rest = { groups, complete: changes.properties };
  const parsed = await parseRecorded(part, { inline, rest });
  if (parsed.errors.length > 0 || parsed.manifest.warnings.length > 0) return undefined;
  if (!parsed.isKeepable) return undefined;
  const updated = updateProject({
    cache,
    projectName: settings.project.config.name,
    parsed: parsed.manifest,
    hasInline: inline !== undefined,
    files: changes.files,
    shownPath: shower(reading),
  });
  if (!updated || !changes.isKeepable || inline !== undefined) return updated;
  const folder = settings.targetDir;
  const from = cacheState(folder);
  updated.keep({ folder, key, files, read: parsed.read });
  const { rowsBefore, hasSameEdges } = updated;
  return { ...updated, savedAs: cacheState(folder), update: { from, rowsBefore, hasSameEdges } };
}

/** The file of a node, relative to the project. */
function shower({ packages }: Request) {
  const folders = new Map(packages.map(({ name, shownPath }) => [name, shownPath]));
  return ({ packageName, path }: Pick<Node, 'packageName' | 'path'>): string => {
    const folder = folders.get(packageName);
    return folder ? `${folder}/${path}` : path;
  };
}

/** The check is loaded where a project asks for it. */
async function checkPackageVersions(packages: readonly ProjectPackage[]): Promise<void> {
  const asking = packages.filter(
    ({ project: { config } }) => config['require-dbt-version'] ?? config['require-velo-version'],
  );
  if (asking.length === 0) return;
  const { checkVersions } = await import('./check-versions.ts');
  checkVersions(asking.map(({ project }) => project));
}
