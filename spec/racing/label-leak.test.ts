import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';
import { copyOfProject } from './project-copy.ts';

const MINUTES = 60_000;

test(
  'racing.md §5.5: windows that let the race day in are found in the sample, and in no column they do not reach; a NULL nobody explains is found',
  async () => {
    const project = copyOfProject();
    const macros = join(project, 'macros/windows.sql');
    const honest = readFileSync(macros, 'utf8');
    const leaky = honest.replace(
      "interval '{{ days }} days' preceding and interval '1 day' preceding",
      "interval '{{ days }} days' preceding and current row",
    );
    expect(leaky).not.toBe(honest);
    writeFileSync(macros, leaky);
    const dataset = join(project, 'models/marts/training_dataset.sql');
    const text = readFileSync(dataset, 'utf8');
    const holed = text.replace(
      'form.speed_avg6,',
      'nullif(form.speed_avg6, form.speed_last) as speed_avg6,',
    );
    expect(holed).not.toBe(text);
    writeFileSync(dataset, holed);
    const targetPath = join(project, 'target');
    const { statuses } = await build(project, { targetPath, environment: {}, asOf: '2025-12-31' });
    const [name, status] =
      Object.entries(statuses).find(([test]) => test.startsWith('no_label_leak_')) ?? [];
    expect([statuses['training_dataset'], status]).toEqual(['error', 'fail']);
    expect(statuses['nulls_are_explained']).toBe('fail');
    const [file = ''] = readdirSync(targetPath).filter((one) => one.endsWith('.duckdb'));
    const found = await query(
      join(targetPath, file),
      `select distinct column_name from velo_audit."${String(name).slice(0, 63)}" order by 1`,
    );
    const columns = found.map(([column]) => String(column));
    expect(columns).toEqual(
      expect.arrayContaining([
        'trainer_sr_14d',
        'jockey_wins_30d',
        'combo_sr',
        'jockey_sr_90d_pct',
      ]),
    );
    // Elo, form and preferences have frames of their own.
    expect(columns.filter((column) => /elo|form_|course_sr|speed|class/.test(column))).toEqual([]);
  },
  5 * MINUTES,
);
