import type { EstimatorTools } from '../estimators/estimator-tools.ts';
import type { ModelBundle, StoredModel } from './model-bundle.ts';
import { type OpenModel, openModel } from './predict-bundle.ts';

/** Models that stay open until all are disposed: each is read once, however often it is asked. */
export interface OpenModels extends AsyncDisposable {
  /** @throws ProjectError 'model-file'; ConfigError 'lightgbm-missing' */
  of(bundle: ModelBundle, model: StoredModel): Promise<OpenModel>;
}

export function openModels(tools: EstimatorTools): OpenModels {
  const open = new Map<StoredModel, OpenModel>();
  return {
    async of(bundle, model) {
      const found = open.get(model) ?? (await openModel(tools, bundle, model));
      open.set(model, found);
      return found;
    },
    async [Symbol.asyncDispose]() {
      for (const model of open.values()) await model[Symbol.asyncDispose]();
    },
  };
}
