import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a file of the repository. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Files below a folder of the repository, relative to the repository, in order. */
export const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();

/** The text below each heading of one level, by the heading's text. */
export function sectionsOf(markdown: string, level = 2): ReadonlyMap<string, string> {
  const mark = `${'#'.repeat(level)} `;
  const parts = markdown.split(new RegExp(`^${mark}`, 'm')).slice(1);
  return new Map(parts.map((part) => [part.split('\n', 1)[0] ?? '', part]));
}
