import { ProjectError } from '../core/errors.ts';
import { checkModelText, type ModelHeader } from '../lightgbm/model-text.ts';
import { canonicalObjective } from '../lightgbm/objectives.ts';
import type { Feature } from './estimator.ts';

const LINE = 'pandas_categorical:';

/**
 * Adds the texts of categories where Python's LightGBM keeps those of a pandas table: a model that is opened there takes categories under
 * their own names, too.
 */
export function withCategories(text: string, features: readonly Feature[]): string {
  const lists = features.flatMap(({ categories }) => (categories ? [categories] : []));
  return `${text}\n${LINE}${lists.length > 0 ? JSON.stringify(lists) : 'null'}\n`;
}

/** @throws ProjectError 'feature-mismatch' when a text and the features kept beside it are of two models */
export function checkFeatureNames(
  { featureNames }: ModelHeader,
  features: readonly Feature[],
): void {
  const wrong = features.findIndex(({ name }, i) => name !== featureNames[i]);
  if (wrong < 0 && features.length === featureNames.length) return;
  const at = Math.max(wrong, 0);
  const names = `'${features[at]?.name ?? ''}', the text of the model '${featureNames[at] ?? ''}'`;
  throw new ProjectError(
    'feature-mismatch',
    `feature ${at + 1} of ${features.length} is called ${names} of ${featureNames.length}`,
    { hint: 'the text and its list of features are of two models' },
  );
}

/** A model that was trained elsewhere, as far as its text tells. */
export interface TextModel {
  readonly features: readonly Feature[];
  /** LightGBM's own name; `regression` for one that is not LightGBM's, whose scores are numbers as they are. */
  readonly objective: string;
  readonly outputs: number;
  /** Boosting rounds. */
  readonly rounds: number;
}

/** Reads a text that `Booster.save_model` wrote in Python, or LightGBM anywhere. @throws ProjectError 'model-file' */
export function readTextModel(text: string): TextModel {
  const { objective, outputs, trees } = checkModelText(text);
  const [name = ''] = objective?.split(' ') ?? [];
  const known = canonicalObjective(name);
  if (known === undefined && outputs > 1) {
    throw new ProjectError('model-file', `the model has ${outputs} outputs and no objective`, {
      hint: 'train it with one of LightGBM, such as multiclass',
    });
  }
  return {
    features: featuresOfText(text),
    objective: known ?? 'regression',
    outputs,
    rounds: trees / outputs,
  };
}

/**
 * The features a text of LightGBM's was trained with, also one of Python's: names from its head; categories are the features whose range
 * is a list, and their texts those of the pandas table.
 * @throws ProjectError 'model-file' when it has categories but not their texts
 */
export function featuresOfText(text: string): Feature[] {
  const head = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.split(' ') ?? [];
  const infos = head('feature_infos');
  const lists = categoryLists(text);
  const isCategory = infos.map((info) => /^-?\d+(?::-?\d+)*$/.test(info));
  if (isCategory.filter(Boolean).length !== lists.length) {
    throw new ProjectError(
      'model-file',
      `the text of the model has ${isCategory.filter(Boolean).length} categorical features and the texts of ${lists.length}`,
      { hint: 'train on a pandas table whose categorical columns have the dtype category' },
    );
  }
  let list = 0;
  return head('feature_names').map((name, i) => {
    if (!isCategory[i]) return { name };
    list += 1;
    return { name, categories: lists[list - 1] ?? [] };
  });
}

function categoryLists(text: string): string[][] {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith(LINE)) return [];
  const lists = JSON.parse(line.slice(LINE.length)) as unknown[][] | null;
  return lists?.map((list) => list.map(String)) ?? [];
}
