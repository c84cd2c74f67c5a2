// The thread LightGBM runs on. Its last error, log and thread count belong to a thread, so one thread makes all calls, each to its end.
import { parentPort, workerData } from 'node:worker_threads';
import { classCount, featureCount, importance, loadModel } from './booster.ts';
import type { CApi, Handle } from './c-api.ts';
import { loadLibrary } from './load-library.ts';
import type { ModelInfo, Reply, Request, WorkerSettings } from './messages.ts';
import { predict } from './predict.ts';
import { train } from './train.ts';

const say = (reply: Reply, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(reply, transfer);

/** Said of each tree that has fewer leaves than it may have. */
const EVERYDAY = 'No further splits with positive gain';

const models = new Map<number, Handle>();
let lastModel = 0;
let warnings = new Set<string>();

const { api, failed } = await loadLibrary(workerData as WorkerSettings);
if (api === undefined) {
  say({ reply: 'unusable', failed });
} else {
  api.onLog((line) => {
    if (!line.includes(EVERYDAY)) warnings.add(line.replace(/^\[LightGBM\] \[\w+\] /, ''));
  });
  parentPort?.on('message', (request: Request) => answer(api, request));
  say({ reply: 'ready', path: api.path, kind: api.kind, failed });
}

function answer(api: CApi, request: Request): void {
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

const isCancelled = ({ cancelled }: Request) => Atomics.load(cancelled, 0) !== 0;

function run(api: CApi, request: Request) {
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
    case 'predict': {
      const { columns, kind, threads } = input;
      const stop = () => isCancelled(request);
      return predict(api, handleOf(input.model), columns, kind, threads, stop) ?? 'cancelled';
    }
    case 'free': {
      const handle = handleOf(input.model);
      models.delete(input.model);
      api.call('BoosterFree', [{ handle }]);
      return undefined;
    }
  }
}

function load(api: CApi, text: string): ModelInfo {
  const handle = loadModel(api, text);
  lastModel += 1;
  models.set(lastModel, handle);
  return {
    model: lastModel,
    features: featureCount(api, handle),
    outputs: classCount(api, handle),
    gain: importance(api, handle, 'gain', -1),
    split: importance(api, handle, 'split', -1),
  };
}

function handleOf(model: number): Handle {
  const handle = models.get(model);
  if (handle === undefined) throw new Error(`model ${model} is not loaded`);
  return handle;
}
