import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type BuildOptions, build } from './build.ts';
import { rowHashes } from './row-hashes.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HK = resolve(ROOT, '../shared/data/hk');
const MINUTES = 60_000;

/** Builds the racing project in a folder of its own; the row hashes of all tables, and what the last run did. */
async function racing(vars: string, ...runs: readonly BuildOptions[]) {
  const targetPath = mkdtempSync(join(tmpdir(), 'velo-racing-'));
  onTestFinished(() => rmSync(targetPath, { recursive: true, force: true }));
  let last: Awaited<ReturnType<typeof build>> | undefined;
  for (const options of runs) {
    last = await build(ROOT, { vars, targetPath, environment: {}, ...options });
    const failed = last.result.results.filter(
      ({ status }) => status === 'error' || status === 'fail',
    );
    expect(failed.map(({ node, message }) => `${node}: ${message}`)).toEqual([]);
  }
  const [file = ''] = readdirSync(targetPath).filter((name) => name.endsWith('.duckdb'));
  return { hashes: await rowHashes(join(targetPath, file)), last };
}

/** Without tests: those of the other build see the same rows, as their hashes say, or the ones it comes to. */
const ROWS_ONLY = { exclude: ['kind:train+', 'resource_type:test'] };

/** Names of the as_of tables, which must be among those compared. */
const FEATURES = [
  'draw_bias',
  'horse_elo',
  'horse_form',
  'jockey_velocity',
  'trainer_velocity',
  'training_dataset',
];

test(
  'HK: built up to 2024-06-30 and then 2024-07-14 equals built at once',
  async ({ skip }) => {
    skip(
      !existsSync(HK),
      `${HK} is absent: the recorded results of Hong Kong are not in the repository`,
    );
    const vars = JSON.stringify({ source: 'hk', data_path: HK });
    const twice = await racing(vars, { asOf: '2024-06-30', ...ROWS_ONLY }, { asOf: '2024-07-14' });
    const once = await racing(vars, { asOf: '2024-07-14', ...ROWS_ONLY });
    expect(Object.keys(once.hashes)).toEqual(expect.arrayContaining(FEATURES));
    expect(twice.hashes).toEqual(once.hashes);
    expect(twice.last?.reasons['trainer_velocity']).toEqual(['asked: 2024-07-03 … 2024-07-16']);
  },
  10 * MINUTES,
);

test(
  'the sample: three dates, one of them in chunks, equal the last one at once',
  async () => {
    const vars = '{source: sample}';
    const steps = [
      { asOf: '2024-03-31', ...ROWS_ONLY },
      { asOf: '2024-04-07', batchSize: 1, ...ROWS_ONLY },
      { asOf: '2024-05-12', batchSize: 7 },
    ];
    const thrice = await racing(vars, ...steps);
    const once = await racing(vars, { asOf: '2024-05-12', ...ROWS_ONLY });
    expect(Object.keys(once.hashes)).toEqual(expect.arrayContaining(FEATURES));
    expect(thrice.hashes).toEqual(once.hashes);
  },
  10 * MINUTES,
);
