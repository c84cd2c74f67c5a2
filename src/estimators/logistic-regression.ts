import { z } from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError, ProjectError } from '../core/errors.ts';
import type { Parameters } from '../lightgbm/parameters.ts';
import { alignFeatures } from './align-features.ts';
import { checkNames } from './check-names.ts';
import { checkRows } from './check-rows.ts';
import type { Estimator, Importance, ModelArtifact, Rows } from './estimator.ts';
import { type DesignColumn, designOf, fillDesign } from './linear-design.ts';
import { fitLogistic, sigmoid } from './logistic-fit.ts';

/** The text of a model. Coefficients are those of standardised columns. */
const modelSchema = z.strictObject({
  format: z.literal('velo logistic regression 1'),
  l2: z.number().positive(),
  intercept: z.number(),
  columns: z.array(
    z.strictObject({
      feature: z.int().nonnegative(),
      kind: z.enum(['value', 'missing', 'category']),
      code: z.int().nonnegative().optional(),
      mean: z.number(),
      deviation: z.number().positive(),
      coefficient: z.number(),
    }),
  ),
});

type LinearModel = z.infer<typeof modelSchema>;

const DEFAULT_L2 = 1;

/**
 * Logistic regression, as a baseline: columns are standardised, a missing number counts as the mean and has a column of its own that says
 * so, each of the 50 most frequent texts of a category is a column, another text none of them. `l2` (1) holds coefficients back as scikit-learn's `C = 1/l2`
 * does, the intercept excepted.
 */
export const logisticRegression: Estimator = {
  name: 'logistic_regression',
  objectives: ['binary'],
  needs: ['features'],
  checkParams: checkL2,
  isWhole: () => false,
  async fit(_tools, rows, _validation, options) {
    checkL2(options.params);
    checkNames(rows);
    const warnings = checkRows(rows, 'zero-one');
    const l2 = (options.params['l2'] as number | undefined) ?? DEFAULT_L2;
    const design = designOf(rows.features, rows.weights);
    const { intercept, coefficients, iterations } = await fitLogistic({
      design,
      columns: rows.features.map(({ values }) => values),
      target: rows.target,
      weights: rows.weights,
      l2,
      signal: options.signal,
    });
    const columns = design.map((column, j) => ({ ...column, coefficient: coefficients[j] ?? 0 }));
    const model: LinearModel = { format: 'velo logistic regression 1', l2, intercept, columns };
    const artifact: ModelArtifact = {
      estimator: 'logistic_regression',
      features: rows.features.map(({ name, categories }) => ({ name, categories })),
      outputs: 1,
      text: `${JSON.stringify(model, null, 2)}\n`,
    };
    return {
      artifact,
      importance: importanceOf(model, rows.features.length),
      rounds: iterations,
      bestRound: iterations,
      metrics: [],
      warnings,
    };
  },
  async open(_tools, artifact) {
    const model = readModel(artifact.text);
    const raw = (rows: Rows) => scores(model, artifact, rows);
    return {
      artifact,
      importance: importanceOf(model, artifact.features.length),
      predict: async (rows) => raw(rows).map(sigmoid),
      predictRaw: async (rows) => raw(rows),
      contributions: async (rows) => contributions(model, artifact, rows),
      async [Symbol.asyncDispose]() {},
    };
  },
};

function checkL2(params: Parameters): void {
  for (const [name, value] of Object.entries(params)) {
    if (name !== 'l2') {
      throw new ConfigError('unknown-config', `logistic_regression has no parameter '${name}'`, {
        hint: didYouMean(name, ['l2']) ?? 'known: l2',
      });
    }
    if (typeof value !== 'number' || !(value > 0 && Number.isFinite(value))) {
      throw new ConfigError(
        'invalid-config',
        `'l2' is a number above 0, not ${JSON.stringify(value)}`,
      );
    }
  }
}

function readModel(text: string): LinearModel {
  try {
    return modelSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = 'the text of the model is not one of a logistic regression';
    throw new ProjectError('model-file', message, { cause });
  }
}

function importanceOf({ columns }: LinearModel, features: number): Importance {
  const gain = new Float64Array(features);
  const split = new Float64Array(features);
  for (const { feature, coefficient } of columns) {
    gain[feature] = (gain[feature] ?? 0) + Math.abs(coefficient);
    split[feature] = (split[feature] ?? 0) + 1;
  }
  return { gain, split };
}

function scores(model: LinearModel, artifact: ModelArtifact, rows: Rows): Float64Array {
  const scores = new Float64Array(rows.count).fill(model.intercept);
  eachTerm(model, artifact, rows, (row, _feature, term) => {
    scores[row] = (scores[row] ?? 0) + term;
  });
  return scores;
}

/** Of a linear model SHAP values are its terms, when features are taken to be independent: each term is 0 on average. */
function contributions(model: LinearModel, artifact: ModelArtifact, rows: Rows): Float64Array {
  const width = artifact.features.length + 1;
  const values = new Float64Array(rows.count * width);
  for (let row = 0; row < rows.count; row += 1) values[row * width + width - 1] = model.intercept;
  eachTerm(model, artifact, rows, (row, feature, term) => {
    const at = row * width + feature;
    values[at] = (values[at] ?? 0) + term;
  });
  return values;
}

const ROWS_AT_ONCE = 1024;

function eachTerm(
  { columns }: LinearModel,
  artifact: ModelArtifact,
  rows: Rows,
  use: (row: number, feature: number, term: number) => void,
): void {
  const values = alignFeatures(artifact.features, rows.features);
  const design: readonly DesignColumn[] = columns;
  const block = new Float64Array(ROWS_AT_ONCE * design.length);
  for (let from = 0; from < rows.count; from += ROWS_AT_ONCE) {
    const to = Math.min(rows.count, from + ROWS_AT_ONCE);
    fillDesign(design, values, from, to, block);
    for (let row = from; row < to; row += 1) {
      for (const [j, { feature, coefficient }] of columns.entries()) {
        use(row, feature, coefficient * (block[(row - from) * design.length + j] ?? 0));
      }
    }
  }
}
