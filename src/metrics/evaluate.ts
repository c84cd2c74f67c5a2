import { ConfigError } from '../core/errors.ts';
import { type BootstrapOptions, bootstrap, type Sample } from './bootstrap.ts';
import { checkPredictions, type JudgedRows } from './judged-rows.ts';
import type { Metric } from './metric.ts';

/** Samples of every model and metric over the same rows and the same draws. */
export type Evaluation = ReadonlyMap<string, ReadonlyMap<string, Sample>>;

/**
 * Judges the predictions of several models on the same rows: by model, then metric, the value and its draws. All are
 * paired: a difference between any two is `pairedDifference`. Raises
 * ProjectError unusable-predictions with the model's name, ConfigError for a metric of another target.
 */
export function evaluate(
  predictions: ReadonlyMap<string, Float64Array>,
  rows: JudgedRows,
  { chosen, ...options }: BootstrapOptions & { readonly chosen: readonly Metric[] },
): Evaluation {
  const other = chosen.find(({ target }) => target !== rows.target);
  if (other) {
    throw new ConfigError(
      'invalid-config',
      `metric '${other.name}' is for a ${other.target} target`,
    );
  }
  const cells = [...predictions].flatMap(([model, p]) =>
    chosen.map((metric) => {
      checkPredictions(p, rows, metric.takes, model);
      return { model, metric: metric.name, measure: metric.prepare(p, rows) };
    }),
  );
  const samples = bootstrap(
    cells.map(({ measure }) => measure),
    rows.days.count,
    options,
  );
  const evaluation = new Map<string, Map<string, Sample>>();
  for (const [i, { model, metric }] of cells.entries()) {
    const ofModel = evaluation.get(model) ?? new Map<string, Sample>();
    evaluation.set(model, ofModel.set(metric, samples[i] as Sample));
  }
  return evaluation;
}
