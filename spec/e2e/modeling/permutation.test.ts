import { describe, expect, it } from 'vitest';
import type { PermutationReport } from '../../../src/core/model-version.ts';
import { makeProject } from '../velo.ts';
import { sharedProject, TOY, winModel } from './toy.ts';

const project = sharedProject({
  ...TOY,
  'models/win_model.sql': winModel('permutation=true'),
  'models/of_folds.sql': winModel(
    "refit=true, permutation={'rows': 'folds', 'repeats': 2, 'metric': 'within_race_auc', 'within': 'all'}",
  ),
});

const reportOf = async (name: string): Promise<PermutationReport> => {
  const [[text] = []] = await project.query(
    `select metrics_json from modeling.models where name = '${name}'`,
  );
  return (JSON.parse(String(text)) as { permutation: PermutationReport }).permutation;
};

describe('permutation', () => {
  it('tells what the model loses without a feature: all with x, which decides the races', async () => {
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    const { features, ...how } = await reportOf('win_model');
    expect(how).toEqual({ rows: 'test', metric: 'log_loss', within: 'group', repeats: 5 });
    expect(features.map(({ feature }) => feature)[0]).toBe('x');
    expect(features).toHaveLength(3);
    const [x, ...others] = features;
    expect(x?.lower).toBeGreaterThan(0.1);
    for (const other of others) expect(Math.abs(other.value)).toBeLessThan(0.02);
  });

  it('of the folds, by another metric, among all rows', async () => {
    const { features, ...how } = await reportOf('of_folds');
    expect(how).toEqual({ rows: 'folds', metric: 'within_race_auc', within: 'all', repeats: 2 });
    // An order that knows nothing has .5.
    const [[auc] = []] = await project.query(`with pairs as (
  select w.p > l.p as above, w.p = l.p as tied from of_folds w join of_folds l using (race_id)
  where w.won = 1 and l.won = 0 and w.fold > 0
)
select avg(cast(above as double) + cast(tied as double) / 2) from pairs`);
    expect(features[0]?.feature).toBe('x');
    expect(Math.abs((features[0]?.value ?? 0) - (Number(auc) - 0.5))).toBeLessThan(0.05);
  });

  it('velo models show has it beside gain and splits', async () => {
    const { stdout } = await project.velo(['models', 'show', 'win_model']);
    expect(stdout).toMatch(/shuffled +within groups, rows of the test, 5 times each feature/);
    expect(stdout).toMatch(/feature +gain +splits +log_loss lost/);
    expect(stdout).toMatch(/x +\d+\.\d % +\d+ +0\.\d{4} \[0\.\d{4}, 0\.\d{4}\]/);
  });

  it.each([
    ["permutation={'metric': 'rmse'}", /permutation: unknown metric 'rmse'/],
    ["permutation={'repeat': 5}", /permutation .*repeat/],
    [
      "split={'strategy': 'group_k_fold', 'folds': 3}, permutation={'rows': 'folds'}",
      /models of group_k_fold are not kept/,
    ],
  ])('%s is refused', async (settings, message) => {
    const model = settings.startsWith('split')
      ? winModel(settings).replace("split={'folds': 3, 'test': '25 days'}, ", '')
      : winModel(settings);
    const broken = makeProject({ ...TOY, 'models/win_model.sql': model });
    const result = await broken.velo(['parse']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(message);
  });
});
