import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Manifest } from '../core/node.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { projectKey, readCachedManifest, writeCachedManifest } from './project-cache.ts';
import { packageScope, projectPackages } from './project-packages.ts';

/** A project's nodes, and its macros for whoever renders. */
export interface Project {
  readonly manifest: Manifest;
  macros(): Promise<MacroLibrary>;
  /** What templates of a package see: its vars are its own. */
  scopeOf(packageName: string): ContextScope;
}

/**
 * The manifest of a project: from the cache when no file, variable or setting it was read from has
 * changed, else from its files. @throws VeloErrors with every fault of every file
 */
export async function readProject(
  settings: Settings,
  scope: ContextScope,
  inline?: string,
): Promise<Project> {
  const packages = await projectPackages(settings);
  const cacheFile = join(settings.targetDir, 'manifest_cache.json');
  const key = projectKey(settings, scope, packages);
  const cached = inline === undefined && (await readCachedManifest(cacheFile, key, settings));
  const manifest = cached || (await parse());
  const scopes = new Map(
    packages.map((one) => [one.name, packageScope(one, settings, scope)] as const),
  );
  return {
    manifest,
    scopeOf: (packageName) => scopes.get(packageName) ?? scope,
    async macros() {
      const { readMacros } = await import('./read-macros.ts');
      return readMacros(settings, packages, []).library;
    },
  };

  async function parse(): Promise<Manifest> {
    const { parseProject } = await import('./parse-project.ts');
    const { recordEnvironment } = await import('./record-environment.ts');
    const recorded = recordEnvironment(scope);
    const imported = new Set<string>();
    const noteFile = (path: string) => imported.add(path);
    const parsed = await parseProject(settings, recorded.scope, packages, { inline, noteFile });
    if (inline === undefined && !recorded.isRunDependent()) {
      const environment = recorded.environment();
      await writeCachedManifest(cacheFile, key, parsed, { environment, imported });
    }
    return parsed;
  }
}
