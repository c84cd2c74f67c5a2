import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { ConfigError, ProjectError } from '../core/errors.ts';
import type { ModelVersion } from '../core/model-version.ts';
import { openEstimatorTools } from '../estimators/estimator-tools.ts';
import {
  type ArtifactFiles,
  loadArtifact,
  removeArtifact,
  storeArtifact,
  unnamedArtifacts,
} from '../modeling/artifact-store.ts';
import { type ModelBundle, readBundle } from '../modeling/model-bundle.ts';
import { openModel } from '../modeling/predict-bundle.ts';
import { removeOldSearches } from '../modeling/search-store.ts';
import { artifactsDir } from '../project/project-folders.ts';
import { aliasedVersion, forgetVersion, nextVersion, registerVersion } from '../state/registry.ts';
import type { ApiOptions } from './load-project.ts';
import { findVersion, withRegistry } from './models.ts';

/** What `export` adds to a model's own files: its row of the registry. */
const VERSION_FILE = 'version.json';

/**
 * Writes the files of a version into a folder, with what the registry knows of it. The LightGBM text among them opens
 * in Python. @throws ConfigError 'unknown-model', 'file-unreadable' when the folder holds something; ProjectError 'model-artifact'
 */
export const exportModel = (
  options: ApiOptions,
  name: string,
  wanted: string | undefined,
  folder: string,
): Promise<ModelVersion> =>
  withRegistry(options, 'read', async ({ content, target }) => {
    const version = findVersion(content, name, wanted);
    const { artifactUri: uri, artifactSha256: sha256 } = version;
    const files = await loadArtifact(artifactsDir(target.settings), { uri, sha256 });
    const present = await readdir(folder).catch(() => []);
    if (present.length > 0) {
      throw new ConfigError('file-unreadable', `${folder} is not empty`, {
        hint: 'name a new folder',
      });
    }
    await mkdir(folder, { recursive: true });
    const all = { ...files, [VERSION_FILE]: `${JSON.stringify(version, null, 2)}\n` };
    for (const [file, text] of Object.entries(all)) await writeFile(join(folder, file), text);
    return version;
  });

/**
 * Registers what `export` wrote, as the next version of its name; no alias moves.
 * @throws ConfigError 'file-unreadable'; ProjectError 'model-artifact' when a file was changed on the way, 'model-file' when it is
 * not one of this LightGBM
 */
export const importModel = (options: ApiOptions, folder: string): Promise<ModelVersion> =>
  withRegistry(options, 'write', async ({ content, connection, dialect, tables, target }) => {
    const { version: exported, files } = await readExported(folder);
    const stored = await storeArtifact(artifactsDir(target.settings), exported.name, files);
    if (stored.sha256 !== exported.artifactSha256) {
      throw new ProjectError(
        'model-artifact',
        `the files in ${folder} are not those that were exported`,
        {
          hint: 'export the model again',
        },
      );
    }
    await openAll(readBundle(files), target.settings.environment);
    const number = nextVersion(content, exported.name);
    const imported: ModelVersion = {
      ...exported,
      version: number,
      modelId: `${exported.name}/${number}/${stored.sha256.slice(0, 12)}`,
      stage: 'registered',
      artifactUri: stored.uri,
      createdAtMs: (options.now ?? Date.now)(),
    };
    await connection.execute(registerVersion(dialect, tables, imported));
    return imported;
  });

/** A model that cannot be asked is refused now and not when races wait for it. */
async function openAll(bundle: ModelBundle, environment: Environment): Promise<void> {
  await using tools = openEstimatorTools(environment);
  for (const model of [bundle.main, ...bundle.folds]) {
    await using _ = await openModel(tools, bundle, model);
  }
}

/** What `prune` removed. */
export interface Pruned {
  readonly versions: readonly ModelVersion[];
  /** Folders no version named, such as those of killed runs. */
  readonly folders: readonly string[];
  /** How many searches for parameters nobody went on with for a day. */
  readonly searches: number;
}

/**
 * Forgets all but the newest `keep` versions of each name, never one that has an alias, and removes files nobody names.
 * @throws DatabaseError
 */
export async function pruneModels(options: ApiOptions, keep: number): Promise<Pruned> {
  const { dir, pruned } = await withRegistry(options, 'write', async (registry) => {
    const { content, connection, dialect, tables, target } = registry;
    const aliases = new Set(content.moves.map(({ alias }) => alias));
    const isHeld = (one: ModelVersion) =>
      [...aliases].some((alias) => aliasedVersion(content, one.name, alias) === one);
    const newer = ({ name, version }: ModelVersion) =>
      content.versions.filter((one) => one.name === name && one.version > version).length;
    const versions = content.versions.filter((one) => newer(one) >= keep && !isHeld(one));
    for (const one of versions) await connection.execute(forgetVersion(dialect, tables, one));
    const dir = artifactsDir(target.settings);
    const kept = content.versions.filter((one) => !versions.includes(one));
    const named = new Set(kept.map(({ artifactUri }) => artifactUri));
    const forgotten = new Set(versions.map(({ artifactUri }) => artifactUri));
    const folders = await unnamedArtifacts(dir, named, forgotten);
    return { dir, pruned: { versions, folders } };
  });
  // Once nobody can name them any more.
  for (const uri of pruned.folders) await removeArtifact(dir, uri);
  return { ...pruned, searches: await removeOldSearches(dir) };
}

async function readExported(
  folder: string,
): Promise<{ readonly version: ModelVersion; readonly files: ArtifactFiles }> {
  try {
    const names = (await readdir(folder)).filter((name) => name !== 'SHA256SUMS');
    const texts = await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
    );
    const { [VERSION_FILE]: row, ...files } = Object.fromEntries(texts);
    if (row === undefined) throw new Error(`it holds no ${VERSION_FILE}`);
    return { version: JSON.parse(row) as ModelVersion, files };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('file-unreadable', `${folder} is no exported model: ${reason}`, {
      hint: 'velo models export <name> <version> --folder <folder> writes one',
      cause,
    });
  }
}
