import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { againstBare } from '../against-bare.ts';
import { type Group, ROOT, velo, veloIdle, withFolder } from '../bench.ts';
import type { Row } from '../row.ts';
import { inTurn, medianUsage } from '../run-process.ts';

const DATA = join(ROOT, '..', 'shared', 'data', 'hk');
// Models have rows of their own: features are what is made again every day.
const VARS = [
  '--exclude',
  'kind:train+',
  '--vars',
  `{source: hk, data_path: ${JSON.stringify(DATA)}}`,
];
const LAST_DAY = '2025-12-31';

/** Ten years of Hong Kong racing: from nothing, nothing to do, one more day, one model against bare DuckDB. */
export const hk: Group = {
  name: 'hk',
  about: 'Hong Kong results, every day 2016–2025, all features and tests.',
  async measure(folder, tell) {
    if (!existsSync(DATA)) return '../shared/data/hk is not there';
    tell('from nothing, three times');
    const [built = []] = await inTurn(3, [
      () => withFolder(folder, (target) => build(target, LAST_DAY)),
    ]);
    tell('nothing to do, and trainer_velocity against bare DuckDB');
    const standing = join(folder, 'standing');
    await build(standing, LAST_DAY);
    const args = [...VARS, '--as-of', LAST_DAY];
    const idle = () => veloIdle('build', '--target-path', standing, ...args);
    const [idled = []] = await inTurn(7, [idle]);
    const target = { atMostMs: 500 };
    return [
      {
        name: 'velo build, from nothing',
        runs: 3,
        ...medianUsage(built),
        target: { atMostMs: 20_000 },
      },
      { name: 'velo build, nothing to do', runs: 7, ...medianUsage(idled), target },
      await oneMoreDay(folder, tell),
      ...(await againstBare({
        model: 'trainer_velocity',
        targetFolder: standing,
        args,
        runs: 5,
        stepTarget: { atMostRatio: 1.2 },
      })),
    ];
  },
};

const build = (target: string, asOf: string) =>
  velo('build', '--target-path', target, '--as-of', asOf, ...VARS);

/** Each run starts from its own copy of the same warehouse. */
async function oneMoreDay(folder: string, tell: (text: string) => void): Promise<Row> {
  tell('one more day');
  // The same folder every time, as it is for whoever runs velo daily: its path is a part of the target.
  const target = join(folder, 'daily');
  const before = join(folder, 'before');
  await build(target, '2025-07-15');
  await cp(target, before, { recursive: true, preserveTimestamps: true });
  const day = async () => {
    await rm(target, { recursive: true });
    await cp(before, target, { recursive: true, preserveTimestamps: true });
    return build(target, '2025-07-16');
  };
  const [built = []] = await inTurn(3, [day]);
  const name = 'velo build, one more day (2025-07-16)';
  return { name, runs: 3, ...medianUsage(built), target: { atMostMs: 1500 } };
}
