// The thread LightGBM runs on. Its last error, log and thread count belong to a thread, so one thread makes all calls, each to its end.
import { parentPort, workerData } from 'node:worker_threads';
import { classCount, featureCount, importance, loadModel } from './booster.ts';
import type { CApi, Handle } from './c-api.ts';
import { contributions, shapTrees } from './contributions.ts';
import { loadLibrary } from './load-library.ts';
import type {
  LibraryRequest,
  ModelInfo,
  PredictionInput,
  Reply,
  WorkerSettings,
} from './messages.ts';
import { predict } from './predict.ts';
import { train } from './train.ts';
import type { ShapTree } from './tree-shap.ts';

const say = (reply: Reply, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(reply, transfer);

/** Said of each tree that has fewer leaves than it may have. */
const EVERYDAY = 'No further splits with positive gain';

interface Loaded {
  readonly handle: Handle;
  readonly outputs: number;
  readonly trees: () => readonly ShapTree[] | undefined;
}

const models = new Map<number, Loaded>();
let lastModel = 0;
let warnings = new Set<string>();

const { api, failed } = await loadLibrary(workerData as WorkerSettings);
if (api === undefined) {
  say({ reply: 'unusable', failed });
} else {
  api.onLog((line) => {
    if (!line.includes(EVERYDAY)) warnings.add(line.replace(/^\[LightGBM\] \[\w+\] /, ''));
  });
  parentPort?.on('message', (request: LibraryRequest) => answer(api, request));
  say({ reply: 'ready', path: api.path, kind: api.kind, failed });
}

function answer(api: CApi, request: LibraryRequest): void {
  const { id } = request;
  try {
    const output = isCancelled(request) ? 'cancelled' : run(api, request);
    if (output === 'cancelled') {
      say({ reply: 'cancelled', id });
      return;
    }
    const values = output !== undefined && 'values' in output ? [output.values.buffer] : [];
    say({ reply: 'done', id, output }, values as ArrayBuffer[]);
  } catch (error) {
    say({ reply: 'failed', id, message: error instanceof Error ? error.message : `${error}` });
  }
}

const isCancelled = ({ cancelled }: LibraryRequest) => Atomics.load(cancelled, 0) !== 0;

function run(api: CApi, request: LibraryRequest) {
  const { id, task, input } = request;
  switch (task) {
    case 'train': {
      warnings = new Set();
      const output = train(api, input, {
        isCancelled: () => isCancelled(request),
        onRound: (progress) => say({ reply: 'progress', id, progress }),
      });
      return output ? { ...output, warnings: [...warnings] } : 'cancelled';
    }
    case 'load':
      return load(api, input.text);
    case 'predict':
      return predictWith(api, input, () => isCancelled(request)) ?? 'cancelled';
    case 'free': {
      const { handle } = loaded(input.model);
      models.delete(input.model);
      api.call('BoosterFree', [{ handle }]);
      return undefined;
    }
  }
}

function load(api: CApi, text: string): ModelInfo {
  const handle = loadModel(api, text);
  const outputs = classCount(api, handle);
  let trees: ReturnType<typeof shapTrees> | 'unread' = 'unread';
  lastModel += 1;
  models.set(lastModel, {
    handle,
    outputs,
    trees: () => {
      if (trees === 'unread') trees = shapTrees(text);
      return trees;
    },
  });
  return {
    model: lastModel,
    features: featureCount(api, handle),
    outputs,
    gain: importance(api, handle, 'gain', -1),
    split: importance(api, handle, 'split', -1),
  };
}

/** Below so many rows LightGBM's own threads are as fast, and nothing needs to be read from the text. */
const FEW_ROWS = 256;

function predictWith(api: CApi, input: PredictionInput, stop: () => boolean) {
  const { model, columns, kind, threads } = input;
  const { handle, outputs, trees } = loaded(model);
  const isMany = kind === 'shap' && (columns[0]?.length ?? 0) >= FEW_ROWS;
  const own = isMany ? trees() : undefined;
  if (own) return contributions(own, outputs, columns, stop);
  return predict(api, handle, columns, kind, threads, stop);
}

function loaded(model: number): Loaded {
  const found = models.get(model);
  if (found === undefined) throw new Error(`model ${model} is not loaded`);
  return found;
}
