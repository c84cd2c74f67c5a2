import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { ModelReport, ModelVersion } from '../core/model-version.ts';
import { openEstimatorTools } from '../estimators/estimator-tools.ts';
import { estimators } from '../estimators/index.ts';
import { readTextModel, type TextModel } from '../estimators/lightgbm-text.ts';
import { storeArtifact } from '../modeling/artifact-store.ts';
import { bundleOfText } from '../modeling/bundle-of-text.ts';
import { bundleFiles } from '../modeling/model-bundle.ts';
import { importanceOf } from '../modeling/train-model.ts';
import { artifactsDir } from '../project/project-folders.ts';
import { nextVersion, registerVersion } from '../state/registry.ts';
import type { ApiOptions } from './load-project.ts';
import { type OpenRegistry, withRegistry } from './models.ts';

/** What the text of a model does not tell. */
export interface TextImport {
  /** Name in the registry; that of the file unless said. */
  readonly name?: string | undefined;
  /** Last day it learned from, `2024-12-31`: it may be asked about later ones. Before today unless said. */
  readonly trainedTo?: string | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Registers a text of LightGBM's, such as Python's `Booster.save_model` writes, as the next version of its name; no alias
 * moves. It is loaded once, to make sure that it can be.
 * @throws ConfigError 'file-unreadable', 'usage' for a name or day that is none, 'lightgbm-missing'; ProjectError 'model-file'
 */
export async function importTextModel(
  options: ApiOptions,
  file: string,
  { name = basename(file, extname(file)), trainedTo }: TextImport,
): Promise<ModelVersion> {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) {
    throw new ConfigError('usage', `'${name}' can be no name of a model`, {
      hint: 'name it with letters, digits, _ and -: --name win_probability',
    });
  }
  const text = await readText(file);
  const model = readTextModel(text);
  return withRegistry(options, 'write', async (registry) => {
    const createdAtMs = (options.now ?? Date.now)();
    const from = trainedTo === undefined ? Math.floor(createdAtMs / DAY_MS) : dayAfter(trainedTo);
    const bundle = bundleOfText(text, model, from);
    const importance = await importanceIn(text, model, registry);
    const stored = await storeArtifact(
      artifactsDir(registry.target.settings),
      name,
      bundleFiles(bundle),
    );
    const number = nextVersion(registry.content, name);
    const { objective, features, estimator } = bundle;
    const version: ModelVersion = {
      modelId: `${name}/${number}/${stored.sha256.slice(0, 12)}`,
      ...{ name, version: number, stage: 'registered', createdAtMs },
      artifactUri: stored.uri,
      artifactSha256: stored.sha256,
      metrics: { ...NOT_JUDGED, importance, rounds: [model.rounds] },
      ...{ estimator, objective, features, params: {} },
      trainingFrom: 'unknown',
      trainingTo: new Date(from * DAY_MS).toISOString().slice(0, 10),
      trainingRows: 0,
      dataFingerprint: 'unknown',
      codeFingerprint: 'unknown',
      trainFingerprint: hashOf(['imported', stored.sha256]),
      gitCommit: undefined,
      runId: 'velo models import',
    };
    await registry.connection.execute(registerVersion(registry.dialect, registry.tables, version));
    return version;
  });
}

const NOT_JUDGED: Omit<ModelReport, 'importance' | 'rounds'> = {
  model: {},
  baselines: {},
  differences: {},
  gate: [],
  calibration: { method: 'none', logLoss: {} },
};

async function importanceIn(
  text: string,
  { features, outputs }: TextModel,
  { target }: OpenRegistry,
): Promise<ModelReport['importance']> {
  await using tools = openEstimatorTools(target.settings.environment);
  const artifact = { estimator: 'lightgbm', features, outputs, text };
  await using model = await estimators.get('lightgbm').open(tools, artifact);
  return importanceOf(model);
}

function dayAfter(date: string): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN;
  if (!Number.isNaN(ms)) return ms / DAY_MS + 1;
  throw new ConfigError('usage', `--trained-to '${date}' is no date`, {
    hint: 'write it as 2024-12-31',
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('file-unreadable', `${file} cannot be read: ${reason}`, { cause });
  }
}
