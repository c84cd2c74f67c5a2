import { describe, expect, it } from 'vitest';
import { makeProject } from '../velo.ts';
import { sharedProject, TOY } from './toy.ts';

/** A number, a count, an amount and a class that `x` says something of, beside the toy's races. */
const EVENTS = `{{ config(materialized='table') }}
select i, race_date, race_id, horse, x, noise, surface,
  round(10 * x + 3 * noise, 2) as margin,
  cast(floor(4 * x * noise + 2 * x) as integer) as falls,
  round(exp(2 * x + noise), 2) as prize,
  case when x + noise / 2 < 0.5 then 'Slow run' when x + noise / 2 < 1 then 'even' else 'fast' end as pace,
  cast(floor(3 * x) as integer) + 7 as band,
  x > 0.5 as is_front
from {{ ref('races') }}
`;

const train = (target: string, objective: string, more = ''): string => `{{ config(
  materialized='train', target='${target}', objective='${objective}', event_time='race_date',
  unique_key=['race_id', 'horse'], features=['x', 'surface'], categorical=['surface'], rounds=20, seed=7,
  split={'folds': 2, 'test': '25 days'}${more === '' ? '' : `, ${more}`}
) }}
select * from {{ ref('events') }}
`;

const score = (model: string, more = ''): string => `{{ config(
  materialized='score', model=ref('${model}'), unique_key=['race_id', 'horse'], event_time='race_date',
  version='folds'${more === '' ? '' : `, ${more}`}
) }}
select * from {{ ref('events') }}
`;

const NUMBERS = {
  margin_l2: train(
    'margin',
    'regression',
    "gate={'rmse - prior.rmse': {'upper': '< 0'}, 'r2': {'min': 0.3}}",
  ),
  margin_l1: train('margin', 'l1'),
  margin_huber: train('margin', 'huber'),
  margin_fair: train('margin', 'fair'),
  margin_high: train('margin', 'quantile', "params={'alpha': 0.8}"),
  falls_poisson: train('falls', 'poisson'),
  falls_tweedie: train('falls', 'tweedie', "params={'tweedie_variance_power': 1.3}"),
  prize_gamma: train('prize', 'gamma'),
  prize_mape: train('prize', 'mape'),
} as const;

const CLASSES = {
  pace_model: train(
    'pace',
    'multiclass',
    "gate={'multi_log_loss - prior.multi_log_loss': {'upper': '< 0'}}",
  ),
  band_model: train('band', 'multiclassova'),
  front_model: train('is_front', 'softmax'),
} as const;

const project = sharedProject({
  ...TOY,
  'models/win_model.sql': train('won', 'cross_entropy_lambda', "calibration='none'").replace(
    "ref('events')",
    "ref('races')",
  ),
  'models/events.sql': EVENTS,
  ...Object.fromEntries(
    Object.entries({ ...NUMBERS, ...CLASSES }).map(([name, sql]) => [`models/${name}.sql`, sql]),
  ),
  'models/margin_scores.sql': score('margin_l2', 'explain=1'),
  'models/pace_scores.sql': score('pace_model', 'explain=1'),
});

interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

interface Report {
  readonly decides: string;
  readonly model: Readonly<Record<string, Estimate>>;
  readonly baselines: Readonly<Record<string, Readonly<Record<string, Estimate>>>>;
}

const reportOf = async (name: string): Promise<Report> => {
  const [[text] = []] = await project.query(
    `select metrics_json from modeling.models where name = '${name}'`,
  );
  return JSON.parse(String(text)) as Report;
};

/** The metric as SQL says it, over the test rows of a node's table: y is the target, p what was foretold. */
const SQL: Readonly<Record<string, readonly [metric: string, sql: string]>> = {
  margin_l2: ['rmse', 'sqrt(avg((y - p) ** 2))'],
  margin_l1: ['mae', 'avg(abs(y - p))'],
  margin_huber: ['mae', 'avg(abs(y - p))'],
  margin_fair: ['mae', 'avg(abs(y - p))'],
  margin_high: ['pinball', 'avg(greatest(0.8 * (y - p), 0.2 * (p - y)))'],
  falls_poisson: [
    'poisson_deviance',
    'avg(2 * (case when y = 0 then 0 else y * ln(y / p) end - y + p))',
  ],
  falls_tweedie: [
    'tweedie_deviance',
    'avg(2 * (y ** 0.7 / (-0.3 * 0.7) + y * p ** -0.3 / 0.3 + p ** 0.7 / 0.7))',
  ],
  prize_gamma: ['gamma_deviance', 'avg(2 * (ln(p / y) + y / p - 1))'],
  prize_mape: ['mape', 'avg(abs((y - p) / y))'],
};

/** The constant that is best of the rows before the test, as SQL says it. */
const CONSTANTS: Readonly<Record<string, string>> = {
  margin_l1: 'median(y)',
  margin_huber: 'median(y)',
  margin_fair: 'median(y)',
  margin_high: 'quantile_cont(y, 0.8)',
};

describe('an objective', () => {
  it('is learned, judged and scored in one build', async () => {
    const result = await project.velo(['build']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(result.stdout).toMatch(/rmse - prior\.rmse: -\d/);
  });

  it.each(Object.keys(NUMBERS))(
    '%s: its metric is what SQL makes of its table, and better than the constant',
    async (name) => {
      const [metric, sql] = SQL[name] as readonly [string, string];
      const { decides, model, baselines } = await reportOf(name);
      const target = name.split('_')[0];
      const [[own, constant] = []] = await project.query(`with judged as (
  select ${target} as y, prediction as p from ${name} where fold = 0
), learned as (
  select ${CONSTANTS[name] ?? 'avg(y)'} as p from (
    select ${target}::double as y from events where race_date < date '2024-03-16')
)
select (select ${sql} from judged), (select ${sql} from (select y, learned.p from judged, learned))`);
      expect(decides).toBe(metric);
      expect(model[metric]?.value).toBeCloseTo(Number(own), 9);
      expect(model[metric]?.lower).toBeLessThan(Number(own));
      expect(model[metric]?.upper).toBeGreaterThan(Number(own));
      if (name !== 'prize_mape')
        expect(baselines['prior']?.[metric]?.value).toBeCloseTo(Number(constant), 9);
      expect(model[metric]?.value).toBeLessThan(0.8 * (baselines['prior']?.[metric]?.value ?? 0));
    },
  );

  it('the constant of mape is the best of all values', async () => {
    const { baselines } = await reportOf('prize_mape');
    const [[error, other] = []] = await project.query(`with learned as (
  select prize::double as y from events where race_date < date '2024-03-16'
), best as (
  select c, sum(abs((y - c) / y)) as loss from learned, (select distinct y as c from learned) group by c
  order by loss, c limit 1
)
select avg(abs((y - c) / y)), any_value(c) from best, (select prize::double as y from events where race_date >= date '2024-03-16')`);
    expect(other).toBeGreaterThan(0);
    expect(baselines['prior']?.['mape']?.value).toBeCloseTo(Number(error), 9);
  });
});

describe('classes', () => {
  it('have a column each, chances that add up to 1, the target as it was', async () => {
    const columns = async (name: string) =>
      (await project.query(`select column_name, column_type from (describe ${name})`)).slice(3);
    expect(await columns('pace_model')).toEqual([
      ['pace', 'VARCHAR'],
      ['fold', 'INTEGER'],
      ['predicted', 'VARCHAR'],
      ['p_slow_run', 'DOUBLE'],
      ['p_even', 'DOUBLE'],
      ['p_fast', 'DOUBLE'],
    ]);
    expect(await columns('band_model')).toEqual([
      ['band', 'BIGINT'],
      ['fold', 'INTEGER'],
      ['predicted', 'BIGINT'],
      ...['p_7', 'p_8', 'p_9'].map((column) => [column, 'DOUBLE']),
    ]);
    expect((await columns('front_model')).slice(0, 3)).toEqual([
      ['is_front', 'BOOLEAN'],
      ['fold', 'INTEGER'],
      ['predicted', 'BOOLEAN'],
    ]);
    const [sums] = await project.query(`select
  (select max(abs(p_slow_run + p_even + p_fast - 1)) < 1e-9 from pace_model),
  (select max(abs(p_7 + p_8 + p_9 - 1)) < 1e-9 from band_model)`);
    expect(sums).toEqual([true, true]);
  });

  it('have the metrics SQL makes of the table, beside the shares of the classes', async () => {
    const { decides, model, baselines } = await reportOf('pace_model');
    const [row = []] = await project.query(`with judged as (
  select *, case pace when 'fast' then p_fast when 'even' then p_even else p_slow_run end as own
  from pace_model where fold = 0
), shares as (
  select pace, count(*) / sum(count(*)) over () as share from events where race_date < date '2024-03-16' group by 1
)
select avg(-ln(own)), avg(cast(predicted = pace as integer)),
  avg((p_fast - cast(pace = 'fast' as integer)) ** 2 + (p_even - cast(pace = 'even' as integer)) ** 2
    + (p_slow_run - cast(pace = 'Slow run' as integer)) ** 2),
  (select avg(-ln(share)) from judged join shares using (pace)) from judged`);
    const [loss, accuracy, brier, prior] = row.map(Number);
    expect(decides).toBe('multi_log_loss');
    expect(model['multi_log_loss']?.value).toBeCloseTo(loss as number, 9);
    expect(model['accuracy']?.value).toBeCloseTo(accuracy as number, 9);
    expect(model['multi_brier']?.value).toBeCloseTo(brier as number, 9);
    expect(baselines['prior']?.['multi_log_loss']?.value).toBeCloseTo(prior as number, 9);
  });
});

describe('what an objective foretells', () => {
  it('a score node has the same columns, and folds say what they said in training', async () => {
    const [numbers] = await project.query(
      'select count(*), max(abs(s.prediction - t.prediction)) < 1e-12 from margin_scores s join margin_l2 t using (race_id, horse)',
    );
    expect(numbers).toEqual(['3000', true]);
    const [classes] = await project.query(
      'select count(*), max(abs(s.p_fast - t.p_fast)) < 1e-12, bool_and(s.predicted = t.predicted) from pace_scores s join pace_model t using (race_id, horse)',
    );
    expect(classes).toEqual(['3000', true, true]);
    // Days before the first fold: nobody may speak of them.
    const [silent] = await project.query(
      'select count(*), count(predicted), count(p_fast), count(reasons) from pace_scores where model_id is null',
    );
    expect(silent).toEqual(['1000', '0', '0', '0']);
    const [[reasons] = []] = await project.query(
      "select reasons from pace_scores where predicted = 'fast' order by p_fast desc limit 1",
    );
    const [strongest] = JSON.parse(String(reasons)) as { feature: string; effect: number }[];
    expect(strongest).toMatchObject({ feature: 'x' });
    expect(strongest?.effect).toBeGreaterThan(0);
  });

  it('cross_entropy_lambda gives chances, not its own parameter', async () => {
    const [row] = await project.query(
      // −ln(1−p), its own parameter, would be .18 on average.
      'select abs(avg(p) - 0.125) < 0.01, max(p) <= 1 from win_model where fold > 0',
    );
    expect(row).toEqual([true, true]);
  });

  it('velo models lists each by what it is judged by', async () => {
    const { stdout } = await project.velo(['models']);
    expect(stdout).toMatch(/falls_poisson +1 +champion +poisson_deviance +\d/);
    expect(stdout).toMatch(/pace_model +1 +champion +multi_log_loss +\d/);
  });

  it('a champion of another target is not compared with', async () => {
    project.write({ 'models/margin_l2.sql': train('falls', 'poisson') });
    const result = await project.velo(['build', '-s', 'margin_l2']);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    const versions = await project.query(
      "select version, stage from modeling.models where name = 'margin_l2' order by version",
    );
    expect(versions).toEqual([
      [1, 'champion'],
      [2, 'registered'],
    ]);
  });
});

const CASES: readonly [what: string, model: string, message: RegExp][] = [
  [
    'an unknown objective',
    train('margin', 'regresion'),
    /no objective 'regresion'.*did you mean 'regression'/s,
  ],
  [
    'calibration of a number',
    train('margin', 'l2', "calibration='platt'"),
    /calibration is for chances/,
  ],
  [
    'normalised numbers',
    train('margin', 'l2', "group_column='race_id', normalise_within='race_id'"),
    /normalise_within is for chances/,
  ],
  ['odds of a class', train('pace', 'multiclass', "price='x'"), /price is for chances/],
  ['an order without groups', train('falls', 'lambdarank'), /learns an order within groups/],
  [
    'an objective of another estimator',
    train('margin', 'regression', "estimator='logistic_regression'"),
    /logistic_regression has no objective 'regression'/,
  ],
  [
    'a quantile of 1',
    train('margin', 'quantile', "params={'alpha': 1.0}"),
    /alpha of a quantile is below 1/,
  ],
  [
    'a gate on a metric of chances',
    train('margin', 'l2', "gate={'log_loss': {'max': 1}}"),
    /unknown metric 'log_loss'/,
  ],
  [
    'a market of numbers',
    train('margin', 'l2', "gate={'rmse - market.rmse': {'max': 0}}"),
    /unknown model 'market'/,
  ],
  [
    'counts below 0',
    train('falls', 'poisson').replace('select *', 'select * replace (falls - 1 as falls)'),
    /the target must be 0 or more; 'falls' is -1 in a row of 2024-/,
  ],
  ['amounts of 0', train('falls', 'gamma'), /the target must be above 0/],
  ['shares of 0', train('falls', 'mape'), /the target must be other than 0/],
  [
    'text as a number',
    train('pace', 'regression'),
    /the target 'pace' is VARCHAR, and objective 'regression' learns numbers/,
  ],
  [
    'numbers as classes',
    train('margin', 'multiclass'),
    /the target 'margin' is .*, and objective 'multiclass' learns text, whole numbers or booleans/,
  ],
  [
    'too many classes',
    train('i', 'multiclass'),
    /'i' has 4000 values, and classes can be 100 at most/,
  ],
  [
    'classes of one column',
    train('pace', 'multiclass').replace(
      'select *',
      "select * replace (case when pace = 'fast' then 'EVEN' else pace end as pace)",
    ),
    /classes 'EVEN' and 'even' would both be column p_even/,
  ],
  [
    'one class',
    train('pace', 'multiclass').replace('select *', "select * replace ('fast' as pace)"),
    /the target is 'fast' in all rows/,
  ],
];

describe('what an objective cannot do', () => {
  it.each(CASES)('%s', async (_, model, message) => {
    const one = makeProject({
      'models/races.sql': TOY['models/races.sql'] as string,
      'models/events.sql': EVENTS,
      'models/broken.sql': model,
    });
    const result = await one.velo(['build']);
    expect(result.exitCode).toBeGreaterThan(0);
    expect(`${result.stdout}${result.stderr}`).toMatch(message);
    expect(one.exists('artifacts')).toBe(false);
  });

  it('prices of a number', async () => {
    project.write({ 'models/margin_scores.sql': score('margin_l1', "pricing={'odds': 'x'}") });
    const result = await project.velo(['build', '-s', 'margin_scores']);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain(
      "pricing needs a chance to win; 'margin_l1' was trained with objective 'l1'",
    );
  });
});
