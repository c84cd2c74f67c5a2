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

/** The files of a project by what they are for. */
export interface ProjectFiles {
  readonly macros: readonly FoundFile[];
  readonly 'model-paths': readonly FoundFile[];
  readonly 'seed-paths': readonly FoundFile[];
  readonly 'test-paths': readonly FoundFile[];
  /** YAML files of all folders. */
  readonly properties: readonly FoundFile[];
}

/** Finds the files of a project; reads none. */
export function discoverProject(
  projectDir: string,
  config: Readonly<
    Record<'macro-paths' | 'model-paths' | 'seed-paths' | 'test-paths', readonly string[]>
  >,
): ProjectFiles {
  const find = (key: keyof typeof config) => discoverFiles(projectDir, config[key]);
  const macros = find('macro-paths');
  const [models, seeds, tests] = [find('model-paths'), find('seed-paths'), find('test-paths')];
  const all = [...macros, ...models, ...seeds, ...tests];
  return {
    macros,
    'model-paths': models,
    'seed-paths': seeds,
    'test-paths': tests,
    properties: all.filter(({ path }) => /\.ya?ml$/.test(path)),
  };
}

/** All files below the given folders of a project, in order of path; folders that do not exist hold none. */
function discoverFiles(projectDir: string, roots: readonly string[]): FoundFile[] {
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
