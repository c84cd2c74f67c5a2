// One small training in a process of its own, by what was built. Prints a sum of the model and its predictions.
//   node one-training.mjs <ending>
// How it ends: `dispose` closes LightGBM's thread; `leave` lets the process end around it; `interrupt` also stops a training that is under way.
import { createHash } from 'node:crypto';
import { readEnvironment } from '../../dist/config/environment.js';
import { openEstimatorTools } from '../../dist/estimators/estimator-tools.js';
import { estimators } from '../../dist/estimators/index.js';

const ROWS = 600;
const FEATURES = 6;

const [ending] = process.argv.slice(2);
let state = 12345;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return state / 0x7fffffff;
};
const columns = Array.from({ length: FEATURES }, () => Float64Array.from({ length: ROWS }, random));
const [a, b, c] = columns;
const rows = {
  count: ROWS,
  features: columns.map((values, i) => ({ name: `feature_${i}`, values })),
  target: a.map((value, i) => Number(value + b[i] * c[i] > 0.8)),
};
const options = { objective: 'binary', params: { num_leaves: 7 }, rounds: 8, seed: 1, threads: 2 };

const lightgbm = estimators.get('lightgbm');
const tools = openEstimatorTools(readEnvironment());
const { artifact } = await lightgbm.fit(tools, rows, undefined, options);
const model = await lightgbm.open(tools, artifact);
const predictions = await model.predict(rows, { threads: 2 });
const sum = createHash('sha256').update(artifact.text).update(predictions).digest('hex');
if (ending === 'interrupt') {
  const stop = new AbortController();
  const onProgress = ({ round }) => round === 3 && stop.abort();
  const endless = { ...options, rounds: 1_000_000, signal: stop.signal, onProgress };
  await lightgbm.fit(tools, rows, undefined, endless).catch((error) => {
    if (error.code !== 'interrupted') throw error;
  });
}
if (ending === 'dispose') await tools[Symbol.asyncDispose]();
process.stdout.write(sum);
