import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import { commitOf, fetchCommit, listRefs, type Refs } from './git.ts';
import { commitOfVersion, findHubRepository, type HubRepository } from './hub.ts';
import { markerText } from './package-folder.ts';
import type { GitSpec, HubSpec, RemoteSpec, TarballSpec } from './package-spec.ts';
import { withoutSecrets } from './package-spec.ts';
import { installedMarkers, type Staging } from './staging.ts';
import { fetchTarball } from './tarball.ts';

/** What is known of packages elsewhere, and their files; nothing is asked for twice. */
export interface PackageStore {
  /** The repository of a hub package. @throws ProjectError */
  repository(spec: HubSpec): Promise<HubRepository>;
  /** The full commit id of a git package's revision. @throws ProjectError when there is none */
  commit(spec: GitSpec): Promise<string>;
  /** Folder with a package's files, at the one version its spec names: the installed one, or fetched. @throws ProjectError */
  files(pinned: RemoteSpec): Promise<string>;
}

interface Checkout {
  readonly dir: string;
  readonly commit: string;
}

/** Packages are fetched into `staging`, which the caller closes. */
export function createStore(staging: Staging, environment: Environment): PackageStore {
  const installed = new Map(
    installedMarkers(staging.installDir).map(({ name, marker }) => [
      marker,
      join(staging.installDir, name),
    ]),
  );
  const request = (url: string, { span }: RemoteSpec) => ({ url, environment, span });
  const refs = memo(
    ({ url }: GitSpec) => url,
    (spec): Promise<Refs> => listRefs(request(spec.url, spec)),
  );
  const repository = memo(
    (spec: HubSpec) => spec.package,
    (spec) => findHubRepository(spec.package, environment, spec.span),
  );
  const checkout = memo(
    ({ url, revision }: GitSpec) => `${url} ${revision}`,
    async (spec): Promise<Checkout> => {
      const dir = staging.newPath();
      const commit = await fetchCommit(request(spec.url, spec), spec.revision ?? 'HEAD', dir);
      return { dir, commit };
    },
  );

  async function commit(spec: GitSpec): Promise<string> {
    const listed = await refs(spec);
    const known = commitOf(listed, spec.revision);
    if (known !== undefined) return known;
    // The beginning of a commit's id: only the repository itself knows the rest.
    if (/^[0-9a-f]{4,39}$/.test(spec.revision ?? '')) return (await checkout(spec)).commit;
    throw noRevision(spec, listed);
  }

  async function fetchFiles(pinned: RemoteSpec): Promise<string> {
    if (pinned.kind === 'tarball') {
      return subdirectoryOf(await fetchTarball(pinned, staging.newPath()), pinned);
    }
    // Its folder is taken apart by its rename: another subdirectory of the commit needs one of its own.
    const dir = staging.newPath();
    if (pinned.kind === 'git') {
      await fetchCommit(request(pinned.url, pinned), pinned.revision ?? 'HEAD', dir);
      return subdirectoryOf(dir, pinned);
    }
    const found = await repository(pinned);
    const revision = commitOfVersion(found, pinned.versions[0] ?? '');
    if (revision === undefined) throw noVersion(pinned, found);
    await fetchCommit(request(found.url, pinned), revision, dir);
    return dir;
  }

  const files = memo(markerText, (pinned: RemoteSpec) => {
    const dir = installed.get(markerText(pinned));
    return dir === undefined ? fetchFiles(pinned) : Promise.resolve(dir);
  });
  return { repository, commit, files };
}

/** What is under way is waited for, what is known is not asked for again. */
function memo<S, T>(keyOf: (spec: S) => string, work: (spec: S) => Promise<T>) {
  const known = new Map<string, Promise<T>>();
  return (spec: S): Promise<T> => {
    const key = keyOf(spec);
    const promise = known.get(key) ?? work(spec);
    known.set(key, promise);
    return promise;
  };
}

function subdirectoryOf(checkoutDir: string, spec: GitSpec | TarballSpec): string {
  if (spec.subdirectory === undefined) return checkoutDir;
  const dir = join(checkoutDir, spec.subdirectory);
  // A link could lead out of the repository.
  const real = existsSync(dir) ? realpathSync(dir) : undefined;
  if (real?.startsWith(realpathSync(checkoutDir) + sep)) return real;
  throw new ProjectError(
    'package-unavailable',
    `${withoutSecrets(spec.url)} has no folder '${spec.subdirectory}'`,
    { span: spec.span },
  );
}

function noRevision(spec: GitSpec, refs: Refs): ProjectError {
  const url = withoutSecrets(spec.url);
  if (spec.revision === undefined) {
    return new ProjectError('package-unavailable', `${url} has no commit yet`, { span: spec.span });
  }
  const names = [...refs.keys()].map((ref) => ref.replace(/^refs\/(heads|tags)\//, ''));
  return new ProjectError('package-unavailable', `${url} has no revision '${spec.revision}'`, {
    span: spec.span,
    hint: didYouMean(spec.revision, names) ?? 'a revision is a tag, a branch or a commit',
  });
}

/** @param versions of the spec cannot be met by what the repository has */
export function noVersion(spec: HubSpec, { versions }: HubRepository): ProjectError {
  const wanted = spec.versions.join(', ');
  return new ProjectError('package-unavailable', `${spec.package} has no version ${wanted}`, {
    span: spec.span,
    hint: `it has ${versions.map(({ text }) => text).join(', ') || 'no tag that is a version'}`,
  });
}
