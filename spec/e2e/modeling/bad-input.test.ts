import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MEETING } from '../leakage/meeting.ts';
import { PAIR_FILES } from '../leakage/pairs.ts';
import { makeProject } from '../velo.ts';
import { sharedProject, TOY, versionsOf, winModel } from './toy.ts';

const scored = (select: string): string => `{{ config(
  materialized='score', model=ref('win_model'), unique_key=['race_id', 'horse'], event_time='race_date'
) }}
${select} from {{ ref('races') }}
`;

const shared = sharedProject({ ...TOY, 'models/signals.sql': scored('select *') });

describe('a column that comes to be scored', () => {
  const project = shared;

  it('and is as it was in training', async () => {
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
  });

  it.each([
    [
      'under another name',
      'select * exclude (noise), noise as noize',
      [
        "model 'win_model' was trained with 'noise', which the SELECT does not have",
        "did you mean 'noize'",
      ],
    ],
    [
      'as a date instead of a number',
      'select * replace (race_date as x)',
      ["'x' is DATE; model 'win_model' takes a number"],
    ],
    [
      'as a number instead of a text',
      "select * replace (cast(surface = 'turf' as integer) as surface)",
      [
        "'surface' is INTEGER; model 'win_model' learned it as a category of text",
        'cast it to text, as it was in training',
      ],
    ],
    [
      'with a division by 0',
      'select * replace (x / (horse - 3) as x)',
      ["column 'x' holds Infinity", 'use nullif(…, 0)'],
    ],
  ])('%s is told of by name', async (_, select, messages) => {
    const before = await project.query('select count(*), sum(p_win) from signals');
    project.write({ 'models/signals.sql': scored(select) });
    const result = await project.velo(['build', '-s', 'signals']);
    expect(result.exitCode).toBe(1);
    for (const message of messages) expect(result.stdout).toContain(message);
    expect(await project.query('select count(*), sum(p_win) from signals')).toEqual(before);
  });
});

describe('a model file', () => {
  const project = shared;

  it('of another LightGBM, or cut off on its way, is not imported', async () => {
    const folder = join(project.dir, 'exported');
    await project.velo(['models', 'export', 'win_model', '1', '--folder', folder]);
    const text = readFileSync(join(folder, 'model.txt'), 'utf8');
    for (const [changed, message] of [
      [text.replace('version=v4', 'version=v3'), 'it is of version v3, LightGBM 4 writes v4'],
      [text.slice(0, 2000), 'model-file'],
    ] as const) {
      rewrite(folder, { 'model.txt': changed });
      const result = await project.velo(['models', 'import', folder]);
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toContain(message);
      expect(result.stderr).toContain('model-file');
    }
    writeFileSync(join(folder, 'model.txt'), text);
    const changed = await project.velo(['models', 'import', folder]);
    expect(changed.stderr).toContain('are not those that were exported');
    expect(await versionsOf(project)).toEqual([[1, 'champion']]);
  });
});

/** Writes files with checksums that fit: what nobody but their reader can find wrong. */
function rewrite(folder: string, files: Readonly<Record<string, string>>): void {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const own = readdirSync(folder).filter((file) => !['SHA256SUMS', 'version.json'].includes(file));
  const lines = own
    .sort()
    .map((file) => `${sha256(readFileSync(join(folder, file), 'utf8'))}  ${file}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
  const version = JSON.parse(readFileSync(join(folder, 'version.json'), 'utf8'));
  const changed = { ...version, artifactSha256: sha256(lines.join('')) };
  writeFileSync(join(folder, 'version.json'), JSON.stringify(changed));
}

describe('training', () => {
  it('is told which columns say nothing, and goes on without', async () => {
    const select = 'select *, 7 as seven, cast(null as double) as never';
    const project = makeProject({
      ...TOY,
      'models/win_model.sql': winModel().replace('select *', select),
    });
    const result = await project.velo(['build']);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain(
      "win_model: features that tell nothing and can be left out: 'seven' (7 in every row), 'never' (missing in every row)",
    );
  });

  it('without a library names every path that was tried', async () => {
    const project = makeProject(TOY);
    const result = await project.velo(['build'], { env: { VELO_LIGHTGBM_LIB: '/no/such/lib.so' } });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('LightGBM cannot be loaded; tried:');
    expect(result.stdout).toContain('/no/such/lib.so: there is no such file');
    expect(project.exists('artifacts')).toBe(false);
  });

  it('that would take more memory than there is does not begin', async () => {
    // Of each of 60 columns 1,100 bins at least: 131,072 leaves of these take more than 130 GB.
    const columns = Array.from({ length: 60 }, (_, k) => `sqrt(i + ${k}) as f${k}`).join(', ');
    const params = `params={'num_leaves': 131072, 'max_bin': 60000, 'min_data_in_bin': 1}`;
    const project = makeProject({
      ...TOY,
      'models/win_model.sql': winModel(params).replace('select *', `select *, ${columns}`),
    });
    const result = await project.velo(['build']);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/training would take \d{3}\.\d GB of memory for its histograms/);
    expect(result.stdout).toContain('a smaller num_leaves or max_bin, fewer features');
  });
});

it('an outcome under another name among the features is found by velo leakage, with its way', async () => {
  const feature = 'models/leaky/final_odds.sql';
  const project = makeProject({
    ...MEETING,
    [feature]: PAIR_FILES[feature] as string,
    'models/win_model.sql': `{{ config(
  materialized='train', target='won', event_time='race_date', group_column='race_id', unique_key=['race_id', 'horse_id'],
  features=['form'], rounds=5, split={'folds': 2, 'test': '10 days'}
) }}
select runs.race_id, runs.horse_id, runs.race_date, runs.won, leaky.value as form
from {{ ref('runs') }} as runs
join {{ ref('final_odds') }} as leaky on leaky.race_id = runs.race_id and leaky.horse_id = runs.horse_id
`,
  });
  const result = await project.velo(['leakage', '-s', '+win_model', '--output', 'json', '-q']);
  expect([result.exitCode, result.stderr]).toEqual([1, '']);
  const { leaks } = JSON.parse(result.stdout) as {
    leaks: { name: string; columns: string[]; path: { node: string; column: string }[] }[];
  };
  expect(leaks.map(({ name, columns }) => [name, columns])).toEqual([['final_odds', ['value']]]);
  expect(leaks[0]?.path[0]).toMatchObject({ node: 'seed.shop.runners', column: 'odds' });
});
