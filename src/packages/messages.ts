import { type PackageSpec, specText, withoutSecrets } from './package-spec.ts';

/** The version of a package in dbt's words. */
export function versionText(spec: PackageSpec): string {
  switch (spec.kind) {
    case 'local':
      return `<local @ ${spec.path}>`;
    case 'git':
      return `revision ${spec.revision}`;
    case 'hub':
      return `version ${spec.versions[0]}`;
    case 'tarball':
      return `tarball (url: ${withoutSecrets(spec.url)})`;
  }
}

/** dbt's warning of a git package that names no revision, or a branch that moves; nothing for others. */
export function unpinnedWarning(spec: PackageSpec): string | undefined {
  if (spec.kind !== 'git' || !spec.warnUnpinned) return undefined;
  // As it was asked for; the spec itself may name a commit by now.
  const revision = spec.rendered['revision'];
  const isBranch = revision === 'main' || revision === 'master';
  if (revision !== undefined && !isBranch) return undefined;
  const how = isBranch
    ? `pinned to the "${revision}" branch`
    : 'not pinned, using HEAD (default branch)';
  return `The git package "${specText(spec)}" is ${how}. This can introduce breaking changes into your project without warning!`;
}
