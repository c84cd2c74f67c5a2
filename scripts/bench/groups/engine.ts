import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import nunjucks from 'nunjucks';
import { nodeId } from '../../../src/core/node.ts';
import type { PlanStep } from '../../../src/core/plan.ts';
import { schedule } from '../../../src/execute/schedule.ts';
import { buildGraph } from '../../../src/graph/build-graph.ts';
import { manifestOf, modelNode } from '../../../src/graph/node-fixture.ts';
import { select } from '../../../src/graph/select.ts';
import { layeredContext } from '../../../src/jinja/context.ts';
import { render } from '../../../src/jinja/render.ts';
import { parseTemplate } from '../../../src/jinja/template.ts';
import { readSeed } from '../../../src/nodes/seed-file.ts';
import type { Group } from '../bench.ts';
import { median } from '../median.ts';
import type { Row } from '../row.ts';
import { inTurn } from '../run-process.ts';

const RUNS = 7;
const NODES = 10_000;
const SEED_ROWS = 50_000;

type Task = () => unknown;

/** The engine's parts in one process, warmed up by a run that is not counted. */
export const engine: Group = {
  name: 'engine',
  about: 'Parts of the engine in one warm process.',
  async measure(folder, tell) {
    tell(`${RUNS} runs of each part`);
    const nodes = projectOf(NODES);
    const graph = buildGraph(manifestOf(nodes));
    const selectors = { select: ['+model_9999', 'model_5*,fqn:shop'], exclude: ['model_77+'] };
    return [
      ...(await scheduling()),
      await alone('graph of 10,000 nodes, 3 refs each', () => buildGraph(manifestOf(nodes))),
      await alone('select of 10,000 nodes: +a b*,fqn:c, exclude d+', () =>
        select(graph, selectors),
      ),
      await templates(),
      await seed(folder),
    ];
  },
};

async function alone(name: string, task: Task): Promise<Row> {
  const [wallMs = Number.NaN] = await timesOf([task]);
  return { name, runs: RUNS, wallMs };
}

async function compared(name: string, task: Task, other: string, bare: Task): Promise<Row> {
  const [wallMs = Number.NaN, bareMs = Number.NaN] = await timesOf([task, bare]);
  return { name, runs: RUNS, wallMs, against: { name: other, wallMs: bareMs } };
}

/** The median of each task in milliseconds, the tasks in turn. */
async function timesOf(tasks: readonly Task[]): Promise<number[]> {
  const timed = tasks.map((task) => async () => {
    const startedAt = performance.now();
    await task();
    return performance.now() - startedAt;
  });
  await inTurn(1, timed);
  return (await inTurn(RUNS, timed)).map(median);
}

/** Models that each read the three models at a third, half and the end of those before them. */
function projectOf(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const inputs = i === 0 ? [] : [Math.floor(i / 3), i >> 1, i - 1];
    return modelNode(
      `model_${i}`,
      [...new Set(inputs)].map((input) => `model_${input}`),
    );
  });
}

async function scheduling(): Promise<Row[]> {
  const steps = projectOf(NODES).map(({ id, references }): PlanStep => {
    const after = references.map(({ path: [name = ''] }) => nodeId('model', 'shop', name));
    return {
      node: id,
      action: 'build',
      after,
      replace: true,
      batches: [],
      reasons: [],
      checks: [],
      checksOfAll: [],
    };
  });
  const work = async () => true;
  const task = () =>
    schedule({ steps, limit: 4, durationMs: () => undefined, work, skip: () => undefined });
  const bare = async () => {
    for (const _ of steps) await work();
  };
  return [await compared('scheduler, 10,000 steps that do nothing', task, 'a loop of await', bare)];
}

/** Every template is another text, as in a project: nothing can be remembered from one to the next. */
function templates(): Promise<Row> {
  const texts = Array.from(
    { length: NODES },
    (_, i) =>
      `select {{ column }} as c${i}{% for n in [1, 2, 3] %}, {{ n + ${i} }}{% endfor %} from {{ table | upper }}`,
  );
  const values = { column: 'horse_id', table: 'runs' };
  const context = layeredContext([values]);
  const ours = () => {
    for (const text of texts) render(parseTemplate({ file: 'm.sql', text }), context);
  };
  const environment = new nunjucks.Environment(null, { autoescape: false });
  const theirs = () => {
    for (const text of texts) environment.renderString(text, values);
  };
  return compared('jinja, 10,000 small templates parsed and rendered', ours, 'nunjucks', theirs);
}

async function seed(folder: string): Promise<Row> {
  const lines = Array.from(
    { length: SEED_ROWS },
    (_, i) =>
      `horse_${i % 977},2024-01-${String((i % 28) + 1).padStart(2, '0')},${i},${i / 8},true`,
  );
  const text = ['horse,day,id,odds,won', ...lines].join('\n');
  const file = join(folder, 'seed.csv');
  await writeFile(file, text);
  const bytes = Buffer.from(text);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const bare = () =>
    connection.run(`create or replace table seed as from read_csv('${file}', sample_size = -1)`);
  const ours = () => readSeed(bytes, 'seed.csv', { columnTypes: {} });
  const row = await compared('seed of 50,000 rows read, types inferred', ours, 'read_csv', bare);
  connection.closeSync();
  instance.closeSync();
  return row;
}
