import { Worker } from 'node:worker_threads';
import { calmOpenMp, type Environment } from '../config/environment.ts';
import { ConfigError, ProjectError, type VeloError } from '../core/errors.ts';
import type { PredictionKind } from './booster.ts';
import type { NumberColumn } from './c-api.ts';
import { librarySettings } from './library-files.ts';
import type {
  Attempt,
  PredictionOutput,
  Reply,
  TaskName,
  Tasks,
  TrainingInput,
  TrainingOutput,
  TrainingProgress,
} from './messages.ts';
import { checkModelText } from './model-text.ts';
import { workerUrl } from './worker-url.ts';

/** `signal`: aborted, the call rejects at once with 'interrupted', and the thread stops after the round it is in. */
export interface TaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

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

interface Pending {
  readonly done: (output: Tasks[TaskName]['output']) => void;
  readonly failed: (error: VeloError) => void;
  readonly onProgress: TaskOptions['onProgress'];
}

/** Starts the thread and loads the library. @throws ConfigError 'lightgbm-missing' with every path that was tried */
export async function openLightgbm(environment: Environment): Promise<Lightgbm> {
  calmOpenMp();
  const worker = new Worker(await workerUrl(), { workerData: librarySettings(environment) });
  const library = await started(worker);
  const ask = taskSender(worker);
  return {
    library,
    train: (input, options = {}) => ask('train', input, options),
    async load(text) {
      checkModelText(text);
      const { model, ...info } = await ask('load', { text }, {});
      return {
        ...info,
        predict: (columns, { kind = 'value', threads, ...options }) =>
          ask('predict', { model, columns, kind, threads }, options),
        [Symbol.asyncDispose]: () => ask('free', { model }, {}),
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

type Ask = <Name extends TaskName>(
  task: Name,
  input: Tasks[Name]['input'],
  options: TaskOptions,
) => Promise<Tasks[Name]['output']>;

function taskSender(worker: Worker): Ask {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let ended: VeloError | undefined;
  const end = (why: string) => {
    ended ??= new ProjectError('lightgbm-error', `the thread LightGBM runs on ended: ${why}`);
    for (const { failed } of pending.values()) failed(ended);
    pending.clear();
  };
  worker.on('error', (error) => end(error.message));
  worker.on('exit', (code) => end(`exit code ${code}`));
  worker.on('message', (reply: Reply) => hear(pending, reply));
  // A thread that waits does not keep the process; one that is asked something does.
  const count = () => (pending.size > 0 ? worker.ref() : worker.unref());
  count();
  return <Name extends TaskName>(
    task: Name,
    input: Tasks[Name]['input'],
    { signal, onProgress }: TaskOptions,
  ) =>
    new Promise<Tasks[Name]['output']>((resolve, reject) => {
      if (signal?.aborted) return reject(interrupted());
      if (ended) return reject(ended);
      lastId += 1;
      const id = lastId;
      const cancelled = new Int32Array(new SharedArrayBuffer(4));
      const abort = () => {
        Atomics.store(cancelled, 0, 1);
        leave();
        reject(interrupted());
      };
      const leave = () => {
        signal?.removeEventListener('abort', abort);
        pending.delete(id);
        count();
      };
      pending.set(id, {
        done(output) {
          leave();
          resolve(output as Tasks[Name]['output']);
        },
        failed(error) {
          leave();
          reject(error);
        },
        onProgress,
      });
      signal?.addEventListener('abort', abort);
      count();
      worker.postMessage({ id, task, input, cancelled });
    });
}

function hear(pending: ReadonlyMap<number, Pending>, reply: Reply): void {
  // Nobody waits any more for the answer to what was interrupted.
  const task = 'id' in reply ? pending.get(reply.id) : undefined;
  if (task === undefined) return;
  if (reply.reply === 'progress') task.onProgress?.(reply.progress);
  else if (reply.reply === 'done') task.done(reply.output);
  else if (reply.reply === 'failed') {
    task.failed(new ProjectError('lightgbm-error', `LightGBM: ${reply.message}`));
  }
}

const interrupted = () => new ProjectError('interrupted', 'LightGBM was interrupted');
