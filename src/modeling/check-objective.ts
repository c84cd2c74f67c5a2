import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { answerOf, mainName } from '../estimators/answers.ts';
import { estimators } from '../estimators/index.ts';
import type { TrainSettings } from './train-settings.ts';

type Asked = Pick<
  TrainSettings,
  'estimator' | 'objective' | 'params' | 'calibration' | 'normaliseWithin' | 'price' | 'group'
>;

/**
 * Whether the settings of a train node fit its objective.
 * @throws ProjectError 'model-config' for an objective the estimator does not have, and settings that mean nothing with it;
 * ConfigError 'unknown-name' for an estimator that does not exist
 */
export function checkObjective(settings: Asked, spanOf: (key: string) => Span): void {
  const { estimator, objective, group } = settings;
  const fail = (key: string, message: string, hint: string) =>
    new ProjectError('model-config', message, { span: spanOf(key), hint });
  const known = estimators.get(estimator).objectives;
  if (!known.includes(objective)) {
    const message = `${estimator} has no objective '${objective}'`;
    const hint = didYouMean(objective, known) ?? `it can be ${known.join(', ')}`;
    throw fail('objective', message, hint);
  }
  if (RANKING.includes(mainName(objective)) && group === undefined) {
    const message = `objective '${objective}' learns an order within groups, and there are none`;
    throw fail('objective', message, "add group_column='race_id'");
  }
  checkAlpha(settings, fail);
  if (answerOf(objective).kind === 'chance') return;
  for (const [key, given] of meaningless(settings)) {
    if (!given) continue;
    const message = `${key} is for chances of a target of 0 or 1; objective '${objective}' foretells none`;
    throw fail(key, message, `leave ${key} out`);
  }
}

/** The calibration of a node that names none: only chances can be calibrated. */
export const usualCalibration = (objective: string): string =>
  answerOf(objective).kind === 'chance' ? 'auto' : 'none';

const RANKING: readonly string[] = ['lambdarank', 'rank_xendcg'];

const meaningless = ({ calibration, normaliseWithin, price }: Asked) =>
  [
    ['calibration', calibration !== 'none'],
    ['normalise_within', normaliseWithin !== undefined],
    ['price', price !== undefined],
  ] as const;

/** LightGBM takes any alpha above 0: that of huber is a distance, that of quantile a share. */
function checkAlpha(
  { objective, params }: Asked,
  fail: (key: string, message: string, hint: string) => ProjectError,
): void {
  const { alpha } = params;
  if (mainName(objective) !== 'quantile' || typeof alpha !== 'number' || alpha < 1) return;
  throw fail('params', `alpha of a quantile is below 1, not ${alpha}`, "params={'alpha': 0.9}");
}
