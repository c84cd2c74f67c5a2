import { ProjectError } from '../core/errors.ts';
import { CHAMPION, type ModelVersion, type RegistryContent } from '../core/model-version.ts';
import type { Span } from '../core/span.ts';
import { aliasedVersion, versionNumbered } from '../state/registry.ts';
import { loadArtifact } from './artifact-store.ts';
import { type ModelBundle, readBundle, type StoredModel } from './model-bundle.ts';
import type { WantedVersion } from './score-settings.ts';

/** A version whose files were read. */
export interface Candidate {
  readonly version: ModelVersion;
  readonly bundle: ModelBundle;
}

/** A model and the rows it is asked about. */
export interface Answer extends Candidate {
  readonly model: StoredModel;
  /** Ascending. */
  readonly rows: Int32Array;
}

const DAY_MS = 86_400_000;

/**
 * The versions that may answer: one, or for `as_of` each that was ever champion.
 * @throws ProjectError 'unknown-model', 'model-artifact'
 */
export async function candidatesFor(
  name: string,
  wanted: WantedVersion,
  registry: RegistryContent,
  artifactsDir: string,
  span: Span,
): Promise<readonly Candidate[]> {
  const versions = wantedVersions(name, wanted, registry);
  if (versions.length === 0) throw notThere(name, wanted, span);
  return Promise.all(
    versions.map(async (version) => {
      const { artifactUri: uri, artifactSha256: sha256 } = version;
      return { version, bundle: readBundle(await loadArtifact(artifactsDir, { uri, sha256 })) };
    }),
  );
}

/**
 * Which candidate answers for which rows. Rows of a day without one (before the first champion, or before the first
 * fold) are in no answer. `days`: since 1970-01-01, of each row; undefined where nobody asks for them.
 */
export function answersFor(
  name: string,
  wanted: WantedVersion,
  candidates: readonly Candidate[],
  count: number,
  days: Int32Array | undefined,
  registry: RegistryContent,
): readonly Answer[] {
  const [first] = candidates;
  if (!first) return [];
  if (!days || (wanted.by !== 'as_of' && wanted.by !== 'folds')) {
    const rows = Int32Array.from({ length: count }, (_, row) => row);
    return [{ ...first, model: first.bundle.main, rows }];
  }
  const modelOn = (day: number): StoredModel | undefined => {
    if (wanted.by === 'folds') return unseenBy(first.bundle, day);
    // A move at midnight is one of the day itself.
    const champion = aliasedVersion(registry, name, CHAMPION, day * DAY_MS - 1);
    const then = candidates.find(({ version }) => version.version === champion?.version);
    // Dates may be later than the clock of the move, as when a day is built again: what has seen them says nothing.
    return then && then.bundle.main.from <= day ? then.bundle.main : undefined;
  };
  const byDay = new Map([...new Set(days)].map((day) => [day, modelOn(day)]));
  return candidates.flatMap((candidate) =>
    [candidate.bundle.main, ...candidate.bundle.folds].flatMap((model) => {
      const rows = Int32Array.from(days, (_, row) => row).filter(
        (row) => byDay.get(days[row] as number) === model,
      );
      return rows.length > 0 ? [{ ...candidate, model, rows }] : [];
    }),
  );
}

/** The one model of a bundle that may speak of a day: its trees have seen neither it nor any later one. */
const unseenBy = ({ main, folds }: ModelBundle, day: number): StoredModel | undefined =>
  [main, ...folds].find(({ from, to = Number.POSITIVE_INFINITY }) => from <= day && day < to);

function wantedVersions(
  name: string,
  wanted: WantedVersion,
  registry: RegistryContent,
): readonly ModelVersion[] {
  switch (wanted.by) {
    case 'number':
      return [versionNumbered(registry, name, wanted.number) ?? []].flat();
    case 'alias':
      return [aliasedVersion(registry, name, wanted.alias) ?? []].flat();
    case 'folds':
      return [aliasedVersion(registry, name, CHAMPION) ?? []].flat();
    case 'as_of': {
      const isChampion = ({ alias, name: of }: { readonly alias: string; readonly name: string }) =>
        alias === CHAMPION && of === name;
      const numbers = new Set(registry.moves.filter(isChampion).map(({ version }) => version));
      return registry.versions.filter((one) => one.name === name && numbers.has(one.version));
    }
  }
}

function notThere(name: string, wanted: WantedVersion, span: Span): ProjectError {
  const what =
    wanted.by === 'number'
      ? `version ${wanted.number}`
      : wanted.by === 'alias'
        ? wanted.alias
        : CHAMPION;
  return new ProjectError('unknown-model', `model '${name}' has no ${what}`, {
    span,
    hint: 'build its train node first; velo models list shows what there is',
  });
}
