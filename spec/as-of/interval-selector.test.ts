import { expect, test } from 'vitest';
import { makeProject } from '../e2e/velo.ts';
import { SHOP } from './shop.ts';

test('interval: selects as-of models by the dates they lack, or that are out of date', async () => {
  const project = makeProject(SHOP);
  const listed = async (selector: string, asOf: string) => {
    const args = ['ls', '--select', selector, '--resource-type', 'model', '--output', 'name'];
    const { stdout, exitCode } = await project.velo([...args, '--as-of', asOf]);
    expect(exitCode).toBe(0);
    return stdout.split('\n').filter((line) => /^\w+$/.test(line));
  };
  expect(await listed('interval:missing', '2024-01-20')).toEqual(['best', 'week']);
  expect(await listed('interval:stale', '2024-01-20')).toEqual([]);

  const build = ['build', '--as-of', '2024-01-20'];
  expect((await project.velo(build)).exitCode).toBe(0);
  expect(await listed('interval:missing', '2024-01-20')).toEqual([]);
  expect(await listed('interval:missing', '2024-01-21')).toEqual(['best', 'week']);
  expect(await listed('interval:stale', '2024-01-21')).toEqual([]);

  // Its code is another; what it is made from is not.
  project.write({ 'models/best.sql': `${SHOP['models/best.sql']}-- order by\n having true` });
  expect(await listed('interval:stale', '2024-01-20')).toEqual(['best']);
  expect(await listed('+interval:stale,config.materialized:view', '2024-01-20')).toEqual([
    'stg_sales',
  ]);

  const plan = await project.velo(['plan', '--select', 'interval:stale', '--as-of', '2024-01-20']);
  expect(plan.stdout).toContain('best');
  expect(plan.stdout).not.toContain('totals');
  const again = [...build, '--select', 'interval:stale', '--exclude', 'interval:missing'];
  expect((await project.velo(again)).stdout).toContain('main.best');
  expect(await listed('interval:stale', '2024-01-20')).toEqual([]);
});

test('an unknown word, and a command that does not read the ledger, are told', async () => {
  const project = makeProject(SHOP);
  const word = await project.velo(['ls', '--select', 'interval:mising']);
  expect([word.exitCode, word.stderr]).toEqual([
    2,
    expect.stringContaining("hint: did you mean 'missing'?"),
  ]);
  const command = await project.velo(['compile', '--select', 'interval:missing']);
  expect([command.exitCode, command.stderr]).toEqual([
    2,
    expect.stringContaining("this command does not know 'interval:missing'"),
  ]);
});
