import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProjectError } from '../core/errors.ts';

/** The files of one model by name: `model.json`, `model.txt` … Names hold no folders. */
export type ArtifactFiles = Readonly<Record<string, string>>;

export interface StoredArtifact {
  /** Folder relative to the artifacts folder, with '/'. */
  readonly uri: string;
  /** SHA-256 of `SHA256SUMS`, which lists the files: it changes when any of them does. */
  readonly sha256: string;
}

const SUMS = 'SHA256SUMS';

/**
 * Writes the files of a model into a folder named by what is in them, whole or not at all: it appears by one rename.
 * The same files are not written twice. A run that is killed before its transaction commits leaves a folder nobody
 * names, which `velo models prune` removes.
 */
export async function storeArtifact(
  artifactsDir: string,
  name: string,
  files: ArtifactFiles,
): Promise<StoredArtifact> {
  const sums = sumsOf(files);
  const sha256 = sha256Of(sums);
  const uri = `${name}/${sha256.slice(0, 12)}`;
  const folder = join(artifactsDir, uri);
  if (await exists(join(folder, SUMS))) return { uri, sha256 };
  const aside = `${folder}.${randomBytes(4).toString('hex')}`;
  await mkdir(aside, { recursive: true });
  for (const [file, text] of Object.entries({ ...files, [SUMS]: sums })) {
    await writeFile(join(aside, file), text, { flush: true });
  }
  try {
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // Another process stored the same files at the same time.
    if (!(await exists(join(folder, SUMS)))) throw error;
  }
  return { uri, sha256 };
}

/**
 * Reads the files of a model and compares each with its checksum.
 * @throws ProjectError 'model-artifact' when a file is missing, was changed, or is not one of the list
 */
export async function loadArtifact(
  artifactsDir: string,
  { uri, sha256 }: StoredArtifact,
): Promise<ArtifactFiles> {
  const folder = join(artifactsDir, uri);
  const sums = await readText(join(folder, SUMS), uri);
  if (sha256Of(sums) !== sha256) throw damaged(uri, `${SUMS} is not the one that was registered`);
  const files: Record<string, string> = {};
  for (const line of sums.trimEnd().split('\n')) {
    const [expected = '', file = ''] = line.split('  ');
    const text = await readText(join(folder, file), uri);
    if (sha256Of(text) !== expected) throw damaged(uri, `${file} was changed after it was written`);
    files[file] = text;
  }
  return files;
}

/** A run that is training now has stored its files and not yet committed their name. */
const SETTLED_MS = 24 * 3_600_000;

/**
 * Folders of models that none of `named` is, such as those of killed runs: those in `forgotten` at once, others when
 * they are a day old.
 */
export async function unnamedArtifacts(
  artifactsDir: string,
  named: ReadonlySet<string>,
  forgotten: ReadonlySet<string>,
): Promise<readonly string[]> {
  const uris: string[] = [];
  for (const name of await foldersOf(artifactsDir)) {
    for (const folder of await foldersOf(join(artifactsDir, name))) uris.push(`${name}/${folder}`);
  }
  const unnamed: string[] = [];
  for (const uri of uris) {
    if (named.has(uri)) continue;
    const { mtimeMs } = await stat(join(artifactsDir, uri));
    if (forgotten.has(uri) || Date.now() - mtimeMs > SETTLED_MS) unnamed.push(uri);
  }
  return unnamed;
}

/** Removes the files of a model, and the folder of its name when it was the last. */
export async function removeArtifact(artifactsDir: string, uri: string): Promise<void> {
  const folder = join(artifactsDir, uri);
  await rm(folder, { recursive: true, force: true });
  const rest = await foldersOf(dirname(folder));
  if (rest.length === 0) await rm(dirname(folder), { recursive: true, force: true });
}

const sumsOf = (files: ArtifactFiles): string =>
  Object.keys(files)
    .sort()
    .map((file) => `${sha256Of(files[file] ?? '')}  ${file}\n`)
    .join('');

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function foldersOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function readText(path: string, uri: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const file = path.slice(path.lastIndexOf('/') + 1);
    throw damaged(uri, `${file} cannot be read`, cause);
  }
}

const damaged = (uri: string, message: string, cause?: unknown): ProjectError =>
  new ProjectError('model-artifact', `the files of model ${uri} are not as they were: ${message}`, {
    hint: 'bring the artifacts folder back from a backup, or roll back to another version: velo models rollback',
    cause,
  });
