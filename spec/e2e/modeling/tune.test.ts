import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TuningReport } from '../../../src/core/model-version.ts';
import { makeProject, type TestProject } from '../velo.ts';
import { sharedProject, TOY, winModel } from './toy.ts';

const SPACE = `{
  'num_leaves': {'low': 2, 'high': 40, 'log': true}, 'learning_rate': {'low': 0.01, 'high': 0.5, 'log': true},
  'data_sample_strategy': {'choices': ['bagging', 'goss']}
}`;

const tuned = (tune: string, more = ''): string =>
  winModel(`tune={${tune}, 'space': ${SPACE}}${more}`);

const tuningOf = async (project: TestProject, version = 1): Promise<TuningReport> => {
  const [[text] = []] = await project.query(
    `select metrics_json from modeling.models where version = ${version}`,
  );
  return (JSON.parse(String(text)) as { tuning: TuningReport }).tuning;
};

const searchFiles = (project: TestProject): readonly string[] => {
  const folder = join(project.dir, 'artifacts', '.searches');
  return readdirSync(folder).map((name) => join(folder, name));
};

const modelIds = async (project: TestProject) =>
  (await project.query('select model_id from modeling.models order by version')).flat();

const undisturbed = sharedProject({ ...TOY, 'models/win_model.sql': tuned("'trials': 14") });

describe('tune', () => {
  it('tries parameters within their space, and takes the best by the folds', async () => {
    const result = await undisturbed.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    const { trials, best, metric, ended } = await tuningOf(undisturbed);
    expect([trials.length, metric, ended]).toEqual([14, 'log_loss', 'trials']);
    const values = trials.map(({ value }) => value ?? Number.NaN);
    expect(best).toBe(1 + values.indexOf(Math.min(...values)));
    for (const { params } of trials) {
      const { num_leaves: leaves, learning_rate: rate, data_sample_strategy: strategy } = params;
      expect(Number.isInteger(leaves) && Number(leaves) >= 2 && Number(leaves) <= 40).toBe(true);
      expect(Number(rate) >= 0.01 && Number(rate) <= 0.5).toBe(true);
      expect(['bagging', 'goss']).toContain(strategy);
    }
    expect(result.stdout).toMatch(
      /win_model: tune: trial 1 of 14: log_loss 0\.\d{4}, the best so far/,
    );
    expect(result.stdout).toContain(`tune: trial ${best} of 14 was best`);
    const [[params] = []] = await undisturbed.query('select params_json from modeling.models');
    expect(JSON.parse(String(params))).toEqual(trials[best - 1]?.params);
  });

  it('the value of a trial is that of the folds of a model with its parameters', async () => {
    const { trials, best } = await tuningOf(undisturbed);
    const trial = trials[best - 1];
    const given = makeProject({
      ...TOY,
      'models/win_model.sql': winModel(
        `calibration='none', params=${JSON.stringify(trial?.params)}`,
      ),
    });
    expect((await given.velo(['build'])).exitCode).toBe(0);
    const [[loss] = []] = await given.query(
      'select avg(-(won * ln(p) + (1 - won) * ln(1 - p))) from win_model where fold > 0',
    );
    expect(trial?.value).toBeCloseTo(Number(loss), 9);
  });

  it('velo models show tells the trials', async () => {
    const { stdout } = await undisturbed.velo(['models', 'show', 'win_model']);
    expect(stdout).toMatch(/tuned +14 trials by tpe, best trial \d+/);
    expect(stdout).toMatch(/trial +log_loss +num_leaves +learning_rate +data_sample_strategy/);
  });

  it('killed in the middle it goes on there, and ends with the same model', async () => {
    const project = makeProject({ ...TOY, 'models/win_model.sql': tuned("'trials': 14") });
    const running = project.start(['build']);
    const done = () => {
      try {
        const [file = ''] = searchFiles(project);
        return (JSON.parse(readFileSync(file, 'utf8')) as { trials: [] }).trials.length;
      } catch {
        return 0;
      }
    };
    let hasEnded = false;
    void running.ended.then(() => {
      hasEnded = true;
    });
    while (done() < 3 && !hasEnded) await sleep(20);
    running.child.kill('SIGKILL');
    await running.ended;
    const kept = done();
    expect(kept).toBeLessThan(14);
    const resumed = await project.velo(['build']);
    expect([resumed.exitCode, resumed.stderr]).toEqual([0, '']);
    expect(resumed.stdout).toContain(`tune: goes on after ${kept} trials of before`);
    const values = async (of: TestProject) =>
      (await tuningOf(of)).trials.map(({ params, value }) => ({ params, value }));
    expect(await values(project)).toEqual(await values(undisturbed));
    expect(await modelIds(project)).toEqual(await modelIds(undisturbed));
  });
});

describe('a search that is declared otherwise', () => {
  const project = undisturbed;
  it('more trials go on, fewer choose among the first, another seed begins anew', async () => {
    const first = (await tuningOf(project)).trials;
    project.write({ 'models/win_model.sql': tuned("'trials': 16") });
    const more = await project.velo(['build']);
    expect(more.stdout).toContain('tune: goes on after 14 trials of before');
    expect((await tuningOf(project, 2)).trials.slice(0, 14)).toEqual(first);
    project.write({ 'models/win_model.sql': tuned("'trials': 5") });
    await project.velo(['build']);
    const fewer = await tuningOf(project, 3);
    expect(fewer.trials).toEqual(first.slice(0, 5));
    project.write({ 'models/win_model.sql': tuned("'trials': 2", '').replace('seed=7', 'seed=8') });
    const other = await project.velo(['build']);
    expect(other.stdout).not.toContain('goes on');
    expect((await tuningOf(project, 4)).trials[0]?.params).not.toEqual(first[0]?.params);
  });

  it('patience ends it, and a damaged file is told of', async () => {
    for (const file of searchFiles(project)) writeFileSync(file, '{"trials": [');
    project.write({
      'models/win_model.sql': tuned("'trials': 50, 'patience': 2, 'method': 'random'"),
    });
    await project.velo(['build']);
    const { trials, best, ended } = await tuningOf(project, 5);
    expect([ended, trials.length]).toEqual(['patience', best + 2]);
    project.write({ 'models/win_model.sql': tuned("'trials': 1") });
    const damaged = await project.velo(['build']);
    expect(damaged.stdout).toMatch(/the search in .*\.json cannot be read: it begins anew/);
  });
});

describe('what cannot be tuned', () => {
  const cases: readonly [what: string, tune: string, message: RegExp][] = [
    [
      'no budget',
      "'space': {'num_leaves': {'low': 2, 'high': 9}}",
      /neither how many trials nor how many seconds/,
    ],
    [
      'an unknown parameter',
      "'trials': 2, 'space': {'num_leafs': {'low': 2, 'high': 9}}",
      /no parameter 'num_leafs'.*did you mean 'num_leaf/s,
    ],
    [
      'an end out of bounds',
      "'trials': 2, 'space': {'num_leaves': {'low': 1, 'high': 9}}",
      /'num_leaves' must be >1, not 1/,
    ],
    [
      'a setting of the node',
      "'trials': 2, 'space': {'num_iterations': {'low': 10, 'high': 90}}",
      /set `rounds` of the node/,
    ],
    [
      'an unknown metric',
      "'trials': 2, 'metric': 'logloss', 'space': {'num_leaves': {'low': 2, 'high': 9}}",
      /unknown metric 'logloss'.*did you mean 'log_loss'/s,
    ],
    [
      'an unknown method',
      "'trials': 2, 'method': 'tpa', 'space': {'num_leaves': {'low': 2, 'high': 9}}",
      /unknown search method 'tpa'/,
    ],
    [
      'an unknown setting',
      "'tries': 2, 'space': {'num_leaves': {'low': 2, 'high': 9}}",
      /tune .*tries/,
    ],
    [
      'a parameter that is given, too',
      "'trials': 2, 'space': {'max_depth': {'low': 2, 'high': 9}}",
      /'max_depth' is in params and in tune/,
    ],
  ];
  it.each(cases)('%s', async (_, tune, message) => {
    const project = makeProject({
      ...TOY,
      'models/win_model.sql': winModel(`params={'max_depth': 3}, tune={${tune}}`),
    });
    const result = await project.velo(['parse']);
    expect(result.exitCode).toBe(2);
    expect(`${result.stdout}${result.stderr}`).toMatch(message);
    expect(`${result.stdout}${result.stderr}`).toContain('models/win_model.sql:');
  });
});
