import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { FoundFile, ProjectFiles } from '../discover-files.ts';
import type { ProjectPackage } from '../project-packages.ts';

/** What tells a file that was not touched from one that may have been. */
export function fileState(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? `${found.size}:${found.mtimeMs}:${found.ctimeMs}:${found.ino}` : 'gone';
  } catch {
    // A link to itself, a folder that may not be entered: whoever reads the file says so.
    return 'gone';
  }
}

export const textDigest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

/** Digest of a file's text now; undefined when it cannot be read. */
export function fileDigest(path: string): string | undefined {
  try {
    return textDigest(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What a file is for: a part of nodes, a properties file, or something that all nodes may use. */
export type FileRole = 'node' | 'properties' | 'shared';

export interface StatedFile {
  readonly file: FoundFile;
  readonly role: FileRole;
  readonly packageName: string;
  readonly state: string;
}

/** All files of a project by their path in it, with their states: taken before any of them is read. */
export function statedFiles(packages: readonly ProjectPackage[]): ReadonlyMap<string, StatedFile> {
  const stated = new Map<string, StatedFile>();
  for (const { name: packageName, files } of packages) {
    for (const [role, found] of byRole(files)) {
      for (const file of found) {
        const known = stated.get(file.shownPath);
        const state = known?.state ?? fileState(file.absolutePath);
        stated.set(file.shownPath, { file, role, packageName, state });
      }
    }
  }
  return stated;
}

/** The last role of a file counts: what is shared is so, whatever else it is. */
function* byRole({
  macros,
  docs,
  properties,
  fixtures,
  ...nodes
}: ProjectFiles): Generator<readonly [FileRole, readonly FoundFile[]]> {
  for (const found of Object.values(nodes)) {
    yield ['node', found.filter(({ path }) => !path.endsWith('.md'))];
  }
  yield ['properties', properties];
  yield ['shared', macros];
  yield ['shared', docs];
  yield ['shared', fixtures];
}
