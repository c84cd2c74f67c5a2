import { collect, ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import { localDirOf, shownPathOf } from './find-packages.ts';
import { markerText, packageNameOf } from './package-folder.ts';
import { type PackageSpec, remoteKey, specText } from './package-spec.ts';
import type { PackageStore } from './package-store.ts';
import { type Asked, type Asking, pinPackage } from './pin-package.ts';
import { type PackageList, type RenderPackages, readPackageList } from './read-package-list.ts';

/** The project whose packages are looked for. */
export interface ResolveRequest {
  readonly projectDir: string;
  readonly projectName: string;
  readonly list: PackageList;
  readonly render: RenderPackages;
  readonly store: PackageStore;
}

/** A package at one version. */
export interface ResolvedPackage {
  /** Name of its project. */
  readonly name: string;
  /** Names exactly this version. */
  readonly spec: PackageSpec;
  /** Where its files are now; absolute. */
  readonly dir: string;
  /** The file that lists it first, as messages show it. */
  readonly by: string;
}

/** More rounds than packages could depend on each other's versions. */
const MOST_ROUNDS = 50;

/**
 * All packages of a project and of its packages, each at the highest version that suits all who ask for it.
 * A version may bring other packages along, which may ask for other versions: it goes round until nothing
 * changes. @throws VeloErrors 'package-conflict', 'package-unavailable'
 */
export async function resolvePackages(
  request: ResolveRequest,
): Promise<readonly ResolvedPackage[]> {
  let pins: ReadonlyMap<string, PackageSpec> = new Map();
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const walk = await walkPackages(request, pins);
    const next = await pinAll(walk.groups, request.store);
    if (isSettled(walk.pins, next.pins)) {
      const errors = [...walk.errors, ...next.errors];
      if (errors.length > 0) throw new VeloErrors(unique(errors));
      checkNames(walk.packages, request);
      return walk.packages;
    }
    pins = next.pins;
  }
  throw new ProjectError(
    'package-conflict',
    'the versions packages ask of each other do not settle',
    {
      span: request.list.specs[0]?.span,
      hint: 'name one version of each in the project’s own list',
    },
  );
}

/** Who asks for one package. */
interface Group {
  readonly asking: Asking;
  /** Of a local package. */
  readonly dir: string | undefined;
}

interface Walk {
  /** By the packages' keys, in the order they are met. */
  readonly groups: Map<string, Group>;
  /** The versions that were followed. */
  readonly pins: Map<string, PackageSpec>;
  readonly packages: ResolvedPackage[];
  readonly errors: VeloError[];
}

interface Level {
  readonly list: PackageList;
  readonly dir: string;
}

/** Follows the lists level by level, at the versions of `known` and else at what suits those met so far. */
async function walkPackages(
  request: ResolveRequest,
  known: ReadonlyMap<string, PackageSpec>,
): Promise<Walk> {
  const walk: Walk = { groups: new Map(), pins: new Map(), packages: [], errors: [] };
  let level: readonly Level[] = [{ list: request.list, dir: request.projectDir }];
  while (level.length > 0) {
    const met = level.flatMap((one) => addAsking(one, request, walk));
    const visits = met.map((key) =>
      settle(walk.errors, () => visitPackage(key, known.get(key), request, walk)),
    );
    const visited = (await Promise.all(visits)).filter((one) => one !== undefined);
    walk.packages.push(...visited.map((one) => one.found));
    level = visited.flatMap(({ found, list }) => (list ? [{ list, dir: found.dir }] : []));
  }
  return walk;
}

/** Notes who asks for what in a list; returns the keys of packages met for the first time. */
function addAsking({ list, dir }: Level, request: ResolveRequest, walk: Walk): string[] {
  const met: string[] = [];
  for (const spec of list.specs) {
    const asked: Asked = { spec, by: list.file };
    const local =
      spec.kind === 'local'
        ? collect(walk.errors, () => localDirOf(spec, request.projectDir, dir))
        : undefined;
    if (spec.kind === 'local' && local === undefined) continue;
    const key = spec.kind === 'local' ? `local ${local}` : remoteKey(spec);
    const group = walk.groups.get(key);
    if (!group) met.push(key);
    const asking: Asking = group ? [...group.asking, asked] : [asked];
    walk.groups.set(key, { asking, dir: local });
  }
  return met;
}

/** The package of a key at one version, with its own list. */
async function visitPackage(
  key: string,
  known: PackageSpec | undefined,
  { store, projectDir, render }: ResolveRequest,
  walk: Walk,
): Promise<
  { readonly found: ResolvedPackage; readonly list: PackageList | undefined } | undefined
> {
  const group = walk.groups.get(key);
  if (!group) return undefined;
  const spec = known ?? (await pinPackage(group.asking, store));
  walk.pins.set(key, spec);
  const dir = spec.kind === 'local' ? (group.dir ?? projectDir) : await store.files(spec);
  const shownDir = spec.kind === 'local' ? shownPathOf(projectDir, dir) : specText(spec);
  const found = { name: packageNameOf(dir, shownDir), spec, dir, by: group.asking[0].by };
  return { found, list: readPackageList(dir, shownDir, render) };
}

/** What suits all who ask, now that all are known. */
async function pinAll(groups: Walk['groups'], store: PackageStore) {
  const pins = new Map<string, PackageSpec>();
  const errors: VeloError[] = [];
  for (const [key, { asking }] of groups) {
    const spec = await settle(errors, () => pinPackage(asking, store));
    if (spec) pins.set(key, spec);
  }
  return { pins, errors };
}

/** Whether all that can be had at all is at the version it should be at. */
const isSettled = (
  followed: ReadonlyMap<string, PackageSpec>,
  wanted: ReadonlyMap<string, PackageSpec>,
): boolean =>
  [...wanted].every(([key, spec]) => {
    const now = followed.get(key);
    return now !== undefined && markerText(now) === markerText(spec);
  });

async function settle<T>(errors: VeloError[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    return collect<undefined>(errors, () => {
      throw error;
    });
  }
}

const unique = (errors: readonly VeloError[]): VeloError[] => [
  ...new Map(errors.map((error) => [error.message, error])).values(),
];

/** @throws VeloErrors 'package-conflict' when two projects have one name */
function checkNames(packages: readonly ResolvedPackage[], { projectName }: ResolveRequest): void {
  const errors: VeloError[] = [];
  const byName = new Map<string, ResolvedPackage>();
  for (const found of packages) {
    const { name, spec, by } = found;
    const other = byName.get(name);
    byName.set(name, found);
    const shown = `${specText(spec)} (in ${by})`;
    const taken = other && `${specText(other.spec)} (in ${other.by})`;
    if (name !== projectName && taken === undefined) continue;
    const message =
      name === projectName
        ? `package ${shown} has the project's own name '${name}'`
        : `two packages are named '${name}': ${taken} and ${shown}`;
    errors.push(
      new ProjectError('package-conflict', message, {
        span: spec.span,
        hint: 'ref() and macros tell packages apart by their names: keep one of them',
      }),
    );
  }
  if (errors.length > 0) throw new VeloErrors(errors);
}
