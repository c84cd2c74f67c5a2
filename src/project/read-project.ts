import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { VeloError } from '../core/errors.ts';
import type { Manifest } from '../core/node.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { projectKey, readCachedManifest, writeCachedManifest } from './project-cache.ts';
import { type ProjectPackage, packageScope, projectPackages } from './project-packages.ts';
import { createUnread } from './unread.ts';

/** A project's nodes, and its macros for whoever renders. */
export interface Project {
  readonly manifest: Manifest;
  /** Every fault of every file; with one, the manifest is not whole. */
  readonly errors: readonly VeloError[];
  /** Whether something of that name may stand in a file that could not be read. */
  isUnread(name: string): boolean;
  macros(): Promise<MacroLibrary>;
  /** What templates of a package see: its vars are its own. */
  scopeOf(packageName: string): ContextScope;
}

/**
 * The manifest of a project: from the cache when no file, variable or setting it was read from has
 * changed, else from its files. @throws VeloErrors when its packages cannot be found
 */
export async function readProject(
  settings: Settings,
  scope: ContextScope,
  inline?: string,
): Promise<Project> {
  const packages = await projectPackages(settings);
  const cacheFile = join(settings.targetDir, 'manifest_cache.json');
  const key = projectKey(settings, scope, packages);
  const { flags } = settings;
  if (flags.versionCheck) await checkPackageVersions(packages);
  const mayReuse = inline === undefined && flags.partialParse;
  const cached = mayReuse && (await readCachedManifest(cacheFile, key, settings));
  const read = cached ? { manifest: cached, errors: [], isUnread: () => false } : await parse();
  const scopes = new Map(
    packages.map((one) => [one.name, packageScope(one, settings, scope)] as const),
  );
  return {
    ...read,
    scopeOf: (packageName) => scopes.get(packageName) ?? scope,
    async macros() {
      const { readMacros } = await import('./read-macros.ts');
      return readMacros(settings, packages, [], createUnread()).library;
    },
  };

  async function parse(): Promise<Pick<Project, 'manifest' | 'errors' | 'isUnread'>> {
    const { parseProject } = await import('./parse-project.ts');
    const { recordEnvironment } = await import('./record-environment.ts');
    const recorded = recordEnvironment(scope);
    const imported = new Set<string>();
    const noteFile = (path: string) => imported.add(path);
    const parsed = await parseProject(settings, recorded.scope, packages, { inline, noteFile });
    const { errors, unread } = parsed;
    const manifest = { ...parsed.manifest, warnings: recorded.warnings() };
    if (inline === undefined && errors.length === 0 && !recorded.isRunDependent()) {
      const environment = recorded.environment();
      await writeCachedManifest(cacheFile, key, manifest, { environment, imported });
    }
    return { manifest, errors, isUnread: unread.has };
  }
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
