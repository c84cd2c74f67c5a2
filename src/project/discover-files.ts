import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../core/errors.ts';
import type { NodeFolders } from '../nodes/node-kind.ts';

/** A file of the project, found but not read. */
export interface FoundFile {
  /** Relative to its package, with '/'. */
  readonly path: string;
  /** Relative to the project, for messages. */
  readonly shownPath: string;
  readonly absolutePath: string;
  /** The folder of the setting it was found under, such as `models`. */
  readonly root: string;
}

/** Settings of the project file that name folders. */
export type FolderKey = NodeFolders | 'macro-paths' | 'docs-paths';

/** The files of a package by what they are for. */
export interface ProjectFiles extends Readonly<Record<NodeFolders, readonly FoundFile[]>> {
  /** Those of macro-paths, and the generic tests under the test-paths. */
  readonly macros: readonly FoundFile[];
  /** Rows of unit tests: the files under `fixtures` of the test-paths. */
  readonly fixtures: readonly FoundFile[];
  /** YAML files of all folders. */
  readonly properties: readonly FoundFile[];
  /** Markdown with docs blocks. */
  readonly docs: readonly FoundFile[];
}

export type FolderSettings = Readonly<
  Record<Exclude<FolderKey, 'docs-paths'>, readonly string[]>
> & {
  /** All other folders when absent. */
  readonly 'docs-paths'?: readonly string[] | null | undefined;
};

/** Where a package is: its absolute folder, and the same for messages. */
export interface PackageRoot {
  readonly rootDir: string;
  readonly shownPath: string;
}

/** Finds the files of a package; reads none. @throws ProjectError 'file-unreadable' */
export function discoverProject(place: PackageRoot, config: FolderSettings): ProjectFiles {
  const found = new Map<string, readonly FoundFile[]>();
  const below = (folder: string) => {
    const known = found.get(folder) ?? filesBelow(place, folder);
    found.set(folder, known);
    return known;
  };
  const find = (key: Exclude<FolderKey, 'docs-paths'>) => config[key].flatMap(below);
  const tests = find('test-paths');
  const isBelow = (folder: string, file: FoundFile) =>
    file.path.startsWith(`${file.root}/${folder}/`);
  const isFixture = (file: FoundFile) => isBelow('fixtures', file);
  const isGeneric = (file: FoundFile) => isBelow('generic', file);
  const nodes = {
    'model-paths': find('model-paths'),
    'seed-paths': find('seed-paths'),
    'test-paths': tests.filter((file) => !isGeneric(file) && !isFixture(file)),
    'snapshot-paths': find('snapshot-paths'),
    'analysis-paths': find('analysis-paths'),
    'function-paths': find('function-paths'),
  };
  const macros = [...find('macro-paths'), ...tests.filter(isGeneric)];
  const all = distinct([...macros, ...Object.values(nodes).flat()]);
  const docs = config['docs-paths'] ? config['docs-paths'].flatMap(below) : all;
  return {
    ...nodes,
    macros: macros.filter(({ path }) => path.endsWith('.sql')),
    fixtures: tests.filter(isFixture),
    properties: all.filter(({ path }) => path.endsWith('.yml') || path.endsWith('.yaml')),
    docs: docs.filter(({ path }) => path.endsWith('.md')),
  };
}

const distinct = (files: readonly FoundFile[]): FoundFile[] => [
  ...new Map(files.map((file) => [file.path, file])).values(),
];

/** All files below a folder of a package, in order of path; a folder that does not exist holds none. */
function filesBelow({ rootDir, shownPath }: PackageRoot, folder: string): FoundFile[] {
  const root = folder.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '');
  const prefix = shownPath === '' ? '' : `${shownPath}/`;
  const names: string[] = [];
  addNames(join(rootDir, root), '', `${prefix}${root}`, names);
  // Joined by hand: a project has ten thousand files, and looking at them takes no longer than naming them.
  return names.sort().map((inner) => {
    const path = `${root}/${inner}`;
    return { path, shownPath: prefix + path, absolutePath: `${rootDir}/${path}`, root };
  });
}

/** Adds the files of a folder and the folders in it; links to folders count as files. */
function addNames(folder: string, prefix: string, shown: string, names: string[]): void {
  for (const entry of entriesOf(folder, shown)) {
    const { name } = entry;
    if (entry.isDirectory())
      addNames(`${folder}/${name}`, `${prefix}${name}/`, `${shown}/${name}`, names);
    else if (entry.isFile() || entry.isSymbolicLink()) names.push(prefix + name);
  }
}

function entriesOf(folder: string, shown: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    const reason = code === 'ENOTDIR' ? 'is no folder' : `cannot be read: ${message}`;
    const span = { file: shown, line: 1, column: 1 };
    throw new ProjectError('file-unreadable', reason, { span, cause: error });
  }
}

/** The folders below the root and the bare name: `models/staging/hk/runs.sql` → ['staging', 'hk', 'runs']. */
export function partsOf(file: Pick<FoundFile, 'path' | 'root'>): string[] {
  const inner = file.path.slice(file.root.length + 1).split('/');
  const name = inner.pop() ?? '';
  return [...inner, name.replace(/\.[^.]+$/, '')];
}
