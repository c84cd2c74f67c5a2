import type { ClassValue, FeatureSchema } from '../core/model-version.ts';
import type { TextModel } from '../estimators/lightgbm-text.ts';
import type { ModelBundle } from './model-bundle.ts';

/** A model of LightGBM's own text as velo keeps models; nothing calibrates it. `from`: first day it may judge. */
export function bundleOfText(text: string, model: TextModel, from: number): ModelBundle {
  return {
    estimator: 'lightgbm',
    objective: model.objective,
    features: model.features.map(schemaOf),
    classes: model.outputs > 1 ? numbered(model.outputs) : undefined,
    normaliseWithin: undefined,
    calibration: { method: 'none', state: {} },
    main: { text, from, to: undefined },
    folds: [],
  };
}

const schemaOf = ({ name, categories }: TextModel['features'][number]): FeatureSchema =>
  categories
    ? // The text does not tell whether they were numbers.
      { name, kind: 'category', type: 'unknown', categories }
    : { name, kind: 'number', type: 'float' };

/** The text knows classes by their numbers alone. */
const numbered = (count: number): readonly ClassValue[] =>
  Array.from({ length: count }, (_, number) => number);
