// velo's side of the group lightgbm, by what was built. Prints {"ms": …, "peakMb": …} of the work without the process's start.
//   node velo.mjs make FOLDER ROWS FEATURES           x.bin, a column after the other as doubles, and y.bin
//   node velo.mjs train FOLDER ROWS FEATURES ROUNDS   reads them and trains; writes model.txt
//   node velo.mjs predict|shap FOLDER ROWS FEATURES   reads them and model.txt, predicts
//   node velo.mjs table FOLDER ROWS FEATURES          rows.duckdb, a table of as many random rows with days, races and a target
//   node velo.mjs chunks FOLDER ROWS FEATURES         fetches it in order by DuckDB's driver and looks at nothing
//   node velo.mjs matrix FOLDER ROWS FEATURES         reads it as a train node does
//   node velo.mjs fit FOLDER ROWS FEATURES ROUNDS     reads it so, and trains
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as driver from '@duckdb/node-api';
import { duckdb } from '../../../dist/adapters/duckdb/duckdb.js';
import { readEnvironment } from '../../../dist/config/environment.js';
import { sharedColumn } from '../../../dist/estimators/encode-columns.js';
import { openEstimatorTools } from '../../../dist/estimators/estimator-tools.js';
import { estimators } from '../../../dist/estimators/index.js';
import { featuresOfText } from '../../../dist/estimators/lightgbm-text.js';
import { readTrainingRows } from '../../../dist/modeling/read-training-rows.js';
import { labelledRows } from '../../../dist/modeling/row-subset.js';

const [task, folder, ...numbers] = process.argv.slice(2);
const [count, width, rounds] = numbers.map(Number);
const threads = availableParallelism();
const file = (name) => join(folder, name);

const tasks = {
  make,
  train,
  predict: () => predict('predict'),
  shap: () => predict('contributions'),
  table,
  chunks,
  matrix: () => withRows(async () => {}),
  fit: () => withRows(fit),
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

function featureNames() {
  return Array.from({ length: width }, (_, i) => `feature_${i}`);
}

async function table() {
  const session = await (await driver.DuckDBInstance.create(file('rows.duckdb'))).connect();
  const numbers = featureNames().map((name) => `random() as ${name}`);
  await session.run('select setseed(0.5)');
  await session.run(`create table runs as
select *, cast(feature_0 * feature_1 + feature_2 - feature_3 ** 2 > 0.6 * random() as integer) as won from (
  select date '2020-01-01' + cast(i // 500 as integer) as day, i // 10 as race, i % 10 as horse, ${numbers.join(', ')}
  from range(${count}) t(i))`);
  await session.run('checkpoint');
  session.closeSync();
}

async function chunks() {
  const options = { threads: String(threads), access_mode: 'READ_ONLY' };
  const instance = await driver.DuckDBInstance.create(file('rows.duckdb'), options);
  const session = await instance.connect();
  const result = await session.run(
    `select ${featureNames().join(', ')} from runs order by day, race, horse`,
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
  }
}

async function withRows(use) {
  const settings = duckdb.parseSettings({ type: 'duckdb', path: file('rows.duckdb'), threads });
  const warehouse = await duckdb.openToRead(settings);
  await warehouse.use(async (connection) => {
    const sql = 'select * from runs';
    const { table: empty } = await connection.fetch(`${sql} limit 0`);
    const chosen = featureNames().map((name) => ({ name, kind: 'number', type: 'DOUBLE' }));
    const parts = { target: 'won', eventTime: 'day', group: 'race', key: ['race', 'horse'] };
    const reading = { connection, dialect: duckdb.dialect };
    await use(await readTrainingRows(sql, empty.columns, chosen, parts, reading));
  });
  await warehouse[Symbol.asyncDispose]();
}

async function fit(read) {
  const rows = labelledRows(
    read,
    Int32Array.from({ length: count }, (_, row) => row),
  );
  const tools = openEstimatorTools(readEnvironment());
  const options = { objective: 'binary', params: {}, rounds, seed: 1, threads };
  await estimators.get('lightgbm').fit(tools, rows, undefined, options);
  await tools[Symbol.asyncDispose]();
}
