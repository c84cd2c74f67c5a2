import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PYTHON, whyNoPython } from '../../../spec/e2e/lightgbm-parity/python.ts';
import { readEnvironment } from '../../../src/config/environment.ts';
import type { Group } from '../bench.ts';
import { median } from '../median.ts';
import type { Row, Target } from '../row.ts';
import { inTurn } from '../run-process.ts';

const SIDES = fileURLToPath(new URL('../lightgbm', import.meta.url));
const RUNS = 3;
const FEATURES = 60;
const TRAINING = { rows: 500_000, rounds: 100 };
const MODEL = { rows: 50_000, rounds: 500 };
const SCORED_ROWS = 100_000;

interface Measured {
  readonly ms: number;
  readonly peakMb: number;
}

/** Training and prediction as processes, from a file of columns; what a process takes to start is not counted. */
export const lightgbm: Group = {
  name: 'lightgbm',
  about:
    "LightGBM through velo's estimator beside Python's package of the same version, both from one file of columns or, where it says reading, from one table of DuckDB, on all processors.",
  async measure(folder, tell) {
    const reason = whyNoPython();
    if (reason !== undefined) return reason;
    const train = join(folder, 'train');
    const score = join(folder, 'score');
    tell(`rows to train on: ${TRAINING.rows} × ${FEATURES}`);
    await made(train, TRAINING.rows);
    tell(`a model of ${MODEL.rounds} trees`);
    await made(score, SCORED_ROWS);
    velo('train', score, MODEL.rows, MODEL.rounds);
    tell('training');
    const size = `${thousands(TRAINING.rows)} × ${FEATURES}, ${TRAINING.rounds} rounds`;
    const trained = await beside(
      `training ${size}`,
      'train',
      [train, TRAINING.rows, TRAINING.rounds],
      { atMostRatio: 1.1 },
    );
    const fromTable = await trainingFromTable(train, size, tell);
    tell('scoring');
    const scored = `${thousands(SCORED_ROWS)} × ${FEATURES}, ${MODEL.rounds} trees`;
    return [
      ...trained,
      ...fromTable,
      ...(await beside(`predicting ${scored}`, 'predict', [score, SCORED_ROWS], {
        atMostRatio: 1.2,
        atMostMs: 5000,
      })),
      ...(await beside(`contributions, ${scored}`, 'shap', [score, SCORED_ROWS], {
        atMostMs: 30_000,
      })),
    ];
  },
};

type Task = 'make' | 'train' | 'predict' | 'shap' | 'table' | 'chunks' | 'matrix' | 'fit';

/** Values a second that are read for training, at least. */
const VALUES_A_SECOND = 20e6;

/** The same with the rows in DuckDB. Python takes part where it has duckdb; else it has read them from its file of columns. */
async function trainingFromTable(
  folder: string,
  size: string,
  tell: (text: string) => void,
): Promise<Row[]> {
  const { rows, rounds } = TRAINING;
  tell('the rows as a table of DuckDB');
  velo('table', folder, rows);
  tell('reading and training');
  const [matrix = [], chunks = []] = await inTurn(RUNS, [
    async () => velo('matrix', folder, rows),
    async () => velo('chunks', folder, rows),
  ]);
  const wallMs = median(matrix.map(({ ms }) => ms));
  const values = rows * FEATURES;
  const read: Row = {
    name: `train matrix, ${(values / wallMs / 1000).toFixed(1)} M values/s`,
    runs: RUNS,
    wallMs,
    peakMb: median(matrix.map(({ peakMb }) => peakMb)),
    against: { name: 'chunks alone', wallMs: median(chunks.map(({ ms }) => ms)) },
    target: { atMostMs: (1000 * values) / VALUES_A_SECOND },
  };
  const hasDuckdb = spawnSync(PYTHON, ['-c', 'import duckdb']).status === 0;
  const other = hasDuckdb ? 'fit' : 'train';
  const name = `reading and training ${size}`;
  const target = { atMostRatio: 1.1, isMemoryCompared: true };
  return [read, ...(await beside(name, 'fit', [folder, rows, rounds], target, other))];
}

async function made(folder: string, rows: number): Promise<void> {
  await mkdir(folder);
  velo('make', folder, rows);
}

const velo = (task: Task, folder: string, ...numbers: readonly number[]) =>
  side(process.execPath, join(SIDES, 'velo.mjs'), task, folder, numbers);

const python = (task: Task, folder: string, ...numbers: readonly number[]) =>
  side(PYTHON, join(SIDES, 'python.py'), task, folder, numbers);

function side(
  program: string,
  script: string,
  task: Task,
  folder: string,
  [rows, ...others]: readonly number[],
): Measured {
  // Threads that spin while they wait would measure how busy the machine is.
  const env = { ...readEnvironment(), OMP_WAIT_POLICY: 'passive' };
  const args = [script, task, folder, rows, FEATURES, ...others].map(String);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  if (status !== 0)
    throw new Error(`${args.join(' ')} ended with ${status}: ${stderr.slice(-500)}`);
  return JSON.parse(stdout) as Measured;
}

/** Velo's row and Python's, measured in turn. */
async function beside(
  name: string,
  task: Task,
  [folder, ...numbers]: readonly [string, ...number[]],
  { isMemoryCompared = false, ...target }: Target & { readonly isMemoryCompared?: boolean },
  pythonTask = task,
): Promise<Row[]> {
  const [own = [], other = []] = await inTurn(RUNS, [
    async () => velo(task, folder, ...numbers),
    async () => python(pythonTask, folder, ...numbers),
  ]);
  const of = (key: keyof Measured, measured: readonly Measured[]) =>
    median(measured.map((one) => one[key]));
  const [wallMs, peakMb] = [of('ms', own), of('peakMb', own)];
  const against = { name: 'Python', wallMs: of('ms', other) };
  const theirs = of('peakMb', other);
  const limit = isMemoryCompared ? { atMostMb: Math.ceil(theirs) } : {};
  return [
    { name, runs: RUNS, wallMs, peakMb, against, target: { ...target, ...limit } },
    { name: `${name}: Python`, runs: RUNS, wallMs: against.wallMs, peakMb: theirs },
  ];
}

const thousands = (count: number): string => count.toLocaleString('en-US');
