// velo's side of the group lightgbm, by what was built. Prints {"ms": …, "peakMb": …} of the work without the process's start.
//   node velo.mjs make FOLDER ROWS FEATURES           x.bin, a column after the other as doubles, and y.bin
//   node velo.mjs train FOLDER ROWS FEATURES ROUNDS   reads them and trains; writes model.txt
//   node velo.mjs predict|shap FOLDER ROWS FEATURES   reads them and model.txt, predicts
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../../dist/config/environment.js';
import { sharedColumn } from '../../../dist/estimators/encode-columns.js';
import { openEstimatorTools } from '../../../dist/estimators/estimator-tools.js';
import { estimators } from '../../../dist/estimators/index.js';
import { featuresOfText } from '../../../dist/estimators/lightgbm-text.js';

const [task, folder, ...numbers] = process.argv.slice(2);
const [count, width, rounds] = numbers.map(Number);
const threads = availableParallelism();
const file = (name) => join(folder, name);

const tasks = {
  make,
  train,
  predict: () => predict('predict'),
  shap: () => predict('contributions'),
};
const startedAt = performance.now();
await tasks[task]();
const ms = performance.now() - startedAt;
process.stdout.write(JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024 }));

function make() {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const columns = Array.from({ length: width }, () => Float64Array.from({ length: count }, random));
  const [a, b, c, d] = columns;
  const y = Float64Array.from(a, (value, i) =>
    Number(value * b[i] + c[i] - d[i] ** 2 > 0.6 * random()),
  );
  writeFileSync(
    file('x.bin'),
    Buffer.concat(columns.map((column) => new Uint8Array(column.buffer))),
  );
  writeFileSync(file('y.bin'), new Uint8Array(y.buffer));
}

/** Straight into memory that LightGBM's thread reads, too. */
function features() {
  const input = openSync(file('x.bin'));
  const columns = Array.from({ length: width }, (_, i) => {
    const values = sharedColumn(count);
    readSync(input, new Uint8Array(values.buffer));
    return { name: `feature_${i}`, values };
  });
  closeSync(input);
  return columns;
}

async function train() {
  const y = readFileSync(file('y.bin'));
  const rows = {
    count,
    features: features(),
    target: new Float64Array(y.buffer, y.byteOffset, count),
  };
  const tools = openEstimatorTools(readEnvironment());
  const options = { objective: 'binary', params: {}, rounds, seed: 1, threads };
  const { artifact } = await estimators.get('lightgbm').fit(tools, rows, undefined, options);
  writeFileSync(file('model.txt'), artifact.text);
  await tools[Symbol.asyncDispose]();
}

async function predict(how) {
  const text = readFileSync(file('model.txt'), 'utf8');
  const tools = openEstimatorTools(readEnvironment());
  const artifact = { estimator: 'lightgbm', features: featuresOfText(text), outputs: 1, text };
  const model = await estimators.get('lightgbm').open(tools, artifact);
  await model[how]({ count, features: features() }, { threads });
  await tools[Symbol.asyncDispose]();
}
