import { Worker } from 'node:worker_threads';
import { calmOpenMp, type Environment } from '../config/environment.ts';
import { ConfigError } from '../core/errors.ts';
import { askerOf, type TaskOptions } from './ask-worker.ts';
import type { PredictionKind } from './booster.ts';
import type { NumberColumn } from './c-api.ts';
import { librarySettings } from './library-files.ts';
import type {
  Attempt,
  PredictionOutput,
  Reply,
  TrainingInput,
  TrainingOutput,
} from './messages.ts';
import { checkModelText } from './model-text.ts';
import { shapThreads } from './shap-threads.ts';
import { workerUrl } from './worker-url.ts';

/** LightGBM on a thread of its own. Calls are answered in their order. */
export interface Lightgbm extends AsyncDisposable {
  /** The file it was loaded from, and those that could not be. */
  readonly library: {
    readonly path: string;
    readonly kind: 'library' | 'wasm';
    readonly failed: readonly Attempt[];
  };
  /**
   * Trains a model. Columns that stand on a SharedArrayBuffer are read where they are; others are copied to the thread.
   * @throws ProjectError 'lightgbm-error' with LightGBM's words, 'interrupted'
   */
  train(input: TrainingInput, options?: TaskOptions): Promise<TrainingOutput>;
  /** @throws ProjectError 'model-file' for a text that is not whole, 'lightgbm-error' */
  load(text: string): Promise<LoadedModel>;
}

/** A model inside LightGBM, until it is disposed. */
export interface LoadedModel extends AsyncDisposable {
  readonly features: number;
  /** Numbers an ordinary prediction has for each row: the classes of a multiclass model, else 1. */
  readonly outputs: number;
  /** A number for each feature, in their order. */
  readonly gain: Float64Array;
  readonly split: Float64Array;
  /** Columns by position: the caller has matched names. @throws ProjectError 'lightgbm-error', 'interrupted' */
  predict(
    columns: readonly NumberColumn[],
    options: TaskOptions & { readonly kind?: PredictionKind; readonly threads: number },
  ): Promise<PredictionOutput>;
}

/** Starts the thread and loads the library. @throws ConfigError 'lightgbm-missing' with every path that was tried */
export async function openLightgbm(environment: Environment): Promise<Lightgbm> {
  calmOpenMp();
  const worker = new Worker(await workerUrl('worker'), {
    workerData: librarySettings(environment),
  });
  const library = await started(worker);
  const ask = askerOf(worker);
  return {
    library,
    train: (input, options = {}) => ask('train', input, options),
    async load(text) {
      checkModelText(text);
      const { model, ...info } = await ask('load', { text }, {});
      const others = shapThreads({ text, outputs: info.outputs });
      return {
        ...info,
        predict(columns, { kind = 'value', threads, ...options }) {
          const first = (some: readonly NumberColumn[]) =>
            ask('predict', { model, columns: some, kind, threads }, options);
          return kind === 'shap'
            ? others.contribute(columns, { ...options, threads, first })
            : first(columns);
        },
        async [Symbol.asyncDispose]() {
          await Promise.all([others[Symbol.asyncDispose](), ask('free', { model }, {})]);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

function started(worker: Worker): Promise<Lightgbm['library']> {
  return new Promise((resolve, reject) => {
    const end = (error: unknown) => {
      void worker.terminate();
      reject(error);
    };
    worker.once('error', end);
    worker.once('message', (reply: Reply) => {
      worker.off('error', end);
      if (reply.reply === 'ready') resolve(reply);
      else if (reply.reply === 'unusable') end(unusable(reply.failed));
    });
  });
}

function unusable(failed: readonly Attempt[]): ConfigError {
  const tried = failed.map(({ path, reason }) => `\n  ${path}: ${reason}`).join('');
  return new ConfigError('lightgbm-missing', `LightGBM cannot be loaded; tried:${tried}`, {
    hint: 'set VELO_LIGHTGBM_LIB to a library of LightGBM 4, or to wasm',
  });
}
