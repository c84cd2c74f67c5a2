import * as z from 'zod';
import type { Span } from '../core/span.ts';
import { isRequirement } from './versions.ts';

interface WrittenSpec {
  /** The entry as it stands in the file, templates and all. */
  readonly written: Readonly<Record<string, unknown>>;
  /** The same with its templates rendered. */
  readonly rendered: Readonly<Record<string, unknown>>;
  /** Where the entry stands. */
  readonly span: Span;
}

export interface LocalSpec extends WrittenSpec {
  readonly kind: 'local';
  readonly path: string;
}

export interface GitSpec extends WrittenSpec {
  readonly kind: 'git';
  readonly url: string;
  /** Tag, branch or commit; undefined: the default branch. */
  readonly revision: string | undefined;
  readonly subdirectory: string | undefined;
  readonly warnUnpinned: boolean;
}

export interface HubSpec extends WrittenSpec {
  readonly kind: 'hub';
  /** `organisation/name` */
  readonly package: string;
  /** All must hold; none: any version. */
  readonly versions: readonly string[];
  readonly installPrerelease: boolean;
}

export interface TarballSpec extends WrittenSpec {
  readonly kind: 'tarball';
  readonly url: string;
  readonly name: string;
  readonly subdirectory: string | undefined;
}

/** One entry of packages.yml. */
export type PackageSpec = LocalSpec | GitSpec | HubSpec | TarballSpec;

export type RemoteSpec = Exclude<PackageSpec, LocalSpec>;

const text = z.string().min(1);
const word = z.union([text, z.number()]).transform(String);
// What git would take for an option is never a revision.
const revision = word.refine((value) => !value.startsWith('-'), 'must not begin with -');
const address = text.refine((value) => !value.startsWith('-'), 'must not begin with -');
const name = z.string().regex(/^[A-Za-z_]\w*$/, 'must be letters, digits and underscores');
const subdirectory = text.refine(
  (value) => !/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(value),
  'must be a folder inside the repository',
);
const requirement = word.refine(
  (value) => value.split(',').every(isRequirement),
  'must be a version such as 1.2.3 or a range such as [">=1.0.0", "<2.0.0"]',
);
const hubName = z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be 'organisation/name'");

const gitKeys = {
  revision: revision.optional(),
  subdirectory: subdirectory.optional(),
  'warn-unpinned': z.boolean().optional(),
  name: name.optional(),
};

const localSchema = z.strictObject({ local: text, name: name.optional() });
const gitSchema = z.strictObject({ git: address, ...gitKeys });
const tarballSchema = z.strictObject({
  tarball: address,
  name,
  subdirectory: subdirectory.optional(),
});
const privateSchema = z.strictObject({
  private: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/, "must be 'organisation/repository'"),
  provider: z.enum(['github', 'gitlab', 'ado']).optional(),
  ...gitKeys,
});
const hubSchema = z.strictObject({
  package: hubName,
  version: z
    .union([requirement, z.array(requirement)])
    .transform((value) => [value].flat().flatMap((one) => one.split(','))),
  'install-prerelease': z.boolean().optional(),
  name: name.optional(),
});

/** Checks the entry at hand against a schema. */
export type CheckEntry = <S extends z.ZodType>(schema: S) => z.output<S>;

const SSH_HOSTS = {
  github: 'git@github.com:',
  gitlab: 'git@gitlab.com:',
  ado: 'git@ssh.dev.azure.com:v3/',
} as const;

/** How an entry is read, by the key that says where the package comes from. */
export const ENTRY_READERS: Readonly<
  Record<string, (check: CheckEntry, written: WrittenSpec) => PackageSpec>
> = {
  local: (check, written) => ({ kind: 'local', path: check(localSchema).local, ...written }),
  git(check, written) {
    const entry = check(gitSchema);
    return gitSpec(entry.git, entry, written);
  },
  package(check, written) {
    const entry = check(hubSchema);
    const installPrerelease = entry['install-prerelease'] ?? false;
    return {
      kind: 'hub',
      package: entry.package,
      versions: entry.version,
      installPrerelease,
      ...written,
    };
  },
  tarball(check, written) {
    const { tarball: url, subdirectory: folder, ...entry } = check(tarballSchema);
    return { kind: 'tarball', url, name: entry.name, subdirectory: cut(folder), ...written };
  },
  private(check, written) {
    const entry = check(privateSchema);
    const { provider = 'github' } = entry;
    const ending = provider === 'ado' ? '' : '.git';
    return gitSpec(`${SSH_HOSTS[provider]}${entry.private}${ending}`, entry, written);
  },
};

type GitKeys = Omit<z.output<typeof gitSchema>, 'git' | 'name'>;

const gitSpec = (url: string, entry: GitKeys, written: WrittenSpec): GitSpec => ({
  kind: 'git',
  url,
  revision: entry.revision,
  subdirectory: cut(entry.subdirectory),
  warnUnpinned: entry['warn-unpinned'] ?? true,
  ...written,
});

const cut = (folder: string | undefined): string | undefined => folder?.replace(/[/\\]+$/, '');

/** A text without user names and passwords of the addresses in it. */
export const withoutSecrets = (shown: string): string =>
  shown.replace(/(\b[a-z][a-z+.-]*:\/\/)[^/@\s'"]+@/gi, '$1');

/** What a spec asks for, as people would say it; never a password. */
export function specText(spec: PackageSpec): string {
  switch (spec.kind) {
    case 'local':
      return spec.path;
    case 'git':
      return withoutSecrets(spec.url);
    case 'hub':
      return spec.package;
    case 'tarball':
      return spec.name;
  }
}

/** Two specs of one key mean one package. */
export function remoteKey(spec: RemoteSpec): string {
  switch (spec.kind) {
    case 'git':
      return gitKey(spec.url, spec.subdirectory);
    case 'hub':
      return `hub ${spec.package}`;
    case 'tarball':
      return `tarball ${spec.url} ${spec.subdirectory ?? ''}`;
  }
}

const gitKey = (url: string, folder: string | undefined): string =>
  `git ${withoutSecrets(url)
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')} ${folder ?? ''}`;
