import { createHash } from 'node:crypto';
import * as z from 'zod';
import { checkYaml } from '../config/read-yaml.ts';
import { yamlLibrary } from '../config/yaml/whole-yaml.ts';
import { type PackageSpec, type RemoteSpec, remoteKey, withoutSecrets } from './package-spec.ts';
import { type RenderPackages, readEntries, readOptionalYaml } from './read-package-list.ts';
import { fits, parseVersion } from './versions.ts';

export const LOCK_FILE = 'package-lock.yml';

/** package-lock.yml, in dbt's shape: the packages of all packages, each at one version. */
export interface Lock {
  readonly sha1: string | undefined;
  readonly entries: readonly LockEntry[];
}

export interface LockEntry {
  /** Name of the package's project; locks of older dbts have none. */
  readonly name: string | undefined;
  readonly spec: PackageSpec;
}

const lockSchema = z.strictObject({
  packages: z.array(z.record(z.string(), z.unknown())).nullish(),
  sha1_hash: z.string().optional(),
});

/** @throws VeloErrors when the file is not a lock */
export function readLock(projectDir: string, render: RenderPackages): Lock | undefined {
  const yaml = readOptionalYaml(projectDir, '', LOCK_FILE);
  if (!yaml) return undefined;
  const { packages, sha1_hash } = checkYaml(lockSchema, yaml.value ?? {}, yaml);
  const specs = readEntries(packages ?? [], yaml, render);
  const entries = specs.map((spec) => {
    const name = spec.rendered['name'];
    return { name: typeof name === 'string' ? name : undefined, spec };
  });
  return { sha1: sha1_hash, entries };
}

/** The text of a lock, as PyYAML writes it: keys in order of the alphabet. */
export function lockText(
  entries: readonly Readonly<Record<string, unknown>>[],
  sha1: string,
): string {
  return yamlLibrary().stringify(
    { packages: entries, sha1_hash: sha1 },
    { sortMapEntries: true, lineWidth: 0 },
  );
}

/** dbt's hash of what a project asks for: SHA-1 of its entries as Python's JSON, in order of the alphabet. */
export function listHash(specs: readonly PackageSpec[]): string {
  const lines = specs.map((spec) => pythonJson(contractOf(spec))).toSorted();
  return createHash('sha1').update(lines.join('\n')).digest('hex');
}

/** An entry as dbt's own object holds it; what was not written has dbt's default. */
const contractOf = ({
  kind,
  rendered,
  written,
}: PackageSpec): Readonly<Record<string, unknown>> => {
  const { 'install-prerelease': prerelease = false, ...rest } = rendered;
  // A password is no part of what is asked for: a new one must not change the hash.
  const address =
    kind === 'git' && rendered['git'] ? { git: withoutSecrets(String(rendered['git'])) } : {};
  const contract = { ...rest, ...address, unrendered: written };
  return kind === 'hub' ? { ...contract, install_prerelease: prerelease } : contract;
};

/** `json.dumps(value, sort_keys=True)` of plain data. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, one]) => `${pythonJson(key)}: ${pythonJson(one)}`).join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The line of the lock for a spec; undefined when there is none or it is not what the spec asks for. */
export function lockedEntry(lock: Lock | undefined, spec: RemoteSpec): LockEntry | undefined {
  const key = remoteKey(spec);
  const found = lock?.entries.find(
    (entry) => entry.spec.kind !== 'local' && remoteKey(entry.spec) === key,
  );
  if (found?.spec.kind !== 'hub' || spec.kind !== 'hub') return found;
  const version = parseVersion(found.spec.versions[0] ?? '');
  return version && fits(version, spec.versions) ? found : undefined;
}
