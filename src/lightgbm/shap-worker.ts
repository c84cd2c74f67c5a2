// One more thread for contributions: they are worked out from a model's text, without LightGBM.
import { parentPort, workerData } from 'node:worker_threads';
import { contributions, shapTrees } from './contributions.ts';
import type { ContributeRequest, Reply, ShapSettings } from './messages.ts';

const { text, outputs } = workerData as ShapSettings;
const trees = shapTrees(text);

parentPort?.on('message', ({ id, input, cancelled }: ContributeRequest) => {
  const isCancelled = () => Atomics.load(cancelled, 0) !== 0;
  const output = trees && contributions(trees, outputs, input.columns, isCancelled);
  const reply: Reply = isCancelled() ? { reply: 'cancelled', id } : { reply: 'done', id, output };
  parentPort?.postMessage(reply, output ? [output.values.buffer as ArrayBuffer] : []);
});
