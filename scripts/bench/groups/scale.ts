import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { againstBare } from '../against-bare.ts';
import { type Group, ROOT, stepTimes, velo, veloIdle } from '../bench.ts';
import type { Row } from '../row.ts';
import { inTurn, medianUsage, runNode, type Usage } from '../run-process.ts';

const RUNS = 2_000_000;
const DATA = join(ROOT, 'bench', 'data', '2m');
const VARS = ['--vars', `{source: files, data_path: ${JSON.stringify(DATA)}}`];
// The simulation's last season is 2025; in it every day but a few has races.
const ALL_BUT_ONE = ['--as-of', '2025-12-29'];
const ALL = ['--as-of', '2025-12-30'];
const MEMORY = { atMostMb: 4096 };

/** Two million simulated runs over ten years. */
export const scale: Group = {
  name: 'scale',
  about: 'Two million simulated runs over ten years in Parquet files, DuckDB with its defaults.',
  async measure(folder, tell) {
    await simulateOnce(tell);
    const target = ['--target-path', folder, ...VARS];
    tell('all features, from nothing');
    const complete = ['build', '--exclude', 'kind:train+', ...target];
    const whole = await velo(...complete, ...ALL_BUT_ONE);
    tell(slowest(await stepTimes(folder)));
    tell('one more day; nothing to do');
    const day = await velo(...complete, ...ALL);
    const idle = medianUsage((await inTurn(3, [() => veloIdle(...complete, ...ALL)])).flat());
    const rows: Row[] = [
      row('all features and tests, from nothing', 1, whole, { atMostMs: 360_000, ...MEMORY }),
      row('training_dataset, one more day', 1, day),
      row('training_dataset, nothing to do', 3, idle),
    ];
    for (const model of ['trainer_velocity', 'horse_form']) {
      tell(`${model} against bare DuckDB`);
      rows.push(
        ...(await againstBare({
          model,
          targetFolder: folder,
          args: [...VARS, ...ALL],
          runs: 3,
          stepTarget: { atMostRatio: 1.2 },
          processTarget: MEMORY,
        })),
      );
    }
    return rows;
  },
};

function row(name: string, runs: number, usage: Usage, target?: Row['target']): Row {
  const { wallMs, cpuMs, peakMb } = usage;
  return { name, runs, wallMs, cpuMs, peakMb, ...(target && { target }) };
}

/** Renamed when complete, so that a run that is cut short leaves nothing to be taken for the data. */
async function simulateOnce(tell: (text: string) => void): Promise<void> {
  if (existsSync(DATA)) return;
  tell(`simulating ${RUNS} runs, once`);
  const making = `${DATA}.making`;
  await mkdir(dirname(DATA), { recursive: true });
  await rm(making, { recursive: true, force: true });
  const script = [join('scripts', 'run-ts.mjs'), join('scripts', 'simulate', 'main.ts')];
  const size = ['--runs', String(RUNS), '--format', 'parquet', '--seed', '1', '--out', making];
  await runNode([...script, ...size], ROOT);
  await rename(making, DATA);
}

/** The five slowest steps, which is where to look next. */
function slowest(times: ReadonlyMap<string, number>): string {
  const worst = [...times].toSorted(([, a], [, b]) => b - a).slice(0, 5);
  return `slowest: ${worst.map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ')}`;
}
