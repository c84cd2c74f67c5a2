import type { Connection, Dialect } from '../adapters/adapter.ts';
import { CHAMPION, type ModelVersion, type RegistryContent } from '../core/model-version.ts';
import { moveAlias, nextVersion, registerVersion, TRAINED } from '../state/registry.ts';
import { storeArtifact } from './artifact-store.ts';
import { bundleFiles } from './model-bundle.ts';
import type { ModelTools } from './model-tools.ts';
import type { TrainingRows } from './read-training-rows.ts';
import type { JudgedModel } from './train-and-judge.ts';
import type { TrainSettings } from './train-settings.ts';

export interface Registration {
  readonly settings: TrainSettings;
  readonly rows: TrainingRows;
  readonly registry: RegistryContent;
  readonly codeFingerprint: string;
  readonly trainFingerprint: string;
}

/**
 * Keeps a model that passed its gate: its files, its row in the registry, and the alias `champion` when it is better
 * than who has it. Inside the transaction of the node: if the node fails later, nobody names the files.
 */
export async function registerModel(
  { bundle, params, report, champion, training }: JudgedModel,
  { settings, rows, registry, codeFingerprint, trainFingerprint }: Registration,
  { connection, dialect }: { readonly connection: Connection; readonly dialect: Dialect },
  models: ModelTools,
): Promise<ModelVersion> {
  const { name, estimator, objective } = settings;
  const stored = await storeArtifact(models.artifactsDir, name, bundleFiles(bundle));
  const number = nextVersion(registry, name);
  const version: ModelVersion = {
    modelId: `${name}/${number}/${stored.sha256.slice(0, 12)}`,
    name,
    version: number,
    stage: 'registered',
    artifactUri: stored.uri,
    artifactSha256: stored.sha256,
    metrics: report,
    createdAtMs: models.now(),
    estimator,
    objective,
    params,
    features: bundle.features,
    trainingFrom: training.from,
    trainingTo: training.to,
    trainingRows: training.rows,
    dataFingerprint: rows.fingerprint,
    codeFingerprint,
    trainFingerprint,
    gitCommit: await models.commit(),
    runId: models.runId,
  };
  await connection.execute(registerVersion(dialect, models.tables, version));
  if (!isBetter(report, champion)) return version;
  const move = {
    name,
    alias: CHAMPION,
    version: number,
    movedAtMs: models.now(),
    runId: models.runId,
    reason: TRAINED,
  };
  for (const statement of moveAlias(dialect, models.tables, move))
    await connection.execute(statement);
  return { ...version, stage: CHAMPION };
}

/** A lower loss on the same rows; a champion that cannot be compared with gives way only where there is none. */
function isBetter(
  { differences, decides }: JudgedModel['report'],
  champion: JudgedModel['champion'],
): boolean {
  if (!champion.version) return true;
  const difference = differences[`${decides} - champion.${decides}`];
  return difference !== undefined && difference.value < 0;
}
