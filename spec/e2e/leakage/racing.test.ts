import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leakage } from '../../../src/api/leakage.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const HK = resolve(ROOT, '../shared/data/hk');
const MINUTES = 60_000;

/** Judges the racing project of a folder; the names of its models and of those that leak. */
async function judge(
  projectDir: string,
  vars: string,
  dates: number,
  select: readonly string[] = [],
) {
  const targetPath = mkdtempSync(join(tmpdir(), 'velo-leakage-'));
  onTestFinished(() => rmSync(targetPath, { recursive: true, force: true }));
  const { models, leaks, unsteady, suspicions, unjudged } = await leakage({
    projectDir,
    targetPath,
    vars,
    select,
    dates,
    seed: 0,
    asOf: '2025-12-31',
    environment: {},
    emit: () => {},
  });
  const rest = [...unsteady, ...suspicions].map(({ model }) => model.name);
  return {
    models: models.length,
    leaks: leaks.map(({ model, columns }) => `${model.name}: ${columns.join(', ')}`),
    rest: [...rest, ...unjudged.map(({ name }) => name)],
  };
}

const CLEAN = { models: 14, leaks: [], rest: [] };

test(
  'the racing project with the sample is clean',
  async () => {
    expect(await judge(ROOT, '{source: sample}', 2)).toEqual(CLEAN);
  },
  5 * MINUTES,
);

test(
  'the racing project with Hong Kong is clean',
  async ({ skip }) => {
    skip(!existsSync(HK), '../shared/data/hk is not there');
    expect(await judge(ROOT, `{source: hk, data_path: ${JSON.stringify(HK)}}`, 1)).toEqual(CLEAN);
  },
  10 * MINUTES,
);

test(
  'an Elo rating that takes the day along is found, though no SQL can be followed',
  async () => {
    const projectDir = mkdtempSync(join(tmpdir(), 'velo-racing-'));
    onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
    for (const part of ['velo_project.yml', 'models', 'macros', 'seeds', 'tests']) {
      cpSync(join(ROOT, part), join(projectDir, part), { recursive: true });
    }
    const file = join(projectDir, 'models/features/horse_elo.ts');
    const text = readFileSync(file, 'utf8');
    const honest = 'Number(starters.day[next]) < today';
    expect(text).toContain(honest);
    writeFileSync(file, text.replace(honest, 'Number(starters.day[next]) <= today'));
    const { leaks } = await judge(projectDir, '{source: sample}', 1, ['horse_elo', 'horse_form']);
    expect(leaks).toEqual(['horse_elo: elo, elo_runs']);
  },
  5 * MINUTES,
);
