import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { answerOf } from '../estimators/answers.ts';
import type { Candidate } from './choose-answers.ts';
import type { ModelBundle } from './model-bundle.ts';
import type { ScoreSettings } from './score-settings.ts';

/**
 * The bundle that says what columns a score node has: all that may answer answer the same question.
 * @throws ProjectError 'model-config' where they do not, and for prices of what is no chance
 */
export function checkAnswers(
  candidates: readonly Candidate[],
  { pricing }: ScoreSettings,
  model: string,
  span: Span,
): ModelBundle {
  const [first, ...others] = candidates;
  if (!first) throw new Error(`nobody answers for ${model}`);
  const other = others.find(({ bundle }) => questionOf(bundle) !== questionOf(first.bundle));
  if (other) {
    const [a, b] = [first.version.version, other.version.version];
    throw new ProjectError(
      'model-config',
      `versions ${a} and ${b} of '${model}' do not foretell the same: one table cannot hold both`,
      {
        span,
        hint: 'name one version, or give models of another target a registered_name of their own',
      },
    );
  }
  if (!pricing || answerOf(first.bundle.objective).kind === 'chance') return first.bundle;
  throw new ProjectError(
    'model-config',
    `pricing needs a chance to win; '${model}' was trained with objective '${first.bundle.objective}'`,
    { span, hint: 'leave pricing out' },
  );
}

const questionOf = ({ objective, classes }: ModelBundle): string =>
  JSON.stringify([answerOf(objective).kind, classes]);
