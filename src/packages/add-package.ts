import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { readYaml } from '../config/read-yaml.ts';
import { ConfigError } from '../core/errors.ts';

export const PACKAGE_SOURCES = ['hub', 'git', 'local'] as const;

export type PackageSource = (typeof PACKAGE_SOURCES)[number];

/** A list with one more package. */
export interface ExtendedList {
  /** File to write, relative to the project. */
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly version: string | undefined;
  /** Names of entries of the same package that were taken out. */
  readonly removed: readonly string[];
}

/**
 * The text of the project's list with a package added, in place of what it had of the same; comments stay.
 * @param asked `name@version`; of a git package the address and its revision, of a local one the path
 * @throws ConfigError 'usage', VeloErrors when the list is not YAML
 */
export function extendPackageList(
  projectDir: string,
  asked: string,
  source: PackageSource,
): ExtendedList {
  const { name, version, entry } = parseAsked(asked, source);
  const file = listFile(projectDir);
  const old = existsSync(join(projectDir, file))
    ? readFileSync(join(projectDir, file), 'utf8')
    : '';
  readYaml(file, old);
  const document = parseDocument(old);
  const removed = dropEntries(document.get('packages'), name);
  if (isSeq(document.get('packages'))) document.addIn(['packages'], document.createNode(entry));
  else document.set('packages', document.createNode([entry]));
  return { file, text: document.toString(), name, version, removed };
}

function listFile(projectDir: string): string {
  const file = join(projectDir, 'dependencies.yml');
  const inDependencies =
    existsSync(file) && parseDocument(readFileSync(file, 'utf8')).has('packages');
  return inDependencies ? 'dependencies.yml' : 'packages.yml';
}

function parseAsked(asked: string, source: PackageSource) {
  if (source === 'local') return { name: asked, version: undefined, entry: { local: asked } };
  // The @ of git@github.com:… is no version's: what follows it has a colon or a slash.
  const [, name = asked, version] = /^(.+)@([^@/:]+)$/.exec(asked) ?? [];
  if (source === 'git') {
    const entry = version === undefined ? { git: name } : { git: name, revision: version };
    return { name, version, entry };
  }
  if (version === undefined) {
    throw new ConfigError('usage', `--add-package '${asked}' names no version`, {
      hint: `write it as ${name}@1.0.0, or a range: '${name}@>=1.0.0,<2.0.0'`,
    });
  }
  const ranges = version.split(',');
  return { name, version, entry: { package: name, version: ranges.length > 1 ? ranges : version } };
}

function dropEntries(packages: unknown, name: string): string[] {
  if (!isSeq(packages)) return [];
  const isSame = (item: unknown): item is YAMLMap =>
    isMap(item) && ['package', 'git', 'local'].some((key) => item.get(key) === name);
  const same = packages.items.filter(isSame);
  packages.items = packages.items.filter((item) => !isSame(item));
  return same.map(() => name);
}
