import { VeloError } from '../core/errors.ts';
import {
  CHAMPION,
  type ClassValue,
  type ModelVersion,
  type RegistryContent,
} from '../core/model-version.ts';
import { answerOf } from '../estimators/answers.ts';
import { aliasedVersion } from '../state/registry.ts';
import { loadArtifact } from './artifact-store.ts';
import { type ModelBundle, readBundle, type StoredModel } from './model-bundle.ts';
import type { ModelTools } from './model-tools.ts';
import { openModel, type ScoredRows } from './predict-bundle.ts';
import type { TrainSettings } from './train-settings.ts';

/** What the champion says of test rows, or why it cannot be compared with. */
export type ChampionSays =
  | { readonly version: ModelVersion; readonly p: Float64Array }
  | { readonly version: ModelVersion | undefined; readonly notCompared: string };

/**
 * Lets the champion of a name foretell the same rows, where that is fair: a model that was trained on days of the test
 * knows their outcome, so of one that was trained on all rows the one before it answers. `testFrom`: days since 1970.
 */
export async function askChampion(
  { name, objective, target }: Pick<TrainSettings, 'name' | 'objective' | 'target'>,
  classes: readonly ClassValue[] | undefined,
  rows: ScoredRows,
  testFrom: number,
  registry: RegistryContent,
  models: ModelTools,
): Promise<ChampionSays> {
  const version = aliasedVersion(registry, name, CHAMPION);
  if (!version) return { version, notCompared: 'there is no champion yet' };
  const { artifactUri: uri, artifactSha256: sha256 } = version;
  try {
    const bundle = readBundle(await loadArtifact(models.artifactsDir, { uri, sha256 }));
    const isAlike =
      (version.metrics.target ?? target) === target &&
      answerOf(bundle.objective).kind === answerOf(objective).kind &&
      JSON.stringify(bundle.classes) === JSON.stringify(classes);
    if (!isAlike) {
      return { version, notCompared: `version ${version.version} answers another question` };
    }
    const unseeing = newestBefore(bundle, testFrom);
    if (!unseeing) {
      return { version, notCompared: `version ${version.version} was trained on days of the test` };
    }
    await using model = await openModel(models.estimators, bundle, unseeing);
    const { p } = await model.predict(rows, { threads: models.threads, signal: models.signal });
    return { version, p };
  } catch (error) {
    // A champion that is damaged, or knows other columns, must not keep a new model from being made.
    if (!(error instanceof VeloError) || error.code === 'interrupted') throw error;
    return { version, notCompared: `version ${version.version} cannot be asked: ${error.message}` };
  }
}

/** The model of a bundle that has seen most, but no day from `day` on. */
export function newestBefore({ main, folds }: ModelBundle, day: number): StoredModel | undefined {
  return [main, ...folds].filter(({ from }) => from <= day).sort((a, b) => b.from - a.from)[0];
}
