import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPython, whyNoPython } from '../lightgbm-parity/python.ts';
import type { TestProject } from '../velo.ts';
import { sharedProject, TOY, winModel } from './toy.ts';

const SCRIPT = fileURLToPath(new URL('./python-model.py', import.meta.url));
const reason = whyNoPython();

/** Rows as Python reads them, in the order of `i`; every ninth has no noise. */
const ROWS = `{{ config(materialized='table') }}
select i, race_date, race_id, horse, x, surface, won, case when i % 9 > 0 then noise end as noise
from {{ ref('races') }}
`;

const scores = (model: string): string => `{{ config(
  materialized='score', model='${model}', unique_key='i', event_time='race_date', explain=1
) }}
select noise, surface, x, i, race_date, won from {{ ref('rows') }}
`;

const project = sharedProject({
  'models/races.sql': TOY['models/races.sql'] as string,
  'models/rows.sql': ROWS,
});
const file = (name: string) => join(project.dir, name);
const readNumbers = (name: string) =>
  (JSON.parse(readFileSync(file(name), 'utf8')) as number[][]).flat();

const built = async (of: TestProject, ...args: readonly string[]) => {
  const result = await of.velo([...args]);
  expect([result.exitCode, result.stderr]).toEqual([0, '']);
  return result.stdout;
};

const furthest = (a: readonly unknown[], b: readonly number[]): number =>
  a.reduce(
    (most: number, value, at) => Math.max(most, Math.abs(Number(value) - (b[at] ?? Number.NaN))),
    0,
  );

describe.skipIf(reason !== undefined)(`a model of Python's LightGBM (skipped: ${reason})`, () => {
  beforeAll(async () => {
    await built(project, 'build');
    const rows = await project.query('select x, surface, won, noise from "rows" order by i');
    const named = rows.map(([x, surface, won, noise]) => ({
      x: Number(x),
      surface,
      won: Number(won),
      noise: noise === null ? null : Number(noise),
    }));
    writeFileSync(file('rows.json'), JSON.stringify(named));
    runPython(SCRIPT, 'train', project.dir);
  }, 120_000);

  it('is registered under the name of its file or another, and says so', async () => {
    const imported = await built(
      project,
      'models',
      'import',
      file('chance.txt'),
      '--name',
      'win_probability',
      '--trained-to',
      '2023-12-31',
    );
    expect(imported).toMatch(/Registered win_probability\/1\/\w{12}; velo models promote/);
    await built(project, 'models', 'import', file('margin.txt'));
    await built(project, 'models', 'import', file('pace.txt'));
    for (const name of ['win_probability', 'margin', 'pace'])
      await built(project, 'models', 'promote', name, '1');
    const shown = await built(project, 'models', 'show', 'win_probability');
    expect(shown).toMatch(/estimator +lightgbm, binary, 25 rounds/);
    expect(shown).toMatch(/trained on +elsewhere, before 2024-01-01/);
    expect(shown).toMatch(/judged on +nothing here/);
    expect(shown).toMatch(/x +\d+\.\d % +\d+/);
    const list = await built(project, 'models');
    expect(list).toMatch(/margin +1 +champion .*elsewhere, before 20/);
  });

  it('scores as Python does, features by name', async () => {
    project.write({
      'models/chance_scores.sql': scores('win_probability'),
      'models/margin_scores.sql': scores('margin'),
      'models/pace_scores.sql': scores('pace'),
    });
    const said = await built(project, 'build');
    // The others were given no day: they may have learned from all that is past.
    expect(said).toContain("4000 rows are of days model 'margin' was trained on");
    expect(said).not.toContain("model 'win_probability' was trained on");
    const chances = await project.query('select p_win from chance_scores order by i');
    expect(furthest(chances.flat(), readNumbers('chance.json'))).toBeLessThan(1e-12);
    const margins = await project.query('select prediction from margin_scores order by i');
    expect(furthest(margins.flat(), readNumbers('margin.json'))).toBeLessThan(1e-12);
    const paces = await project.query('select p_0, p_1, p_2 from pace_scores order by i');
    expect(furthest(paces.flat(), readNumbers('pace.json'))).toBeLessThan(1e-12);
    const [[sure] = []] = await project.query(
      'select count(*) from pace_scores where predicted = 2 and p_2 >= p_0 and p_2 >= p_1',
    );
    expect(Number(sure)).toBeGreaterThan(1000);
  });
});

describe.skipIf(reason !== undefined)('a model that was imported', () => {
  it('opens in Python when it is exported', async () => {
    await built(project, 'models', 'export', 'win_probability', '1', '--folder', file('exported'));
    runPython(SCRIPT, 'predict', project.dir, file('exported/model.txt'));
    expect(readNumbers('predicted.json')).toEqual(readNumbers('chance.json'));
  });

  it('is the champion a train node is compared with, on days it has not seen', async () => {
    const node = winModel("registered_name='win_probability'")
      .replace("'i', 'performance'", "'i'")
      .replace("price='odds', ", '')
      .replace("ref('races')", "ref('rows')");
    project.write({ 'models/win_model.sql': node });
    const said = await built(project, 'build', '-s', 'win_model');
    expect(said).toMatch(/log_loss - champion\.log_loss: -?0\.\d{4}/);
  });
});

describe.skipIf(reason !== undefined)('a text that is none', () => {
  it.each([
    ['cut.txt', (text: string) => text.slice(0, 900), /cannot be loaded/],
    ['old.txt', (text: string) => text.replace('version=v4', 'version=v2'), /it is of version v2/],
    ['my model.txt', (text: string) => text, /'my model' can be no name of a model/],
    [
      'texts.txt',
      (text: string) => text.replace(/pandas_categorical:.*/, 'pandas_categorical:null'),
      /1 categorical features and the texts of 0/,
    ],
  ])('%s is refused', async (name, change, message) => {
    writeFileSync(file(name), change(readFileSync(file('chance.txt'), 'utf8')));
    const result = await project.velo(['models', 'import', file(name)]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(message);
  });
});
