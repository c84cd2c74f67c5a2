import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A file of the project, found but not read. */
export interface FoundFile {
  /** Relative to the project, with '/'. */
  readonly path: string;
  readonly absolutePath: string;
  /** The folder of the setting it was found under, such as `models`. */
  readonly root: string;
}

/** All files below the given folders of a project, in order of path; folders that do not exist hold none. */
export function discoverFiles(projectDir: string, roots: readonly string[]): FoundFile[] {
  return roots.flatMap((root) =>
    filesBelow(join(projectDir, root)).map((absolutePath) => ({
      path: relative(projectDir, absolutePath).split(sep).join('/'),
      absolutePath,
      root: root.replace(/\/+$/, ''),
    })),
  );
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The folders below the root and the bare name: `models/staging/hk/runs.sql` → ['staging', 'hk', 'runs']. */
export function partsOf(file: FoundFile): string[] {
  const inner = file.path.slice(file.root.length + 1).split('/');
  const name = inner.pop() ?? '';
  return [...inner, name.replace(/\.[^.]+$/, '')];
}
