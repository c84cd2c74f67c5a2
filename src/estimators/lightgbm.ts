import { ConfigError } from '../core/errors.ts';
import type { DatasetInput } from '../lightgbm/messages.ts';
import { checkModelText } from '../lightgbm/model-text.ts';
import { canonicalObjective, objectiveNames, targetKind } from '../lightgbm/objectives.ts';
import { checkParameters, isWholeParameter, parameterText } from '../lightgbm/parameters.ts';
import { alignFeatures } from './align-features.ts';
import { checkNames } from './check-names.ts';
import { checkRows } from './check-rows.ts';
import type { Estimator, FitOptions, LabelledRows, PredictOptions, Rows } from './estimator.ts';
import { checkMemory } from './lightgbm-memory.ts';
import { checkFeatureNames, withCategories } from './lightgbm-text.ts';

/** Gradient boosted trees by LightGBM itself; its text is LightGBM's own. */
export const lightgbm: Estimator = {
  name: 'lightgbm',
  objectives: objectiveNames,
  needs: ['features'],
  checkParams(params, features) {
    checkParameters(params, features);
  },
  isWhole: isWholeParameter,
  async fit(tools, rows, validation, options) {
    const { objective, kind } = objectiveOf(options);
    checkNames(rows);
    const names = rows.features.map(({ name }) => name);
    const given = checkParameters(options.params, names);
    checkStopping(given, validation, options);
    const warnings = checkRows(rows, kind);
    checkMemory(rows.features, given);
    const counted = () => options.classes ?? 1 + largest(rows.target, validation?.target);
    const outputs = kind === 'classes' ? counted() : 1;
    const settings = withDefaults(given, rows, options, objective, outputs);
    const needsGroups = kind === 'ranks' || usesGroups(given);
    const { lightgbm } = tools;
    const result = await (await lightgbm()).train(
      {
        training: datasetInput(rows, rows, needsGroups),
        validation: validation && datasetInput(rows, validation, needsGroups),
        featureNames: names,
        parameters: parameterText(settings),
        rounds: options.rounds,
        earlyStopping: options.earlyStopping,
        keep: options.keep,
      },
      options,
    );
    const { text, gain, split, bestRound, metrics } = result;
    const features = rows.features.map(({ name, categories }) => ({ name, categories }));
    const artifactOf = (trees: string) => ({
      estimator: 'lightgbm',
      features,
      outputs,
      text: withCategories(trees, features),
    });
    return {
      artifact: artifactOf(text),
      kept: result.kept === undefined ? undefined : artifactOf(result.kept),
      importance: { gain, split },
      rounds: result.rounds,
      bestRound,
      metrics,
      warnings: [...warnings, ...result.warnings],
    };
  },
  async open(tools, artifact) {
    checkFeatureNames(checkModelText(artifact.text), artifact.features);
    const loaded = await (await tools.lightgbm()).load(artifact.text);
    const predict =
      (kind: 'value' | 'raw' | 'shap') => async (rows: Rows, options: PredictOptions) => {
        const columns = alignFeatures(artifact.features, rows.features);
        const { values } = await loaded.predict(columns, { ...options, kind });
        return values;
      };
    return {
      artifact,
      importance: { gain: loaded.gain, split: loaded.split },
      predict: predict('value'),
      predictRaw: predict('raw'),
      contributions: predict('shap'),
      [Symbol.asyncDispose]: () => loaded[Symbol.asyncDispose](),
    };
  },
};

function objectiveOf({ objective }: FitOptions) {
  const canonical = canonicalObjective(objective);
  if (canonical === undefined) {
    throw new ConfigError('invalid-config', `LightGBM has no objective '${objective}'`, {
      hint: `known: ${objectiveNames.join(', ')}`,
    });
  }
  return { objective: canonical, kind: targetKind(canonical) };
}

function checkStopping(
  given: ReadonlyMap<string, string>,
  validation: LabelledRows | undefined,
  { earlyStopping }: FitOptions,
): void {
  if (earlyStopping === undefined) return;
  if (validation === undefined) {
    throw new ConfigError('invalid-config', 'early stopping needs validation rows');
  }
  if (given.get('boosting') === 'dart') {
    const message = 'early stopping cannot be used with dart: later rounds change earlier trees';
    throw new ConfigError('invalid-config', message, { hint: 'leave `early_stopping` out' });
  }
}

/** Metrics and samples that go by group. */
const usesGroups = (given: ReadonlyMap<string, string>): boolean =>
  given.get('bagging_by_query') === 'true' ||
  /\b(?:ndcg|map|lambdarank|rank_xendcg)\b/.test(given.get('metric') ?? '');

const DEFAULTS: Readonly<Record<string, string>> = {
  // The same rows and settings make the same model, byte for byte, on any number of threads.
  deterministic: 'true',
  // Warnings and errors.
  verbosity: '0',
};

function withDefaults(
  given: ReadonlyMap<string, string>,
  { features }: LabelledRows,
  { seed, threads, objective }: FitOptions,
  canonical: string,
  outputs: number,
): ReadonlyMap<string, string> {
  const isForced = given.has('force_row_wise') || given.has('force_col_wise');
  const categorical = features.flatMap(({ categories }, i) => (categories ? [i] : []));
  return new Map([
    ...Object.entries(DEFAULTS),
    // LightGBM times both ways and takes the faster, which would change sums from run to run.
    ...(isForced ? [] : [['force_col_wise', 'true'] as const]),
    ['seed', String(seed)],
    ['num_threads', String(threads)],
    ...given,
    ['objective', canonical === 'regression' ? objective : canonical],
    ...(outputs > 1 ? [['num_class', String(outputs)] as const] : []),
    ...(categorical.length > 0 ? [['categorical_feature', categorical.join(',')] as const] : []),
  ]);
}

function datasetInput(
  { features }: LabelledRows,
  rows: LabelledRows,
  needsGroups: boolean,
): DatasetInput {
  return {
    columns: alignFeatures(features, rows.features),
    label: new Float32Array(rows.target),
    weights: rows.weights && new Float32Array(rows.weights),
    groups: needsGroups ? rows.groups : undefined,
    initialScores: rows.initialScores,
  };
}

function largest(...columns: readonly (Float64Array | undefined)[]): number {
  return columns.reduce(
    (most, column) => column?.reduce((a, b) => Math.max(a, b), most) ?? most,
    0,
  );
}
