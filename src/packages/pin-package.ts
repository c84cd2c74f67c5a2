import { ProjectError } from '../core/errors.ts';
import type { GitSpec, HubSpec, LocalSpec, PackageSpec, TarballSpec } from './package-spec.ts';
import { withoutSecrets } from './package-spec.ts';
import { noVersion, type PackageStore } from './package-store.ts';
import { highestFitting } from './versions.ts';

/** A spec, and the file that asks for it as messages show it. */
export interface Asked<S extends PackageSpec = PackageSpec> {
  readonly spec: S;
  readonly by: string;
}

/** All who ask for one package; there is at least one. */
export type Asking = readonly [Asked, ...Asked[]];

/**
 * One version of a package that suits all who ask for it: a spec that names exactly that.
 * @throws ProjectError 'package-conflict' with who asks for what, 'package-unavailable'
 */
export async function pinPackage(asking: Asking, store: PackageStore): Promise<PackageSpec> {
  const [{ spec }] = asking;
  switch (spec.kind) {
    case 'local':
    case 'tarball':
      return spec satisfies LocalSpec | TarballSpec;
    case 'git':
      return pinGit(spec, asking as readonly Asked<GitSpec>[], store);
    case 'hub':
      return pinHub(spec, asking as readonly Asked<HubSpec>[], store);
  }
}

/** Who names no revision takes that of the others. */
async function pinGit(
  spec: GitSpec,
  asking: readonly Asked<GitSpec>[],
  store: PackageStore,
): Promise<GitSpec> {
  const naming = asking.filter((asked) => asked.spec.revision !== undefined);
  const wanted = naming.length > 0 ? naming : asking;
  const commits = new Set<string>();
  for (const asked of wanted) commits.add(await store.commit(asked.spec));
  const [revision, ...others] = commits;
  if (others.length === 0) return { ...spec, revision };
  throw conflict(withoutSecrets(spec.url), 'revision', naming, ({ revision: named }) => `${named}`);
}

async function pinHub(
  spec: HubSpec,
  asking: readonly Asked<HubSpec>[],
  store: PackageStore,
): Promise<HubSpec> {
  const repository = await store.repository(spec);
  const requirements = asking.flatMap((asked) => asked.spec.versions);
  const prerelease = asking.some((asked) => asked.spec.installPrerelease);
  const version = highestFitting(repository.versions, requirements, prerelease);
  if (version) return { ...spec, versions: [version.text] };
  if (asking.length === 1) throw noVersion(spec, repository);
  throw conflict(spec.package, 'version', asking, ({ versions }) => versions.join(', '));
}

function conflict<S extends PackageSpec>(
  name: string,
  what: string,
  asking: readonly Asked<S>[],
  wish: (spec: S) => string,
): ProjectError {
  const lines = asking.map(({ spec, by }) => `  ${by} asks for ${wish(spec)}`);
  const message = `no ${what} of ${name} suits all who ask for it:\n${lines.join('\n')}`;
  return new ProjectError('package-conflict', message, {
    span: asking[0]?.spec.span,
    hint: 'widen one of the ranges, or take versions of the packages that agree',
  });
}
